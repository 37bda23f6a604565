#include "cli/sweeping_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/recovery/recovery.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/units.h"
#include "cli/compared.h"
#include "cli/output.h"
#include "runner/record.h"
#include "runner/trial.h"
#include "store/file.h"
#include "store/sweep_file.h"

#define POINTS_OF_ONE 8 /* values on a range */
#define POINTS_OF_TWO 5 /* on each of two */

#define TRIAL_NS       (2 * NS_PER_S) /* without -d */
#define TRIAL_LEAST_NS (NS_PER_S / 2) /* below it a trial says too little */
#define TRIAL_MOST_NS  (10 * NS_PER_S)
#define AROUND_NS      (700 * NS_PER_MS) /* to start and to stop a server, about */

/* --- axes --- */

static int parse_over(struct sweeping *w, size_t i, const struct opt_given *given, struct err *err)
{
    struct run_options any = {0};
    struct opt_group groups[OPT_GROUPS_MAX + 1] = {0};
    (void)run_groups(&any, groups);
    if (over_parse(w->options->over.items[i], groups, &w->overs[i], err) < 0)
        return err_wrap(err, "--over");
    const char *option = w->overs[i].axis.option;
    if (opt_given_text(given, option) != NULL)
        return err_set(err, ERR_USAGE, "--%s beside --over %s: leave one of them out", option,
                       option);
    if (i > 0 && strcmp(option, w->overs[0].axis.option) == 0)
        return err_set(err, ERR_USAGE, "--over: %s is there twice; give all its values at once",
                       option);
    return 0;
}

static int parse_overs(struct sweeping *w, const struct opt_given *given, struct err *err)
{
    size_t count = w->options->over.count;
    if (count == 0)
        return err_set(err, ERR_USAGE,
                       "nothing to sweep: give --over NAME=VALUES, as in --over "
                       "connections=1..512");
    if (count > SWEEP_AXES_MAX)
        return err_set(err, ERR_USAGE, "--over: a sweep is over two options at the most, not %zu",
                       count);
    for (size_t i = 0; i < count; i++) {
        if (parse_over(w, i, given, err) < 0)
            return -1;
    }
    return 0;
}

/* How many values an axis has at the end, if there is time. */
size_t sweeping_values(const struct sweeping *w, size_t axis)
{
    if (!w->overs[axis].axis.is_placed)
        return w->overs[axis].texts.count;
    if (w->options->points > 0)
        return (size_t)w->options->points;
    return w->options->over.count == 1 ? POINTS_OF_ONE : POINTS_OF_TWO;
}

/* --- points --- */

static int check_names(const struct sweeping *w, const struct arms *arms, struct err *err)
{
    bool is_same = arms->count == w->sweep.narms;
    for (size_t i = 0; is_same && i < arms->count; i++)
        is_same = strcmp(arms->items[i].name, w->sweep.arms[i]) == 0;
    return is_same ? 0 : err_set(err, ERR_USAGE, "the arms of this sweep are others");
}

/* The arms of a point, which the sweep may have already. */
static int add_place(struct sweeping *w, const char *const *texts, struct err *err)
{
    const char *options[SWEEP_AXES_MAX];
    for (size_t i = 0; i < w->sweep.naxes; i++)
        options[i] = w->sweep.axes[i].option;
    struct sweep_place *place = sweep_place_new(&w->common, options, texts, w->sweep.naxes, err);
    if (place == NULL)
        return -1;
    const struct arms *arms = sweep_place_arms(place);
    w->places = mem_one_more(w->places, w->nplaces, sizeof(struct sweep_place *));
    w->places[w->nplaces++] = place;
    bool is_first = w->sweep.narms == 0;
    for (size_t i = 0; is_first && i < arms->count; i++)
        sweep_add_arm(&w->sweep, arms->items[i].name);
    return check_names(w, arms, err);
}

