#include "cli/session_plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/secret.h"
#include "cli/arms.h"
#include "cli/sameness.h"
#include "cli/session_gates.h"
#include "runner/block.h"
#include "runner/record.h"
#include "stat/looks.h"

#define CONTROL_NAME "control"

/* --- what is asked for --- */

static int check_count(const struct check_live_options *options, struct err *err)
{
    size_t count = options->arms.count;
    if (count == 0)
        return err_set(err, ERR_USAGE,
                       "--continue needs the arms again, as the session was started: --arm "
                       "base=WHAT --arm head=WHAT");
    if (count == 1)
        return err_set(err, ERR_USAGE,
                       "--arm: '%.*s' is only one arm; give two, as in --arm base='./base {port}' "
                       "--arm head='./head {port}'; the first is the reference",
                       (int)str_fit(options->arms.items[0], 60), options->arms.items[0]);
    if (count > 2)
        return err_set(
            err, ERR_USAGE,
            "--arm: a check holds one arm against one reference, and these are %zu arms; "
            "bench compare --reference NAME holds several against one",
            count);
    return 0;
}

static int check_options(const struct check_live_options *options, const struct opt_given *given,
                         struct err *err)
{
    static const struct {
        const char *name, *why;
    } absent[] = {
        {"amount", "a block loads each arm for a time; use -d/--duration, or leave the choice to "
                   "the first block"},
        {"max-connection-requests", "a block loads each arm for a time, whatever it sends in it"},
        {"max-overall-requests", "a block loads each arm for a time, whatever it sends in it"},
        {"bailout",
         "a check fails by its errors without it; --allow-errors is what lets them pass"},
        {"bailout-on",
         "it is for -B/--bailout, which a check does not have: it fails by its errors"},
        {"wait-open", "the arms are loaded in turn, and each slice begins with a guard time, which "
                      "covers what is still open"},
        {"forever", "a check ends when its gates are decided; --budget and --max-blocks limit it"},
        {"sample-int", "a session has no figures over time; its samples are blocks"},
        {"stages", "the slices of a block are too short for stages; give one rate with -R"},
        {"recovery-goal", "a check has no stages, and so no spike to come back from"},
        {"drain", "a check does not wait for a queue's backlog"},
        {"probe", "a check sends no probes"},
        {"probe-rate", "a check sends no probes"},
    };
    for (size_t i = 0; i < LEN(absent); i++) {
        if (opt_given_text(given, absent[i].name) != NULL)
            return err_set(err, ERR_USAGE, "--%s: %s", absent[i].name, absent[i].why);
    }
    if (options->max_blocks < LOOKS_BLOCKS_LEAST)
        return err_set(err, ERR_USAGE,
                       "--max-blocks %lld: a verdict needs %d blocks or more, and is looked for "
                       "after 6, 10, 16 and 24",
                       (long long)options->max_blocks, LOOKS_BLOCKS_LEAST);
    return check_count(options, err);
}

/* The control is the reference once more. */
static void add_texts(const struct check_live_options *options, struct str_list *texts)
{
    for (size_t i = 0; i < options->arms.count; i++)
        str_list_add(texts, options->arms.items[i]);
    const char *mark = strchr(options->arms.items[0], '=');
    if (!options->control || mark == NULL)
        return;
    char *text = mem_printf(CONTROL_NAME "%s", mark);
    str_list_add(texts, text);
    free(text);
}

static int make_arms(const struct check_live_options *options, const struct opt_line *line,
                     struct session_plan *out, struct err *err)
{
    return arms_make(
        &(struct arms_request){
            .shared = &options->run, .line = line, .strategies = "none", .arms = &out->texts},
        &out->arms, err);
}

/* --- the session --- */

static const char *what_of(const char *text)
{
    const char *mark = strchr(text, '=');
    return mark == NULL ? text : mark + 1;
}

static void fill_arm(const struct arm_plan *arm, const char *what, struct session *s)
{
    struct result recorded;
    char *target = record_word(what);
    struct session_arm *to = session_add_arm(s, arm->name, target);
    free(target);
    result_init(&recorded);
    record_run(&arm->options, &arm->line, &recorded);
    to->is_url = arm->options.plan.url != NULL;
    to->config = recorded.config;
    to->nconfig = recorded.nconfig;
    recorded.config = NULL;
    recorded.nconfig = 0;
    if (s->narms == 1) {
        environment_fini(&s->environment);
        s->environment = recorded.environment;
        environment_init(&recorded.environment);
    }
    result_fini(&recorded);
}

static void fill(const struct check_live_options *options, const struct opt_line *line,
                 struct session_plan *plan)
{
    struct session *s = &plan->session;
    const struct opt_given *given = &line->given;
    s->title = mem_strdup_or_null(options->run.plan.title);
    s->tool_version = mem_strdup(BENCH_VERSION);
    s->nargv = (size_t)line->argc;
    s->argv = mem_array(s->nargv, sizeof *s->argv);
    for (size_t i = 0; i < s->nargv; i++)
        s->argv[i] = record_word(line->argv[i]);
    s->path = given->nwords > 0 ? mem_strdup(given->words[0]) : NULL;
    s->seed = (uint64_t)options->run.plan.seed;
    s->max_blocks = options->max_blocks;
    s->budget_s = (double)options->budget_ns / (double)NS_PER_S;
    s->has_control = options->control;
    s->all_gates = options->all_gates;
    if (options->whole_trials) {
        s->layout = SESSION_LAYOUT_TRIALS;
        s->apart = SESSION_APART_ASKED;
    }
    for (size_t i = 0; i < plan->arms.count; i++)
        fill_arm(&plan->arms.items[i], what_of(plan->texts.items[i]), s);
}

