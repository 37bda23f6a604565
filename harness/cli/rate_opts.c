#include "cli/rate_opts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/recovery/recovery.h"
#include "base/clock.h"
#include "base/fds.h"
#include "base/mem.h"
#include "base/units.h"

#define FDS_BESIDE       128           /* files for other things than connections and threads */
#define RANGE            "0.01 to 10M" /* PLAN_RATE_MIN_RPS to PLAN_RATE_MAX_RPS */
#define CONNECTIONS_MOST 10000         /* that an open loop opens, unless it is told otherwise */

static int parse_rate(const char *text, void *field, struct err *err)
{
    double *rate_rps = field;
    if (units_parse_rate(text, rate_rps, err) < 0)
        return -1;
    if (*rate_rps >= PLAN_RATE_MIN_RPS && *rate_rps <= PLAN_RATE_MAX_RPS)
        return 0;
    return err_set(err, ERR_USAGE, "'%s' is out of range; give " RANGE " requests per second",
                   text);
}

static int parse_stages(const char *text, void *field, struct err *err)
{
    return stages_parse(text, field, err);
}

static int parse_recovery_goal(const char *text, void *field, struct err *err)
{
    struct recovery_goal goal;
    *(const char **)field = text;
    return recovery_goal_parse(text, &goal, err);
}

static const char *const arrivals[] = {"constant", "poisson", NULL};

#define AT(field) offsetof(struct plan, field)
/* clang-format off */
const struct opt run_rate_opts[] = {
    {.name = "rate", .letter = 'R', .type = OPT_CUSTOM, .at = AT(rate_rps), .parse = parse_rate,
     .aliases = "overall-rate overallRate rps qps", .arg = "N",
     .help = "Send so many requests per second in all, whatever has become of the earlier ones (open loop); 0.01 to 10M."},
    {.name = "connection-rate", .letter = 'r', .type = OPT_CUSTOM, .at = AT(connection_rate_rps), .parse = parse_rate,
     .aliases = "connectionRate", .arg = "N", .help = "The same for each connection: -r N is -R with N times -c."},
    {.name = "stages", .type = OPT_CUSTOM, .at = AT(stages), .parse = parse_stages, .arg = "LIST",
     .help = "Rates over time: 10s:100,30s:1000,5s:=200 is a ramp to 100/s, one to 1000/s, then 200/s; from 0, or from -R."},
    {.name = "recovery-goal", .type = OPT_CUSTOM, .at = AT(recovery_goal), .parse = parse_recovery_goal, .arg = "GOAL",
     .help = "With --stages: what the server has to come back to after a spike, such as 'p99<200ms'; by default about its p99 before it."},
    {.name = "arrivals", .type = OPT_CHOICE, .at = AT(arrivals), .choices = arrivals, .arg = "KIND", .def = "constant",
     .help = "How requests of an open loop are spaced: evenly, or at random as from many independent users."},
    {.name = "max-connections", .type = OPT_COUNT, .at = AT(max_connections), .min = 1, .max = PLAN_CONNECTIONS_MAX, .arg = "N",
     .help = "Connections that an open loop may have when all others are busy; by default -c if it is given, else 10000."},
    {.name = "ignore-coordinated-omission", .letter = 'C', .type = OPT_FLAG, .at = AT(service_latency), .aliases = "ignoreCoordinatedOmission",
     .help = "With a rate: show the time from sending instead of the time from when a request was due."},
    {.type = OPT_END},
};
/* clang-format on */

static int check_closed(const struct plan *plan, const struct opt_given *given, struct err *err)
{
    const char *name = plan->service_latency ? "-C/--ignore-coordinated-omission"
                       : opt_given_text(given, "arrivals") != NULL ? "--arrivals"
                       : plan->max_connections > 0                 ? "--max-connections"
                       : plan->recovery_goal != NULL               ? "--recovery-goal"
                                                                   : NULL;
    if (name == NULL)
        return 0;
    return err_set(err, ERR_USAGE, "%s is for an open loop; give a rate with -R, as in -R 500",
                   name);
}

/* The stages say how long a run lasts. */
static int check_stages(struct plan *plan, const struct opt_given *given, struct err *err)
{
    int64_t sum_ns = 0;
    double most_rps = 0;
    if (plan->stages.count == 0 && plan->recovery_goal != NULL)
        return err_set(
            err, ERR_USAGE,
            "--recovery-goal is what a server comes back to after a spike; give one with "
            "--stages, as in --stages 10s:=100,5s:=1000,20s:=100");
    if (plan->stages.count == 0)
        return 0;
    if (opt_given_text(given, "duration") != NULL)
        return err_set(err, ERR_USAGE,
                       "-d beside --stages: the stages say how long the run lasts; leave -d out");
    if (plan->connection_rate_rps > 0)
        return err_set(err, ERR_USAGE,
                       "-r beside --stages: the stages are the rate of all connections; use -R for "
                       "the rate that they begin with");
    for (size_t i = 0; i < plan->stages.count; i++) {
        sum_ns += plan->stages.items[i].length_ns;
        most_rps = fmax(most_rps, plan->stages.items[i].to_rps);
    }
    /* -R is the rate that a ramp begins with; before a step it means nothing. */
    if (fmax(most_rps, plan_rate_rps(plan)) < PLAN_RATE_MIN_RPS)
        return err_set(err, ERR_USAGE, "--stages: '%.40s' never comes to a rate of %g/s or more",
                       plan->stages.text, PLAN_RATE_MIN_RPS);
    if (sum_ns > PLAN_LONGEST_NS)
        return err_set(err, ERR_USAGE, "--stages last longer than the 365 days of the longest run");
    plan->duration_ns = sum_ns;
    return 0;
}

/* Within the limit of open files, as far as that leaves some for other things; of several
 * generators each is taken to have as many. */
static int64_t as_many_as_possible(const struct plan *plan)
{
    int64_t threads = plan->workers > 0 ? plan->workers : plan->connections;
    int64_t left = fds_most() - FDS_BESIDE - (FDS_LOOP + 1) * threads;
    if (plan_is_share(plan))
        left *= plan->share.count;
    if (left >= CONNECTIONS_MOST)
        return CONNECTIONS_MOST;
    return left > plan->connections ? left : plan->connections;
}

int rate_check(struct plan *plan, const struct opt_given *given, struct err *err)
{
    bool has_connections = opt_given_text(given, "connections") != NULL;
    if (!plan_is_open_loop(plan))
        return check_closed(plan, given, err);
    if (check_stages(plan, given, err) < 0)
        return -1;
    if (plan_rate_rps(plan) > PLAN_RATE_MAX_RPS)
        return err_set(err, ERR_USAGE,
                       "-r/--connection-rate times -c is out of range: %.0f requests per second "
                       "are more than 10M",
                       plan_rate_rps(plan));
    if (plan->max_connections == 0)
        plan->max_connections = has_connections ? plan->connections : as_many_as_possible(plan);
    if (plan->max_connections < plan->connections && has_connections)
        return err_set(err, ERR_USAGE, "--max-connections %lld is less than -c/--connections %lld",
                       (long long)plan->max_connections, (long long)plan->connections);
    if (plan->max_connections < plan->connections)
        plan->connections = plan->max_connections;
    return 0;
}
