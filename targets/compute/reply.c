#include "targets/compute/reply.h"

#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

int compute_reply_check(const char *body, size_t len, const struct work *asked, struct err *err)
{
    json_t *root = json_loadb(body, len, 0, NULL);
    const json_t *count = json_object_get(root, "count"); /* NULL when root is not an object */
    const json_t *slept = json_object_get(root, "slept_ms");
    double asked_ms = (double)asked->n / (double)NS_PER_MS;
    bool right =
        asked->kind == WORK_COUNT
            ? json_is_integer(count) && json_integer_value(count) == asked->n
            : json_is_number(slept) && fabs(json_number_value(slept) - asked_ms) <= 1e-9 * asked_ms;
    json_decref(root);
    if (!right)
        return err_set(err, ERR_INVALID, "the compute service did not do the work: %.*s",
                       (int)(len < 80 ? len : 80), body);
    return 0;
}

/* The duration of one metric in ms; NAN when it is not there. */
static double find_ms(const char *timing, const char *name)
{
    size_t len = strlen(name);
    for (const char *p = timing; *p != '\0'; p += strcspn(p, ","), p += *p == ',' ? 1 : 0) {
        p += strspn(p, " \t");
        if (strncmp(p, name, len) != 0 || strchr(";, \t", p[len]) == NULL)
            continue;
        size_t rest = strcspn(p, ",");
        const char *dur = strstr(p, "dur=");
        if (dur != NULL && (size_t)(dur - p) < rest)
            return strtod(dur + strlen("dur="), NULL);
    }
    return NAN;
}

struct compute_reply compute_reply_times(const char *timing, int64_t took_ns)
{
    double wait_ms = timing == NULL ? NAN : find_ms(timing, "wait");
    double work_ms = timing == NULL ? NAN : find_ms(timing, "work");
    double took_ms = (double)took_ns / (double)NS_PER_MS;
    bool believed = wait_ms >= 0 && work_ms >= 0 && wait_ms + work_ms <= took_ms;
    if (!believed)
        return (struct compute_reply){.work_ns = took_ns};
    return (struct compute_reply){llrint(wait_ms * (double)NS_PER_MS),
                                  llrint(work_ms * (double)NS_PER_MS)};
}
