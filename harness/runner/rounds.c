#include "runner/rounds.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/warnings.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "proc/self.h"
#include "runner/record.h"
#include "runner/trial.h"
#include "store/result_file.h"

/* glibc's own first value; set by us it stays. So a histogram is a mapping of its own, whose pages
 * cost nothing until they are touched. */
#define MAPPED_FROM_BYTES (128 << 10)

struct state {
    const struct rounds *rounds;
    double load_average_1m; /* before the first trial: later it is our own doing */
    int64_t spent_ns;       /* by the trials that are over */
    size_t nspent;
    bool warned;     /* that results are not stored */
    char **given_up; /* an arm: why its command is no program; NULL: it is tried */
};

/* How long trial `at` and those after it take, by the trials that are over; before the first one
 * is, by the plan, which leaves out starting and stopping. MISSING when it is not known, or for
 * more than 292 years. */
static int64_t time_left_ns(const struct state *s, const struct plan *plan, size_t at)
{
    int64_t trials = 0;
    for (size_t i = at; i < s->rounds->norder; i++)
        trials += s->given_up[s->rounds->order[i].arm] == NULL;
    int64_t each_ns = plan->warmup_ns + plan->duration_ns;
    if (s->nspent > 0)
        each_ns = s->spent_ns / (int64_t)s->nspent;
    else if (plan->duration_ns == 0)
        return MISSING;
    return trials > 0 && each_ns > INT64_MAX / trials ? MISSING : each_ns * trials;
}

static void store(struct state *s, const struct arm_plan *arm, const struct result *r)
{
    struct err err;
    char *path = NULL;
    if (!arm->options.plan.save)
        return;
    if (result_save(r, arm->name, s->rounds->out, &path, &err) == 0)
        log_info("%s: saved to %s", arm->name, path);
    else if (!s->warned)
        log_warn("the run of %s is not saved by itself: %s; the comparison will hold it", arm->name,
                 err.text);
    s->warned = s->warned || path == NULL;
    free(path);
}

/* In place of a histogram that was written to and read everywhere, one that holds its counts only:
 * what the trials before have left must not be in the next one's peak. */
static void settle(struct hist **hist)
{
    if (*hist == NULL)
        return;
    struct hist *copy = hist_copy(*hist);
    hist_free(*hist);
    *hist = copy;
}

/* A result exists: judge it, store it, and give it to the comparison. */
static void keep(struct state *s, const struct turn *turn, struct result *r)
{
    struct comparison *c = s->rounds->comparison;
    char text[120];
    if (accounting_adds_up(&r->accounting)) {
        warnings_add(r);
        store(s, &s->rounds->arms->items[turn->arm], r);
#define X(name) settle(&r->name);
        RESULT_HISTS(X)
#undef X
        comparison_add_result(c, turn->arm, turn->round, r);
        return;
    }
    (void)snprintf(text, sizeof text,
                   "bug: the requests do not add up (%lld sent); please report this run",
                   (long long)r->accounting.sent);
    comparison_add_problem(c, turn->arm, turn->round, text);
}

static void record(struct state *s, size_t at, const struct arm_plan *arm, struct result *r)
{
    record_run(&arm->options, &arm->line, r);
    if (at == 0)
        s->load_average_1m = r->environment.load_average_1m;
    if (arm->options.plan.url != NULL) /* all that it is judged by */
        r->environment.load_average_1m = s->load_average_1m;
}

/* Said now, not after the long run of the others. What the shell cannot run will not run in a later
 * round either. */
static void fail(struct state *s, const struct turn *turn, const struct err *err)
{
    const struct arm_plan *arm = &s->rounds->arms->items[turn->arm];
    bool no_program = arm->options.plan.command != NULL && err->kind == ERR_USAGE;
    log_warn("%s: %s%s", arm->name, err->text,
             no_program && turn->round < s->rounds->comparison->rounds
                 ? "\nit is not tried again in the rounds to come"
                 : "");
    if (no_program)
        s->given_up[turn->arm] = mem_strdup(err->text);
    comparison_add_problem(s->rounds->comparison, turn->arm, turn->round, err->text);
}

/* One trial. Returns the signal that ended it early, or 0. */
static int run_turn(struct state *s, size_t at)
{
    const struct rounds *rounds = s->rounds;
    const struct turn *turn = &rounds->order[at];
    const struct arm_plan *arm = &rounds->arms->items[turn->arm];
    const struct plan *plan = &arm->options.plan;
    struct comparison *c = rounds->comparison;
    const struct rounds_view *view = rounds->view;
    const struct trial_place place = {.arm = arm->name,
                                      .number = at + 1,
                                      .count = rounds->norder,
                                      .round = turn->round,
                                      .rounds = c->rounds,
                                      .left_ns = time_left_ns(s, plan, at)};
    struct result r;
    struct err err = {0};
    int signal = 0;
    result_init(&r);
    record(s, at, arm, &r);
    proc_self_rss_peak_reset();
    view->on_start(view->of_trial.ctx, plan, &place);
    int failed = trial_run(plan, &view->of_trial, &r, &signal, &err);
    view->on_end(view->of_trial.ctx);
    c->interrupted = failed == 0 && r.interrupted;
    if (failed < 0 && signal == 0 && err.kind == ERR_INTERRUPTED)
        signal = signals_take(rounds->signals); /* it waited, and ended a connect */
    if (failed == 0)
        keep(s, turn, &r);
    else if (signal == 0)
        fail(s, turn, &err);
    if (failed == 0 || signal == 0)
        c->turns[c->nturns++] = *turn;
    result_fini(&r);
    return signal;
}

/* A trial that is not made: its problem is known. */
static void skip_turn(const struct state *s, size_t at)
{
    const struct turn *turn = &s->rounds->order[at];
    struct comparison *c = s->rounds->comparison;
    comparison_add_problem(c, turn->arm, turn->round, s->given_up[turn->arm]);
    c->turns[c->nturns++] = *turn;
}

static int take_turn(struct state *s, size_t at)
{
    if (s->given_up[s->rounds->order[at].arm] != NULL) {
        skip_turn(s, at);
        return 0;
    }
    int64_t start_ns = clock_now_ns();
    int signal = run_turn(s, at);
    s->spent_ns += clock_now_ns() - start_ns;
    s->nspent++;
    return signal;
}

int rounds_run(const struct rounds *rounds)
{
    struct state s = {.rounds = rounds,
                      .given_up = mem_zalloc(rounds->arms->count * sizeof(char *))};
    struct comparison *c = rounds->comparison;
    int signal = 0;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): no thread yet */
    (void)mallopt(M_MMAP_THRESHOLD, MAPPED_FROM_BYTES);
    for (size_t i = 0; i < rounds->norder && signal == 0; i++) {
        signal = take_turn(&s, i);
        if (signal == 0)
            signal = signals_take(rounds->signals);
    }
    for (size_t i = 0; i < rounds->arms->count; i++)
        free(s.given_up[i]);
    free(s.given_up);
    c->interrupted = c->interrupted || c->nturns < rounds->norder;
    return signal;
}
