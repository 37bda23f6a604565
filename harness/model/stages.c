#include "model/stages.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/units.h"
#include "model/plan.h"

/* "10s:100" is a line from the rate before to 100/s, "5s:=200" all of it at 200/s. */
static int parse_stage(const char *text, struct plan_stage *stage, struct err *err)
{
    char time[32];
    const char *mark = strchr(text, ':');
    size_t len = mark == NULL ? 0 : (size_t)(mark - text);
    if (len == 0 || len >= sizeof time)
        return err_set(err, ERR_USAGE,
                       "'%.40s' is not a stage; try 10s:100 (a ramp to 100/s) or 10s:=100 (all of "
                       "it at 100/s)",
                       text);
    memcpy(time, text, len);
    time[len] = '\0';
    stage->is_step = mark[1] == '=';
    if (units_parse_time(time, &stage->length_ns, err) < 0 ||
        units_parse_rate(mark + 1 + stage->is_step, &stage->to_rps, err) < 0)
        return -1;
    if (stage->length_ns < NS_PER_MS || stage->length_ns > PLAN_LONGEST_NS)
        return err_set(err, ERR_USAGE, "'%.40s': a stage lasts from 1 ms to 365 days", text);
    if (stage->to_rps > PLAN_RATE_MAX_RPS)
        return err_set(err, ERR_USAGE, "'%.40s': a rate is at most 10M requests per second", text);
    return 0;
}

int stages_parse(const char *text, struct plan_stages *out, struct err *err)
{
    char *rest = NULL;
    int failed = 0;
    size_t len = strlen(text);
    if (len == 0 || text[0] == ',' || text[len - 1] == ',' || strstr(text, ",,") != NULL)
        return err_set(err, ERR_USAGE, "'%.40s' has an empty stage; try 10s:100,5s:=200", text);
    char *copy = mem_strdup(text);
    *out = (struct plan_stages){.text = text};
    for (char *one = strtok_r(copy, ",", &rest); one != NULL && failed == 0;
         one = strtok_r(NULL, ",", &rest)) {
        if (out->count == PLAN_STAGES_MAX) {
            failed = err_set(err, ERR_USAGE, "more than %d stages", PLAN_STAGES_MAX);
            break;
        }
        struct plan_stage *stage = &out->items[out->count++];
        failed = parse_stage(one, stage, err);
    }
    free(copy);
    return failed;
}
