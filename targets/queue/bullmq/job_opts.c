#include "targets/queue/bullmq/job_opts.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

#define ATTEMPTS_MAX INT32_MAX
/* The score of a delayed job is its time times 4096, a double: too small for centuries. */
#define PAUSE_MAX_MS (365.0 * 24 * 3600 * 1000)

static double number_or(const json_t *json, double without)
{
    double value = json_is_number(json) ? json_number_value(json) : without;
    return isfinite(value) ? value : without;
}

static char *rule(const json_t *json)
{
    char *text = json == NULL || json_is_null(json)
                     ? NULL
                     : json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
    return text == NULL ? mem_strdup("") : text;
}

static enum job_backoff kind(const char *type)
{
    if (type != NULL && strcmp(type, "fixed") == 0)
        return JOB_BACKOFF_FIXED;
    if (type != NULL && strcmp(type, "exponential") == 0)
        return JOB_BACKOFF_EXPONENTIAL;
    return JOB_BACKOFF_UNKNOWN;
}

static void parse_backoff(const json_t *json, struct job_opts *out)
{
    if (json_is_number(json)) {
        out->backoff = JOB_BACKOFF_FIXED;
        out->delay_ms = number_or(json, 0);
    } else if (json_is_object(json)) {
        out->backoff = kind(json_string_value(json_object_get(json, "type")));
        out->delay_ms = number_or(json_object_get(json, "delay"), 0);
        out->jitter = fmin(1, fmax(0, number_or(json_object_get(json, "jitter"), 0)));
    }
}

/* NULL, which has no members, when the text is not JSON. A number that is too large does not spoil
 * the rest. */
static json_t *parse(const char *text)
{
    json_t *json = text == NULL ? NULL : json_loads(text, 0, NULL);
    return json != NULL || text == NULL ? json : json_loads(text, JSON_DECODE_INT_AS_REAL, NULL);
}

void job_opts_parse(const char *text, struct job_opts *out)
{
    json_t *json = parse(text);
    double attempts = number_or(json_object_get(json, "attempts"), 1);
    *out = (struct job_opts){
        .attempts = (int64_t)fmin(ATTEMPTS_MAX, fmax(1, attempts)),
        .keep_completed = rule(json_object_get(json, "removeOnComplete")),
        .keep_failed = rule(json_object_get(json, "removeOnFail")),
    };
    parse_backoff(json_object_get(json, "backoff"), out);
    json_decref(json);
}

void job_opts_fini(struct job_opts *o)
{
    free(o->keep_completed);
    free(o->keep_failed);
    *o = (struct job_opts){0};
}

int64_t job_opts_pause_ms(const struct job_opts *o, int64_t made, struct rng *rng)
{
    double ms = o->delay_ms;
    if (made >= o->attempts || o->backoff == JOB_BACKOFF_UNKNOWN)
        return JOB_PAUSE_NEVER;
    if (o->backoff == JOB_BACKOFF_EXPONENTIAL)
        ms *= exp2((double)(made - 1));
    ms = fmin(PAUSE_MAX_MS, fmax(0, ms));
    return (int64_t)round(ms - ms * o->jitter * rng_unit(rng));
}

void job_opts_format(int64_t attempts, int64_t backoff_ns, char text[JOB_OPTS_MAX])
{
    if (attempts <= 1)
        (void)snprintf(text, JOB_OPTS_MAX, "{\"attempts\":1}");
    else
        (void)snprintf(text, JOB_OPTS_MAX,
                       "{\"attempts\":%lld,\"backoff\":{\"type\":\"exponential\",\"delay\":%lld}}",
                       (long long)attempts, (long long)(backoff_ns / NS_PER_MS));
}
