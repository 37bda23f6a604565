#include "cli/judging.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/gate/arm.h"
#include "analysis/gate/capacity.h"
#include "base/mem.h"

#define AT(field) offsetof(struct judge_options, field)
/* clang-format off */
const struct opt judge_opts[] = {
    {.name = "fail", .type = OPT_LIST, .at = AT(fail), .arg = "THRESHOLD",
     .help = "Fail if this is true, such as 'p99>250ms', 'errors>1%' or 'rps<1000'; can be repeated."},
    {.name = "warn", .type = OPT_LIST, .at = AT(warn), .arg = "THRESHOLD",
     .help = "Warn if this is true, without changing the exit code; can be repeated."},
    {.name = "allow-errors", .type = OPT_FLAG, .at = AT(allow_errors),
     .help = "Also check latencies and rates of runs with over 1% errors and no threshold on them."},
    {.type = OPT_END},
};
/* clang-format on */

void judge_options_fini(struct judge_options *options)
{
    str_list_fini(&options->fail);
    str_list_fini(&options->warn);
}

static const char *option_of(enum gate_level level)
{
    return level == GATE_FAIL ? "fail" : "warn";
}

/* Whether this was said before: a threshold is checked once. */
static bool is_known(const struct judging *j, const struct gate_threshold *t)
{
    for (size_t i = 0; i < j->count; i++) {
        const struct gate_threshold *other = &j->thresholds[i];
        if (other->level == t->level && other->op == t->op && other->unit == t->unit &&
            other->value == t->value && strcmp(other->metric.name, t->metric.name) == 0)
            return true;
    }
    return false;
}

static int parse(struct judging *j, const struct str_list *texts, enum gate_level level,
                 struct err *err)
{
    for (size_t i = 0; i < texts->count; i++) {
        if (gate_parse(texts->items[i], level, &j->thresholds[j->count], err) < 0)
            return err_wrap(err, "--%s", option_of(level));
        j->count += is_known(j, &j->thresholds[j->count]) ? 0 : 1;
    }
    return 0;
}

int judging_init(struct judging *j, const struct judge_options *options, enum gate_partial partial,
                 struct err *err)
{
    *j = (struct judging){.policy = {.partial = partial, .allow_errors = options->allow_errors}};
    j->thresholds = mem_array(options->fail.count + options->warn.count, sizeof *j->thresholds);
    if (parse(j, &options->fail, GATE_FAIL, err) < 0 ||
        parse(j, &options->warn, GATE_WARN, err) < 0)
        return -1;
    j->policy.thresholds = j->thresholds;
    j->policy.count = j->count;
    return 0;
}

void judging_fini(struct judging *j)
{
    gate_sheet_fini(&j->sheet);
    str_list_fini(&j->names);
    free(j->thresholds);
    *j = (struct judging){0};
}

int judging_check_plan(const struct judging *j, const struct plan *plan, struct err *err)
{
    for (size_t i = 0; i < j->count; i++) {
        const struct gate_threshold *t = &j->thresholds[i];
        if (!metric_is_planned(&t->metric, plan))
            return err_set(err, ERR_USAGE,
                           "--%s '%.*s': this run cannot measure %s, which needs %s; add that, or "
                           "leave the threshold out",
                           option_of(t->level), (int)str_fit(t->text, 60), t->text, t->metric.name,
                           metric_needs(&t->metric));
    }
    return 0;
}

/* The sheet borrows it. */
static const char *keep_name(struct judging *j, const char *name)
{
    str_list_add(&j->names, name);
    return j->names.items[j->names.count - 1];
}

static void add(struct judging *j, const char *file, struct gate_outcome o)
{
    o.file = file;
    gate_sheet_add(&j->sheet, &o);
}

