#include "cli/end_opts.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/units.h"

#define DAY_NS       (86400e9)
#define SECONDS_MOST 1000000 /* of one run's series, which is in memory */
#define SHARE_LEAST  0.1     /* percent */

/* "5", or "1%". */
static int parse_bailout(const char *text, void *field, struct err *err)
{
    struct plan_bailout *b = field;
    size_t len = strlen(text);
    *b = (struct plan_bailout){.text = text};
    if (len == 0 || text[len - 1] != '%') {
        if (units_parse_count(text, &b->faults, err) == 0 && b->faults > 0)
            return 0;
        return err_set(err, ERR_USAGE,
                       "'%.40s' is neither a number of faults nor a share; try 5, or 1%%", text);
    }
    char *number = mem_strndup(text, len - 1);
    int failed = units_parse_rate(number, &b->share, err);
    free(number);
    if (failed < 0 || b->share < SHARE_LEAST || b->share > 100)
        return err_set(err, ERR_USAGE,
                       "'%.40s' is not a share of the requests; give 0.1%% to 100%%", text);
    b->share /= 100;
    return 0;
}

static int parse_bailout_on(const char *text, void *field, struct err *err)
{
    static const char *const kinds[] = {"errors", "non-2xx", "mismatches", NULL};
    struct plan_bailout_on *on = field;
    char *copy = mem_strdup(text);
    char *rest = copy;
    int failed = text[0] == '\0' ? err_set(err, ERR_USAGE, "it is empty; try errors,non-2xx") : 0;
    *on = (struct plan_bailout_on){0};
    for (char *one = NULL; failed == 0 && (one = strsep(&rest, ",")) != NULL;) {
        const char *kind = opt_choose(one, kinds, "", err);
        failed = kind == NULL ? -1 : 0;
        on->errors |= kind == kinds[0];
        on->non_2xx |= kind == kinds[1];
        on->mismatches |= kind == kinds[2];
    }
    free(copy);
    return failed;
}

#define AT(field) offsetof(struct plan, field)
/* clang-format off */
const struct opt run_end_opts[] = {
    {.name = "bailout", .letter = 'B', .type = OPT_CUSTOM, .at = AT(bailout), .parse = parse_bailout,
     .arg = "N|N%", .help = "End the run at once at N faults, or when N % of the requests are faults (of 100 or more); exit code 1."},
    {.name = "bailout-on", .type = OPT_CUSTOM, .at = AT(bailout_on), .parse = parse_bailout_on, .aliases = "bailoutOn",
     .arg = "KINDS", .def = "errors,mismatches", .help = "What -B counts: errors, non-2xx, mismatches, with commas between them."},
    {.name = "wait-open", .type = OPT_TIME, .at = AT(wait_open_ns), .min = 1e6, .max = DAY_NS, .aliases = "waitOpen",
     .arg = "TIME", .help = "At the end, wait so long for the responses to open requests; they are counted apart."},
    {.name = "forever", .letter = 'f', .type = OPT_FLAG, .at = AT(forever),
     .help = "Start the next run when one is over, until Ctrl-C; then show all of them as one."},
    {.name = "exclude-error-stats", .letter = 'x', .type = OPT_FLAG, .at = AT(exclude_errors), .aliases = "excludeErrorStats",
     .help = "Leave non-2xx responses out of latency and bytes; they still count as requests per second."},
    {.name = "sample-int", .letter = 'L', .type = OPT_COUNT, .at = AT(sample_ms), .min = PLAN_SAMPLE_MIN_MS, .max = PLAN_SAMPLE_MAX_MS, .aliases = "sampleInt",
     .arg = "MS", .def = "1000", .help = "Milliseconds between two samples of the figures over time, which stay per second."},
    {.type = OPT_END},
};
/* clang-format on */

void end_opts_choose(struct plan *plan)
{
    if (plan->amount > 0)
        plan->connection_amount = 0;
    if (plan->amount > 0 || plan->connection_amount > 0)
        plan->overall_amount = 0;
}

static int check_samples(const struct plan *plan, struct err *err)
{
    int64_t sample_ns = plan->sample_ms * NS_PER_MS;
    if (sample_ns == 0 || sample_ns >= NS_PER_S || plan->duration_ns / sample_ns <= SECONDS_MOST)
        return 0;
    return err_set(
        err, ERR_USAGE,
        "-L/--sample-int %lld gives more than a million samples in the time of -d; raise "
        "it, or measure for less long",
        (long long)plan->sample_ms);
}

int end_opts_check(const struct plan *plan, const struct opt_given *given, struct err *err)
{
    if (plan->bailout.text == NULL && opt_given_text(given, "bailout-on") != NULL)
        return err_set(err, ERR_USAGE, "--bailout-on says what -B/--bailout counts; give -B too");
    const struct plan_bailout_on *on = &plan->bailout_on;
    if (on->mismatches && !on->errors && !on->non_2xx && plan->bailout.text != NULL &&
        !plan_expects(plan) && plan->requests.count == 0)
        return err_set(err, ERR_USAGE,
                       "--bailout-on mismatches: nothing is expected of a response; say what with "
                       "-E/--expect-body or --expect-status");
    return check_samples(plan, err);
}

void end_opts_say(const struct opt_given *given)
{
    static const struct {
        const char *name, *text;
    } limits[] = {{"amount", "-a/--amount"},
                  {"max-connection-requests", "-M/--max-connection-requests"},
                  {"max-overall-requests", "-O/--max-overall-requests"}};
    const char *first = NULL;
    for (size_t i = 0; i < LEN(limits); i++) {
        if (opt_given_text(given, limits[i].name) == NULL)
            continue;
        if (first != NULL)
            log_warn("%s has no effect beside %s", limits[i].text, first);
        else
            first = limits[i].text;
    }
    if (opt_given_text(given, "rate") != NULL && opt_given_text(given, "connection-rate") != NULL)
        log_warn("-R/--rate has no effect beside -r/--connection-rate");
}
