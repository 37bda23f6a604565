#include "cli/capacity_plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/secret.h"
#include "cli/arms.h"
#include "cli/sameness.h"
#include "http/url.h"
#include "runner/record.h"

#define TRIAL_NS    (5 * NS_PER_S) /* unless -d says another */
#define DUMMY_RPS   1.0 /* each trial has its own rate: this one makes open loops of them */
#define NAME_OF_CMD "server"

/* --- what is asked for --- */

static int check_options(const struct opt_given *given, struct err *err)
{
    static const struct {
        const char *name, *why;
    } absent[] = {
        {"rate", "the rate is what is searched for; leave it out"},
        {"connection-rate", "the rate is what is searched for; leave it out"},
        {"stages", "each trial of a search has one rate; leave them out"},
        {"recovery-goal", "a search has no stages, and so no spike to come back from"},
        {"amount", "a trial lasts for a time; use -d/--duration"},
        {"max-connection-requests", "a trial lasts for a time; use -d/--duration"},
        {"max-overall-requests", "a trial lasts for a time; use -d/--duration"},
        {"drain", "a search does not wait for a queue's backlog"},
    };
    for (size_t i = 0; i < LEN(absent); i++) {
        if (opt_given_text(given, absent[i].name) != NULL)
            return err_set(err, ERR_USAGE, "--%s: %s", absent[i].name, absent[i].why);
    }
    return 0;
}

static int parse_goal(const struct capacity_options *options, struct goal *out, struct err *err)
{
    if (options->goal == NULL)
        return err_set(err, ERR_USAGE,
                       "no goal given; say what must hold, as in --goal 'p99<200ms and "
                       "errors<0.1%%'");
    if (goal_parse(options->goal, out, err) < 0 || goal_check_search(out, err) < 0)
        return err_wrap(err, "--goal");
    return 0;
}

/* "127.0.0.1:8080" of a URL, as the name of its arm; the caller frees it. */
static char *name_of_url(const char *text)
{
    struct url url;
    struct err err;
    if (url_parse(text, &url, &err) < 0)
        return mem_strdup("url"); /* what is wrong with it is said where it is read */
    char *name = mem_printf("%.*s:%u", ARM_NAME_MAX - 6, url.host, (unsigned)url.port);
    url_fini(&url);
    return name;
}

static bool is_url(const char *word)
{
    return strstr(word, "://") != NULL;
}

static void add_text(struct str_list *texts, const char *name, const char *what)
{
    char *text = mem_printf("%s=%s", name, what);
    str_list_add(texts, text);
    free(text);
}

/* Of the words, a URL is an arm, and a path that of all. */
static int take_targets(const struct capacity_options *options, struct opt_line *line,
                        struct str_list *texts, struct err *err)
{
    struct opt_given *given = &line->given;
    bool has_url = given->nwords == 1 && is_url(given->words[0]);
    bool has_own = options->arms.count > 0 || options->command != NULL;
    if (has_url) {
        char *name = name_of_url(given->words[0]);
        add_text(texts, name, given->words[0]);
        free(name);
        given->nwords = 0;
    }
    if (options->command != NULL)
        add_text(texts, NAME_OF_CMD, options->command);
    for (size_t i = 0; i < options->arms.count; i++)
        str_list_add(texts, options->arms.items[i]);
    if (options->strategy != NULL && options->strategies != NULL)
        return err_set(err, ERR_USAGE, "--strategy and --strategies conflict; give one");
    if (has_url || has_own || options->strategy != NULL || options->strategies != NULL)
        return 0;
    return err_set(err, ERR_USAGE,
                   "nothing to load; give a URL, --strategy NAME, --strategies A,B, --cmd 'SERVER "
                   "{port}' or --arm NAME=WHAT");
}

static const char *strategies_of(const struct capacity_options *options)
{
    if (options->strategy != NULL)
        return options->strategy;
    return options->strategies != NULL ? options->strategies : "none";
}

/* What no arm could tell. */
static int check_goal(const struct capacity_plan *plan, struct err *err)
{
    for (size_t i = 0; i < plan->arms.count; i++) {
        for (size_t k = 0; k < plan->goal.clauses.count; k++) {
            const struct metric *m = &plan->goal.thresholds[k].metric;
            if (!metric_is_planned(m, &plan->arms.items[i].options.plan))
                return err_set(err, ERR_USAGE, "--goal: %s cannot be measured of %s; it needs %s",
                               m->name, plan->arms.items[i].name, metric_needs(m));
        }
    }
    return 0;
}

/* --- the document --- */

static const char *what_of(const struct str_list *texts, const char *name)
{
    size_t len = strlen(name);
    for (size_t i = 0; i < texts->count; i++) {
        if (strncmp(texts->items[i], name, len) == 0 && texts->items[i][len] == '=')
            return texts->items[i] + len + 1;
    }
    return name;
}