static int add_point(struct sweeping *w, const char *const *texts, const double *values,
                     struct err *err)
{
    if (add_place(w, texts, err) < 0)
        return -1;
    if (w->sweep.comparison.narms + w->sweep.narms > SWEEP_CELLS_MAX)
        return err_set(err, ERR_USAGE,
                       "--over: more than %d arms at points; give fewer values or arms",
                       SWEEP_CELLS_MAX);
    sweep_add_point(&w->sweep, texts, values);
    return 0;
}

static int begin_points(struct sweeping *w, struct err *err)
{
    const struct over *first = &w->overs[0];
    const struct over *second = &w->overs[1];
    size_t across = w->sweep.naxes > 1 ? second->texts.count : 1;
    for (size_t i = 0; i < first->texts.count; i++) {
        for (size_t k = 0; k < across; k++) {
            bool is_two = w->sweep.naxes > 1;
            const char *texts[] = {first->texts.items[i], is_two ? second->texts.items[k] : NULL};
            const double values[] = {first->values[i], is_two ? second->values[k] : 0};
            if (add_point(w, texts, values, err) < 0)
                return -1;
        }
    }
    return 0;
}

/* A value on one axis, with all those of the other. */
int sweeping_add_line(struct sweeping *w, const struct stage_value *next, struct err *err)
{
    size_t other = 1 - next->axis;
    double *across = NULL;
    size_t count = 1;
    int failed = 0;
    char *text = over_text(&w->overs[next->axis], next->value);
    if (w->sweep.naxes > 1)
        count = sweep_values(&w->sweep, other, &across);
    for (size_t k = 0; failed == 0 && k < count; k++) {
        const char *texts[SWEEP_AXES_MAX] = {NULL};
        double values[SWEEP_AXES_MAX] = {0};
        texts[next->axis] = text;
        values[next->axis] = next->value;
        if (w->sweep.naxes > 1) {
            texts[other] = sweep_text(&w->sweep, other, across[k]);
            values[other] = across[k];
        }
        char *copy = mem_strdup_or_null(texts[other]); /* points move when one is added */
        texts[other] = copy;
        failed = add_point(w, texts, values, err);
        free(copy);
    }
    free(text);
    free(across);
    return failed;
}

/* --- the plan --- */

static size_t trials_wanted(const struct sweeping *w)
{
    size_t points = 1;
    for (size_t i = 0; i < w->sweep.naxes; i++)
        points *= sweeping_values(w, i);
    return points * w->sweep.narms * (size_t)w->options->rounds;
}

static int check_size(const struct sweeping *w, struct err *err)
{
    size_t trials = trials_wanted(w);
    if (trials <= COMPARISON_TRIALS_MAX && trials / (size_t)w->options->rounds <= SWEEP_CELLS_MAX)
        return 0;
    return err_set(err, ERR_USAGE,
                   "%zu arms at these points in %lld rounds are %zu trials; a sweep holds at most "
                   "%d, and %d arms at points: use fewer values, arms or rounds",
                   w->sweep.narms, (long long)w->options->rounds, trials, COMPARISON_TRIALS_MAX,
                   SWEEP_CELLS_MAX);
}

/* What is left of the budget for a trial, when all of them have the same. */
static int64_t share_of_budget(const struct sweeping *w)
{
    int64_t each_ns = w->options->budget_ns / (int64_t)trials_wanted(w) - AROUND_NS;
    return each_ns > TRIAL_MOST_NS ? TRIAL_MOST_NS : each_ns;
}

/* Of the trials of a sweep that goes on: more rounds and another budget do not change it. 0: it has
 * none. */
static int64_t stored_duration_ns(const struct comparison *c)
{
    for (size_t i = 0; i < c->narms; i++) {
        if (c->arms[i].nresults == 0)
            continue;
        const struct result *r = &c->arms[i].results[0];
        const struct setting *s = settings_find(r->config, r->nconfig, "duration");
        double ns = s == NULL ? NAN : s->number * (double)NS_PER_S;
        return ns >= 1 && ns <= (double)PLAN_LONGEST_NS ? llround(ns) : 0;
    }
    return 0;
}

