#include "cases/capacity_cases.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"

#define START_MS INT64_C(1795381445123) /* 2026-11-22T21:04:05.123Z */
#define ESCAPE   "\x1b[31m</td><b>|`=1+1\xe2\x80\x8b"

const char *const capacity_case_names[] = {"found",       "never",   "dies",
                                           "interrupted", "strange", NULL};

static void begin(struct capacity *c, const char *goal, const char *first, const char *second)
{
    capacity_init(c);
    c->tool_version = mem_strdup("0.1.0");
    c->nargv = 3;
    c->argv = mem_array(c->nargv, sizeof *c->argv);
    c->argv[0] = mem_strdup("bench");
    c->argv[1] = mem_strdup("capacity");
    c->argv[2] = mem_strdup("--goal");
    c->started_wall_ms = START_MS;
    c->finished_wall_ms = START_MS + 120000;
    c->environment.hostname = mem_strdup("host");
    c->goal = mem_strdup(goal);
    str_list_add(&c->clauses, first);
    if (second != NULL)
        str_list_add(&c->clauses, second);
    c->seed = 7;
    c->resolution = 0.05;
    c->max_trials = 40;
    c->budget_s = NAN;
}

static void add_arm(struct capacity *c, const char *name, const char *target)
{
    struct capacity_arm *arm = capacity_add_arm(c, name, target);
    settings_add(&arm->config, &arm->nconfig,
                 &(struct setting){.name = (char[]){"arrivals"},
                                   .kind = SETTING_TEXT,
                                   .text = (char[]){"poisson"}});
}

static struct capacity_trial *add(struct capacity *c, size_t arm, double rate_rps,
                                  enum capacity_outcome outcome)
{
    struct capacity_trial *t = capacity_add_trial(c);
    t->arm = arm;
    t->round = (int64_t)(c->ntrials + c->narms - 1) / (int64_t)c->narms;
    t->started_wall_ms = START_MS + 6000 * (int64_t)c->ntrials;
    t->rate_rps = rate_rps;
    t->outcome = outcome;
    t->duration_s = 5;
    t->answered_rps = rate_rps;
    if (!isnan(rate_rps)) {
        t->due = (int64_t)(5 * rate_rps);
        t->unsent = 0;
        t->growth = 2;
        t->growth_chance = 0.4;
    }
    return t;
}

static void add_pilot(struct capacity *c, size_t arm, double answered_rps)
{
    struct capacity_trial *t = add(c, arm, NAN, CAPACITY_PILOT);
    t->duration_s = 2;
    t->answered_rps = answered_rps;
}

/* A trial of a server whose p99 grows towards `top`, and whose goal is 200 ms. */
static void add_served(struct capacity *c, size_t arm, double rate_rps, double top_rps)
{
    double p99_ns = 4.6e9 / (top_rps - rate_rps);
    bool sustained = rate_rps < top_rps;
    enum capacity_outcome outcome = !sustained       ? CAPACITY_UNSUSTAINED
                                    : p99_ns < 200e6 ? CAPACITY_HELD
                                                     : CAPACITY_BROKEN;
    struct capacity_trial *t = add(c, arm, rate_rps, outcome);
    t->figures[0] = sustained ? p99_ns : 2e9;
    if (c->clauses.count > 1)
        t->figures[1] = 0;
    if (sustained)
        return;
    t->answered_rps = top_rps;
    t->growth = 5 * (rate_rps - top_rps);
    t->growth_chance = 1e-9;
    t->why = mem_printf("%.0f more requests waited at the end than in the beginning, of %lld that "
                        "were due",
                        t->growth, (long long)t->due);
}

static void fill_found(struct capacity *c)
{
    static const double rates[] = {700, 1050, 860, 970, 1010, 960, 980, 975, 978, 976};
    begin(c, "p99<200ms and errors<0.1%", "p99<200ms", "errors<0.1%");
    add_arm(c, "pool", "pool");
    add_arm(c, "inline", "inline");
    add_pilot(c, 0, 1000);
    add_pilot(c, 1, 500);
    for (size_t i = 0; i < LEN(rates); i++) {
        add_served(c, 0, rates[i], 1000);
        add_served(c, 1, rates[i] / 2, 500);
    }
    c->trials[3].is_disturbed = true;
    c->resolution = 0.3; /* so that both are found */
}

static void fill_never(struct capacity *c)
{
    static const double rates[] = {70, 46.67, 31.11, 15.56, 7.778, 2};
    static const double held[] = {700, 1050, 1575, 3150};
    begin(c, "p99<200ms", "p99<200ms", NULL);
    add_arm(c, "slow", "http://127.0.0.1:8080/");
    add_arm(c, "fast", "http://127.0.0.1:8081/");
    add_pilot(c, 0, 100);
    add_pilot(c, 1, 1000);
    for (size_t i = 0; i < LEN(rates); i++)
        add(c, 0, rates[i], CAPACITY_BROKEN)->figures[0] = 480e6;
    for (size_t i = 0; i < LEN(held); i++)
        add(c, 1, held[i], CAPACITY_HELD)->figures[0] = 1.5e6;
    for (size_t i = 0; i < 2; i++)
        add(c, 1, 3500, CAPACITY_GENERATOR)->why =
            mem_strdup("bench itself used its cores up, and was the bottleneck");
}

static void fill_dies(struct capacity *c)
{
    begin(c, "p99<200ms", "p99<200ms", NULL);
    add_arm(c, "mortal", "./server {port}");
    add_arm(c, "absent", "./absent {port}");
    c->max_trials = 6;
    add_pilot(c, 0, 1000);
    for (size_t i = 0; i < 4; i++) {
        struct capacity_trial *t = add(c, 1, NAN, CAPACITY_INVALID);
        t->duration_s = t->answered_rps = NAN;
        t->why = mem_strdup("the command ended before it listened: exit 127");
    }
    for (size_t i = 0; i < 2; i++)
        add(c, 0, 700, CAPACITY_DIED)->why = mem_strdup("the server ended: signal 9");
    for (size_t i = 0; i < 2; i++)
        add(c, 0, 466.7, CAPACITY_HELD)->figures[0] = 20e6;
}

static void fill_interrupted(struct capacity *c)
{
    begin(c, "p99<200ms", "p99<200ms", NULL);
    add_arm(c, "pool", "pool");
    add_arm(c, "inline", "inline");
    add_pilot(c, 0, 1000);
    add_pilot(c, 1, 500);
    add_served(c, 0, 700, 1000);
    add_served(c, 1, 490, 500);
    c->interrupted = true;
}

static void fill_strange(struct capacity *c)
{
    begin(c, "p99<200ms", "p99<200ms", NULL);
    add_arm(c, ESCAPE, ESCAPE);
    c->title = mem_strdup(ESCAPE);
    add_pilot(c, 0, 1000);
    add(c, 0, 700, CAPACITY_INVALID)->why = mem_strdup("##[error] " ESCAPE);
    add(c, 0, 700, CAPACITY_DIED)->why = mem_strdup("\n::error::" ESCAPE);
}

int capacity_case(const char *name, struct capacity *out)
{
    static void (*const fills[])(struct capacity * c) = {fill_found, fill_never, fill_dies,
                                                         fill_interrupted, fill_strange};
    for (size_t i = 0; i < LEN(fills); i++) {
        if (strcmp(capacity_case_names[i], name) == 0) {
            fills[i](out);
            return 0;
        }
    }
    return -1;
}
