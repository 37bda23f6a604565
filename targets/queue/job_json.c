#include "targets/queue/job_json.h"

#include <jansson.h>
#include <stdio.h>

#include "base/clock.h"

static json_t *time_or_null(int64_t wall_ms)
{
    return wall_ms == MISSING_TIME ? json_null() : json_integer(wall_ms);
}

static json_t *text_or_null(const char *text)
{
    json_t *json = text == NULL ? NULL : json_string(text);
    return json == NULL ? json_null() : json;
}

static json_t *parsed_or_null(const char *text)
{
    json_t *json = text == NULL ? NULL : json_loads(text, JSON_DECODE_ANY, NULL);
    return json == NULL ? json_null() : json;
}

char *job_to_json(const struct job_view *job)
{
    json_t *json = json_pack(
        "{s:o, s:s, s:o, s:I, s:I, s:o, s:o, s:o, s:o, s:o}", "id", text_or_null(job->id), "state",
        job_state_names[job->state], "data", parsed_or_null(job->data), "attempts",
        (json_int_t)job->attempts, "attempts_max", (json_int_t)job->attempts_max, "added_unix_ms",
        time_or_null(job->added_wall_ms), "started_unix_ms", time_or_null(job->started_wall_ms),
        "ended_unix_ms", time_or_null(job->ended_wall_ms), "result", parsed_or_null(job->result),
        "error", text_or_null(job->error));
    char *text = json_dumps(json, JSON_COMPACT);
    json_decref(json);
    return text;
}

size_t job_data_format(const struct work *work, char *text, size_t size)
{
    int len = work->kind == WORK_COUNT ? snprintf(text, size, "{\"n\":%lld}", (long long)work->n)
                                       : snprintf(text, size, "{\"sleep_ms\":%.15g}",
                                                  (double)work->n / (double)NS_PER_MS);
    return (size_t)len;
}

char *job_data_merge(const struct work *work, const char *body, size_t len)
{
    char own[JOB_DATA_MAX];
    json_t *whole = json_loadb(body, len, 0, NULL);
    json_t *wanted = json_loadb(own, job_data_format(work, own, sizeof own), 0, NULL);
    (void)json_object_del(whole, "n");
    (void)json_object_del(whole, "sleep_ms");
    (void)json_object_update(whole, wanted);
    char *text = json_dumps(whole, JSON_COMPACT);
    json_decref(wanted);
    json_decref(whole);
    return text;
}