static int choose_duration(struct sweeping *w, const struct opt_given *given, struct err *err)
{
    const struct plan *plan = &w->options->run.plan;
    if (opt_given_text(given, "duration") != NULL || plan->amount > 0 || plan->stages.count > 0)
        return 0;
    w->common.duration_ns = stored_duration_ns(&w->sweep.comparison);
    if (w->common.duration_ns > 0)
        return 0;
    w->common.duration_ns = TRIAL_NS;
    if (w->options->budget_ns == 0)
        return 0;
    w->common.duration_ns = share_of_budget(w);
    if (w->common.duration_ns >= TRIAL_LEAST_NS)
        return 0;
    char needed[32];
    return err_set(
        err, ERR_USAGE,
        "--budget: %zu trials of half a second take %s; raise it, or use fewer points, "
        "arms or rounds",
        trials_wanted(w),
        units_format_long((double)(TRIAL_LEAST_NS + AROUND_NS) * (double)trials_wanted(w), needed,
                          sizeof needed));
}

/* The places that were made to know the arms had no duration yet. */
void sweeping_set_duration(struct sweeping *w)
{
    for (size_t i = 0; i < w->nplaces && w->common.duration_ns > 0; i++) {
        const struct arms *arms = sweep_place_arms(w->places[i]);
        for (size_t k = 0; k < arms->count; k++)
            arms->items[k].options.plan.duration_ns = w->common.duration_ns;
    }
}

static void take_axes(struct sweeping *w)
{
    w->sweep.naxes = w->options->over.count;
    for (size_t i = 0; i < w->sweep.naxes; i++) {
        const struct sweep_axis *from = &w->overs[i].axis;
        w->sweep.axes[i] = *from;
        w->sweep.axes[i].option = mem_strdup(from->option);
        w->sweep.axes[i].range = mem_strdup(from->range);
    }
}

static void fill_comparison(struct sweeping *w, const struct opt_line *line)
{
    struct comparison *c = &w->sweep.comparison;
    c->title = mem_strdup_or_null(w->options->run.plan.title);
    c->tool_version = mem_strdup(BENCH_VERSION);
    c->nargv = (size_t)line->argc;
    c->argv = mem_array(c->nargv, sizeof *c->argv);
    for (size_t i = 0; i < c->nargv; i++)
        c->argv[i] = record_word(line->argv[i]);
    c->seed = (uint64_t)w->common.seed;
    c->rounds = w->options->rounds;
    if (w->options->budget_ns > 0)
        w->sweep.budget_s = (double)w->options->budget_ns / (double)NS_PER_S;
}

static int begin(struct sweeping *w, const struct opt_line *line, struct err *err)
{
    take_axes(w);
    for (size_t i = 0; i < w->sweep.naxes; i++) {
        if (w->overs[i].axis.is_placed)
            over_begin(&w->overs[i], sweeping_values(w, i));
    }
    fill_comparison(w, line);
    return begin_points(w, err);
}

/* --- going on --- */

static int go_on(struct sweeping *w, struct err *err)
{
    w->common.seed = (int64_t)w->sweep.comparison.seed;
    if (sweeping_same_shape(w, err) < 0)
        return -1;
    w->sweep.comparison.rounds = w->options->rounds;
    for (size_t i = 0; i < w->sweep.npoints; i++) {
        if (add_place(w, (const char *const *)w->sweep.points[i].texts, err) < 0)
            return -1;
    }
    return 0;
}

/* --- before it starts --- */