int session_plan_make(struct check_live_options *options, const struct check_live_gates *gates,
                      const struct opt_line *line, const uint64_t *seed, struct session_plan *out,
                      struct err *err)
{
    struct plan *plan = &options->run.plan;
    *out = (struct session_plan){0};
    session_init(&out->session);
    if (opt_given_text(&line->given, "duration") == NULL)
        plan->duration_ns = 0; /* the first block chooses it */
    if (plan_is_elsewhere(plan))
        options->whole_trials =
            true; /* a slice is too short to start programs on other hosts for */
    if (check_options(options, &line->given, err) < 0 || hosts_opts_check_compared(plan, err) < 0 ||
        run_plan_load(&options->run, &line->given, err) < 0)
        return -1;
    if (seed != NULL && opt_given_text(&line->given, "seed") == NULL)
        plan->seed = (int64_t)*seed;
    out->load_ns = plan->duration_ns;
    add_texts(options, &out->texts);
    if (make_arms(options, line, out, err) < 0)
        return -1;
    fill(options, line, out);
    return session_gates_add(options, gates, out, err);
}

void session_plan_fini(struct session_plan *plan)
{
    free(plan->dropped);
    session_fini(&plan->session);
    arms_fini(&plan->arms);
    str_list_fini(&plan->texts);
}

/* --- the same as before --- */

static int same_arm(const struct session_arm *stored, const struct session_arm *now,
                    struct err *err)
{
    return sameness_of_arm(
        &(struct sameness_arm){stored->name, stored->target, stored->config, stored->nconfig},
        &(struct sameness_arm){now->name, now->target, now->config, now->nconfig}, err);
}

static int same_gate(const struct session_gate *stored, const struct session_gate *now,
                     struct err *err)
{
    char *before = mem_printf("%s '%s'", session_gate_kind_names[stored->kind], stored->text);
    char *after = mem_printf("%s '%s'", session_gate_kind_names[now->kind], now->text);
    int failed = sameness_text("gate", before, after, err);
    free(before);
    free(after);
    return failed;
}

static const char *on_or_off(bool flag)
{
    return flag ? "on" : "off";
}

/* What is not in the options of an arm. Two arms that cannot live side by side turn a session to
 * whole trials, so only the other way round differs; a title need not be given again. */
static int same_options(const struct session *stored, const struct session *now, struct err *err)
{
    if (sameness_text("--all-gates", on_or_off(stored->all_gates), on_or_off(now->all_gates), err) <
            0 ||
        sameness_text("--allow-errors", on_or_off(stored->allow_errors),
                      on_or_off(now->allow_errors), err) < 0)
        return -1;
    if (now->title != NULL && sameness_text("title", stored->title, now->title, err) < 0)
        return -1;
    if (now->layout == SESSION_LAYOUT_TRIALS && stored->nblocks > 0)
        return sameness_text("layout", session_layout_names[stored->layout],
                             session_layout_names[now->layout], err);
    return 0;
}

/* What a block adds must be as long as those before, so these must be what bench had chosen. */
static int same_lengths(const struct session_plan *plan, const struct session *stored,
                        struct err *err)
{
    int64_t timeout_ns = 0;
    for (size_t i = 0; i < plan->arms.count; i++) {
        int64_t of_arm_ns = plan->arms.items[i].options.plan.timeout_ns;
        timeout_ns = of_arm_ns > timeout_ns ? of_arm_ns : timeout_ns;
    }
    if (block_may_have(stored->layout, plan->load_ns, timeout_ns,
                       &(struct block_lengths){stored->slices, stored->slice_ns, stored->guard_ns}))
        return 0;
    return err_set(err, ERR_INCOMPARABLE,
                   "the session cannot be continued: it has %lld slices, its slice_ns is %lld and "
                   "its guard_ns %lld, and with these options bench chooses no such lengths",
                   (long long)stored->slices, (long long)stored->slice_ns,
                   (long long)stored->guard_ns);
}

/* A block is later than those before it. */
static int is_past(const struct session *stored, struct err *err)
{
    char wall[32];
    int64_t last_ms =
        stored->nblocks == 0 ? 0 : stored->blocks[stored->nblocks - 1].started_wall_ms;
    if (last_ms < clock_wall_ms())
        return 0;
    clock_format_wall(last_ms, wall, sizeof wall);
    return err_set(err, ERR_INCOMPARABLE,
                   "the session cannot be continued: its last block started at %s, which is yet to "
                   "come; check the clock",
                   wall);
}

static int same_in_all(const struct session *stored, const struct session *now, struct err *err)
{
    if (sameness_text("version of bench", stored->tool_version, now->tool_version, err) < 0 ||
        sameness_machine(&stored->environment, &now->environment, err) < 0 ||
        sameness_count("number of arms", (int64_t)stored->narms, (int64_t)now->narms, err) < 0 ||
        sameness_text("path", stored->path, now->path, err) < 0 ||
        sameness_count("seed", (int64_t)stored->seed, (int64_t)now->seed, err) < 0 ||
        sameness_count("number of gates", (int64_t)stored->ngates, (int64_t)now->ngates, err) < 0 ||
        same_options(stored, now, err) < 0)
        return -1;
    for (size_t i = 0; i < now->narms; i++) {
        if (same_arm(&stored->arms[i], &now->arms[i], err) < 0)
            return -1;
    }
    for (size_t i = 0; i < now->ngates; i++) {
        if (same_gate(&stored->gates[i], &now->gates[i], err) < 0)
            return -1;
    }
    return 0;
}

int session_plan_same(const struct session_plan *plan, const struct session *stored,
                      struct err *err)
{
    if (same_in_all(stored, &plan->session, err) < 0)
        return err_wrap(err, "the session cannot be continued");
    return same_lengths(plan, stored, err) < 0 ? -1 : is_past(stored, err);
}