void judging_run(struct judging *j, const char *name, const struct result *r,
                 enum judging_warnings warnings)
{
    const char *file = keep_name(j, name);
    for (size_t i = 0; i < j->count; i++)
        add(j, file, gate_judge(&j->thresholds[i], r, &j->policy));
    for (size_t i = 0; i < r->nwarnings && warnings == JUDGING_WITH_WARNINGS; i++)
        gate_sheet_warn(&j->sheet, file, &r->warnings[i]);
}

static void warn_in_round(struct judging *j, const char *file, size_t round, const char *code,
                          const char *message, const char *remedy)
{
    char *text = mem_printf("round %zu: %s", round, message);
    char *own_code = mem_strdup(code);
    char *own_remedy = mem_strdup_or_null(remedy);
    gate_sheet_warn(&j->sheet, file,
                    &(struct warning){.code = own_code, .message = text, .remedy = own_remedy});
    free(text);
    free(own_code);
    free(own_remedy);
}

static void warn_of_round(struct judging *j, const char *file, size_t number,
                          const struct gate_round *round)
{
    const struct result *r = round->result;
    if (round->problem != NULL)
        warn_in_round(j, file, number, "no-result", round->problem, NULL);
    for (size_t i = 0; r != NULL && i < r->nwarnings; i++) {
        const struct warning *w = &r->warnings[i];
        warn_in_round(j, file, number, w->code, w->message, w->remedy);
    }
}

void judging_arm(struct judging *j, const char *path, const struct comparison *c,
                 const struct arm *arm)
{
    size_t planned = (size_t)c->rounds;
    struct gate_round *rounds = gate_rounds_of(arm, c->rounds, &j->policy);
    char *name = mem_printf("%s: %s", path, arm->name);
    const char *file = keep_name(j, name);
    for (size_t i = 0; i < j->count; i++)
        add(j, file, gate_judge_arm(&j->thresholds[i], rounds, planned, &j->policy));
    for (size_t i = 0; i < planned; i++)
        warn_of_round(j, file, i + 1, &rounds[i]);
    free(name);
    free(rounds);
}

int judging_check_capacity(const struct judging *j, struct err *err)
{
    for (size_t i = 0; i < j->count; i++) {
        const struct gate_threshold *t = &j->thresholds[i];
        if (strcmp(t->metric.name, METRIC_CAPACITY) != 0)
            return err_set(
                err, ERR_USAGE,
                "is a search for the capacity, which has no %s; give --%s 'capacity<800/s'",
                t->metric.name, option_of(t->level));
    }
    return 0;
}

void judging_capacity(struct judging *j, const char *path, const struct capacity *c, size_t arm)
{
    char *name = mem_printf("%s: %s", path, c->arms[arm].name);
    const char *file = keep_name(j, name);
    for (size_t i = 0; i < j->count; i++)
        add(j, file, gate_judge_capacity(&j->thresholds[i], c, arm, j->policy.partial));
    free(name);
}

/* A round without a result cannot be checked, but must not be skipped silently. */
static void judge_lacking(struct judging *j, const char *name, const struct gate_round *round)
{
    struct result none;
    result_init(&none);
    none.valid = round->lack != GATE_INVALID;
    none.interrupted = round->lack == GATE_INTERRUPTED;
    if (round->problem != NULL)
        result_warn(&none, "no-result", round->problem, NULL);
    judging_run(j, name, &none, JUDGING_WITH_WARNINGS);
    result_fini(&none);
}

void judging_each_round(struct judging *j, const char *path, const struct comparison *c,
                        const struct arm *arm)
{
    struct gate_round *rounds = gate_rounds_of(arm, c->rounds, &j->policy);
    for (size_t i = 0; i < (size_t)c->rounds; i++) {
        char *name = mem_printf("%s: %s, round %zu", path, arm->name, i + 1);
        if (rounds[i].result != NULL)
            judging_run(j, name, rounds[i].result, JUDGING_WITH_WARNINGS);
        else if (rounds[i].lack != GATE_NONE)
            judge_lacking(j, name, &rounds[i]);
        free(name);
    }
    free(rounds);
}
