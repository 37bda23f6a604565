#include "runner/rounds.h"

#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/recovery/recovery.h"
#include "analysis/warnings.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "runner/trial.h"
#include "store/result_file.h"

/* This is glibc's default; setting it keeps glibc from raising it. So each histogram stays a
 * mapping of its own, whose pages cost nothing until they are touched. */
#define MAPPED_FROM_BYTES (128 << 10)

struct state {
    const struct rounds *rounds;
    double load_average_1m; /* before the first trial */
    int64_t spent_ns;       /* on the finished trials */
    size_t nspent;
    bool warned;     /* that results cannot be saved */
    char **given_up; /* per arm: why its command cannot run; NULL: it is tried */
};

/* Estimates how long trial `at` and the following ones take, from the finished ones; for the first
 * one from the plan, which does not include start and stop. MISSING when it is not known, or for
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

static const char *name_of(const struct state *s, const struct trial_ref *trial)
{
    return s->rounds->comparison->arms[trial->arm].name;
}

static void store(struct state *s, const struct trial_ref *trial, const struct result *r)
{
    struct err err;
    char *path = NULL;
    const char *name = name_of(s, trial);
    if (!s->rounds->arms[trial->arm]->options.plan.save)
        return;
    if (result_save(r, name, s->rounds->out, &path, &err) == 0)
        log_info("%s: saved to %s", name, path);
    else if (!s->warned)
        log_warn("the run of %s was not saved separately: %s; the comparison will include it", name,
                 err.text);
    s->warned = s->warned || path == NULL;
    free(path);
}

/* Replaces a histogram by a compact copy that only touches pages with counts: memory of earlier
 * trials must not show up in the peak of the next one. */
static void settle(struct hist **hist)
{
    if (*hist == NULL)
        return;
    struct hist *copy = hist_copy(*hist);
    hist_free(*hist);
    *hist = copy;
}

/* Saves the result and moves it into the comparison. */
static void keep(struct state *s, const struct trial_ref *trial, struct result *r)
{
    struct comparison *c = s->rounds->comparison;
    char text[120];
    if (r->machine.is_disturbed)
        warnings_add_disturbed(r);
    if (accounting_adds_up(&r->accounting)) {
        store(s, trial, r);
#define X(name) settle(&r->name);
        RESULT_HISTS(X)
#undef X
        comparison_add_result(c, trial->arm, trial->round, r);
        return;
    }
    (void)snprintf(text, sizeof text,
                   "bug: the requests do not add up (%lld sent); please report this run",
                   (long long)r->accounting.sent);
    comparison_add_problem(c, trial->arm, trial->round, text);
}

/* True if the arm had this problem in an earlier round. */
static bool is_known(const struct arm *arm, const char *problem)
{
    for (size_t i = 0; i < arm->nproblems; i++) {
        if (strcmp(arm->problems[i].text, problem) == 0)
            return true;
    }
    return false;
}

/* Reported now, not after the long run of the others, and once for all rounds. A command that the
 * shell cannot run is not tried again. */
static void fail(struct state *s, const struct trial_ref *trial, const struct err *err)
{
    const struct arm_plan *arm = s->rounds->arms[trial->arm];
    bool no_program = arm->options.plan.command != NULL && err->kind == ERR_USAGE;
    if (!is_known(&s->rounds->comparison->arms[trial->arm], err->text))
        log_warn("%s: %s%s", name_of(s, trial), err->text,
                 no_program && trial->round < s->rounds->comparison->rounds
                     ? "\nit is not tried again in later rounds"
                     : "");
    if (no_program)
        s->given_up[trial->arm] = mem_strdup(err->text);
    comparison_add_problem(s->rounds->comparison, trial->arm, trial->round, err->text);
}