static int check_places(const struct sweeping *w, struct err *err)
{
    for (size_t i = 0; i < w->nplaces; i++) {
        const struct arms *arms = sweep_place_arms(w->places[i]);
        if (i == 0 && arms_check_programs(arms, err) < 0)
            return -1;
        if (output_check_arms(w->options->run.plan.out, arms, err) < 0)
            return err_wrap(err, "-o/--out");
        for (size_t k = 0; k < arms->count; k++) {
            if (trial_prepare(&arms->items[k].options.plan, err) < 0)
                return -1;
        }
    }
    if (w->options->continued != NULL)
        return store_check_writable(w->options->continued, err) < 0 ? err_wrap(err, "--continue")
                                                                    : 0;
    return output_check(&w->options->run.plan, err);
}

static int make_points(struct sweeping *w, const struct opt_line *line, struct err *err)
{
    const char *continued = w->options->continued;
    if (sweep_place_check(w->options, err) < 0 || parse_overs(w, &line->given, err) < 0)
        return -1;
    if (continued == NULL)
        return begin(w, line, err);
    if (saving_go_on(&w->saving, continued, err) < 0)
        return -1;
    if (sweep_load(continued, &w->sweep, err) < 0 || go_on(w, err) < 0)
        return err_wrap(err, "--continue");
    recovery_add_all(&w->sweep.comparison, NULL); /* the next document is of these, too */
    return 0;
}

int sweeping_init(struct sweeping *w, const struct sweep_options *options,
                  const struct opt_line *line, struct err *err)
{
    *w = (struct sweeping){.options = options, .common = {.options = options, .line = line}};
    w->saving = (struct saving){.out = options->run.plan.out, .is_off = !options->run.plan.save};
    sweep_init(&w->sweep);
    bool has_seed = opt_given_text(&line->given, "seed") != NULL;
    w->common.seed = has_seed ? options->run.plan.seed : clock_wall_ms();
    int failed = make_points(w, line, err);
    if (failed == 0)
        failed = sweeping_choose_goal(w, err);
    if (failed == 0)
        failed = check_size(w, err);
    if (failed == 0)
        failed = choose_duration(w, &line->given, err);
    if (failed == 0)
        sweeping_set_duration(w);
    if (failed == 0 && options->continued != NULL)
        failed = sweeping_same_trials(w, err);
    if (failed == 0 && !options->run.plan.dry_run)
        failed = check_places(w, err);
    if (failed < 0)
        sweeping_fini(w);
    return failed;
}

void sweeping_fini(struct sweeping *w)
{
    for (size_t i = 0; i < w->nplaces; i++)
        sweep_place_free(w->places[i]);
    free(w->places);
    for (size_t i = 0; i < SWEEP_AXES_MAX; i++)
        over_fini(&w->overs[i]);
    sweep_fini(&w->sweep);
    saving_fini(&w->saving);
    sweep_goal_fini(&w->goal);
}

int sweeping_preview(const struct sweeping *w, struct err *err)
{
    struct buf out;
    char time[32];
    const struct sweep *s = &w->sweep;
    const struct plan *plan = &sweep_place_arms(w->places[0])->items[0].options.plan;
    buf_init(&out, BUF_TEXT_MAX);
    for (size_t i = 0; i < s->npoints; i++) {
        for (size_t k = 0; k < s->naxes; k++)
            buf_printf(&out, "%s%s=%s", k == 0 ? "" : " ", s->axes[k].option,
                       sweep_point_label(s, i, k));
        buf_puts(&out, "\n");
    }
    double each_ns = (double)(plan->warmup_ns + plan->duration_ns + AROUND_NS);
    buf_printf(&out, "%zu arm%s, %lld round%s, %zu trials in all, about %s\n", s->narms,
               s->narms == 1 ? "" : "s", (long long)s->comparison.rounds,
               s->comparison.rounds == 1 ? "" : "s", trials_wanted(w),
               units_format_long(each_ns * (double)trials_wanted(w), time, sizeof time));
    int failed = output_text(&out, err);
    buf_fini(&out);
    return failed;
}