static void fill_arm(const struct arm_plan *arm, const char *what, struct capacity *c)
{
    struct result recorded;
    char *target = secret_free_url(what);
    char *word = record_word(target);
    struct capacity_arm *to = capacity_add_arm(c, arm->name, word);
    free(word);
    free(target);
    result_init(&recorded);
    record_run(&arm->options, &arm->line, &recorded);
    to->config = recorded.config;
    to->nconfig = recorded.nconfig;
    recorded.config = NULL;
    recorded.nconfig = 0;
    if (c->narms == 1) {
        environment_fini(&c->environment);
        c->environment = recorded.environment;
        environment_init(&recorded.environment);
    }
    result_fini(&recorded);
}

static void fill(const struct capacity_options *options, const struct opt_line *line,
                 struct capacity_plan *plan)
{
    struct capacity *c = &plan->capacity;
    c->title = mem_strdup_or_null(options->run.plan.title);
    c->tool_version = mem_strdup(BENCH_VERSION);
    c->nargv = (size_t)line->argc;
    c->argv = mem_array(c->nargv, sizeof *c->argv);
    for (size_t i = 0; i < c->nargv; i++) {
        char *word = secret_free_url(line->argv[i]);
        c->argv[i] = record_word(word);
        free(word);
    }
    c->goal = mem_strdup(options->goal);
    for (size_t i = 0; i < plan->goal.clauses.count; i++)
        str_list_add(&c->clauses, plan->goal.clauses.items[i]);
    c->path = line->given.nwords > 0 ? mem_strdup(line->given.words[0]) : NULL;
    c->seed = (uint64_t)options->run.plan.seed;
    c->least_rps = goal_least_rps(&plan->goal, options->run.plan.duration_ns);
    c->resolution = options->resolution;
    c->max_trials = options->max_trials;
    if (options->budget_ns > 0)
        c->budget_s = (double)options->budget_ns / (double)NS_PER_S;
    for (size_t i = 0; i < plan->arms.count; i++)
        fill_arm(&plan->arms.items[i], what_of(&plan->texts, plan->arms.items[i].name), c);
}

int capacity_plan_make(struct capacity_options *options, const struct opt_line *given,
                       const uint64_t *seed, struct capacity_plan *out, struct err *err)
{
    struct plan *plan = &options->run.plan;
    struct opt_line line = *given;
    *out = (struct capacity_plan){0};
    capacity_init(&out->capacity);
    if (parse_goal(options, &out->goal, err) < 0 || check_options(&line.given, err) < 0 ||
        take_targets(options, &line, &out->texts, err) < 0)
        return -1;
    if (opt_given_text(&line.given, "duration") == NULL)
        plan->duration_ns = TRIAL_NS;
    plan->rate_rps = DUMMY_RPS;
    if (run_plan_load(&options->run, &line.given, err) < 0)
        return -1;
    if (seed != NULL && opt_given_text(&line.given, "seed") == NULL)
        plan->seed = (int64_t)*seed;
    if (arms_make(&(struct arms_request){.shared = &options->run,
                                         .line = &line,
                                         .strategies = strategies_of(options),
                                         .arms = &out->texts},
                  &out->arms, err) < 0 ||
        check_goal(out, err) < 0)
        return -1;
    fill(options, &line, out);
    return 0;
}

void capacity_plan_fini(struct capacity_plan *plan)
{
    capacity_fini(&plan->capacity);
    goal_fini(&plan->goal);
    arms_fini(&plan->arms);
    str_list_fini(&plan->texts);
}

/* --- the same as before --- */

static int same_in_all(const struct capacity *stored, const struct capacity *now, struct err *err)
{
    if (sameness_text("version of bench", stored->tool_version, now->tool_version, err) < 0 ||
        sameness_machine(&stored->environment, &now->environment, err) < 0 ||
        sameness_text("goal", stored->goal, now->goal, err) < 0 ||
        sameness_count("number of arms", (int64_t)stored->narms, (int64_t)now->narms, err) < 0 ||
        sameness_text("path", stored->path, now->path, err) < 0 ||
        sameness_count("seed", (int64_t)stored->seed, (int64_t)now->seed, err) < 0)
        return -1;
    for (size_t i = 0; i < now->narms; i++) {
        const struct capacity_arm *a = &stored->arms[i];
        const struct capacity_arm *b = &now->arms[i];
        if (sameness_of_arm(&(struct sameness_arm){a->name, a->target, a->config, a->nconfig},
                            &(struct sameness_arm){b->name, b->target, b->config, b->nconfig},
                            err) < 0)
            return -1;
    }
    return 0;
}

int capacity_plan_same(const struct capacity_plan *plan, const struct capacity *stored,
                       struct err *err)
{
    if (same_in_all(stored, &plan->capacity, err) < 0)
        return err_wrap(err, "the search cannot be continued");
    return 0;
}