/* Runs the arm once. Returns 0 with a result that has its warnings, or -1 with the reason. */
static int run_once(struct state *s, size_t at, struct result *r, int *out_signal, struct err *err)
{
    const struct rounds *rounds = s->rounds;
    const struct trial_ref *trial = &rounds->order[at];
    const struct arm_plan *arm = rounds->arms[trial->arm];
    const struct trial_place place = {.arm = name_of(s, trial),
                                      .number = at + 1,
                                      .count = rounds->norder,
                                      .round = trial->round,
                                      .rounds = rounds->comparison->rounds,
                                      .left_ns = time_left_ns(s, &arm->options.plan, at)};
    int64_t start_ns = clock_now_ns();
    int failed = arm_trial_run(&(struct arm_trial){arm, &place, rounds->view, &s->load_average_1m},
                               r, out_signal, err);
    if (failed == 0)
        recovery_add(r, NULL);
    s->spent_ns += clock_now_ns() - start_ns;
    s->nspent++;
    return failed;
}

/* Measures a disturbed round again; the second result takes the first's place, unless there is none
 * or the user ended it. */
static void repeat(struct state *s, size_t at, struct result *r, int *out_signal)
{
    struct result again;
    struct err err = {0};
    log_debug("%s: other programs took over 10 %% of the cores, so the round is measured again",
              name_of(s, &s->rounds->order[at]));
    int failed = run_once(s, at, &again, out_signal, &err);
    if (failed == 0 && !again.interrupted) {
        result_fini(r);
        *r = again;
        r->machine.was_repeated = true;
        return;
    }
    result_fini(&again);
}

/* One trial. Returns the signal that ended it early, or 0. */
static int run_trial(struct state *s, size_t at)
{
    const struct rounds *rounds = s->rounds;
    const struct trial_ref *trial = &rounds->order[at];
    struct comparison *c = rounds->comparison;
    struct result r;
    struct err err = {0};
    int signal = 0;
    int failed = run_once(s, at, &r, &signal, &err);
    c->interrupted = failed == 0 && signal != 0 && r.interrupted; /* not by -B */
    if (failed < 0 && signal == 0 && err.kind == ERR_INTERRUPTED)
        signal = signals_take(rounds->signals); /* it was pending, and ended a connect */
    if (failed == 0 && signal == 0 && r.machine.is_disturbed && rounds->repeats_disturbed)
        repeat(s, at, &r, &signal);
    if (failed == 0)
        keep(s, trial, &r);
    else if (signal == 0)
        fail(s, trial, &err);
    if (failed == 0 || signal == 0)
        c->trials[c->ntrials++] = *trial;
    result_fini(&r);
    return signal;
}

/* Skips a trial of an arm that was given up. */
static void skip_trial(const struct state *s, size_t at)
{
    const struct trial_ref *trial = &s->rounds->order[at];
    struct comparison *c = s->rounds->comparison;
    comparison_add_problem(c, trial->arm, trial->round, s->given_up[trial->arm]);
    c->trials[c->ntrials++] = *trial;
}

static int take_trial(struct state *s, size_t at)
{
    if (s->given_up[s->rounds->order[at].arm] != NULL) {
        skip_trial(s, at);
        return 0;
    }
    return run_trial(s, at);
}

int rounds_run(const struct rounds *rounds)
{
    struct state s = {.rounds = rounds,
                      .load_average_1m = NAN,
                      .given_up = mem_zalloc(rounds->comparison->narms * sizeof(char *))};
    struct comparison *c = rounds->comparison;
    int signal = 0;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): no thread yet */
    (void)mallopt(M_MMAP_THRESHOLD, MAPPED_FROM_BYTES);
    for (size_t i = 0; i < rounds->norder && signal == 0; i++) {
        signal = take_trial(&s, i);
        if (signal == 0 && rounds->on_trial != NULL)
            rounds->on_trial(rounds->ctx);
        if (signal == 0)
            signal = signals_take(rounds->signals);
    }
    for (size_t i = 0; i < rounds->comparison->narms; i++)
        free(s.given_up[i]);
    free(s.given_up);
    c->interrupted = c->interrupted || c->ntrials < rounds->norder;
    return signal;
}
