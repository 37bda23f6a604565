/* Whether bench itself was fit to measure this run. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "analysis/warnings.h"
#include "analysis/warnings_internal.h"
#include "base/units.h"
#include "model/lateness.h"

#define WAIT_PART      0.20 /* of the window */
#define WAIT_LEAST_S   1.0  /* of a shorter window nothing is said: it is the start of a run */
#define UNSENT_PART    0.01 /* of what was due */
#define LITTLE_ROUNDS  0.05 /* the last replies of a window may be read when it is over */
#define LITTLE_LEAST_S 1.0

void warnings_judge_client(struct result *r)
{
    struct lateness l = lateness_of(r);
    r->client.saturated = r->client.busiest_worker > RESULT_SATURATED_CORES;
    r->client.late = l.is_own;
}

static void check_saturated(struct result *r)
{
    if (r->client.saturated)
        warn(
            r, "saturated", "use more threads (-w); otherwise the figures show bench's own limit",
            "the load generator's busiest thread used %.0f %% of a core: it may be the bottleneck, "
            "not the server",
            r->client.busiest_worker * 100);
}

/* The thread that waited longest: in the sum of all it could hide. */
static void check_cpu_wait(struct result *r)
{
    double most_s = 0;
    for (size_t i = 0; i < r->client.nthreads; i++)
        most_s = fmax(most_s, r->client.threads[i].run_wait_s); /* fmax ignores a NAN */
    if (r->duration_s >= WAIT_LEAST_S && most_s > WAIT_PART * r->duration_s)
        warn(r, "cpu-wait",
             r->workers > 1
                 ? "give the server and bench cores of their own (taskset), or use fewer threads"
                 : "give the server and bench cores of their own (taskset)",
             "a thread of the load generator waited for a CPU core %.0f %% of the time: latencies "
             "include this wait",
             100 * most_s / r->duration_s);
}

static void check_late(struct result *r, const struct lateness *l)
{
    char limit[32];
    if (l->is_own)
        warn(r, "late", "use more threads (-w), give bench a core of its own, or lower the rate",
             "the load generator sent %.1f %% of the requests more than %s after they were due: "
             "latencies %s",
             100 * l->own / l->due, units_format_time(l->limit_ns, limit, sizeof limit),
             r->offered.from_sending ? "leave this delay out (-C)" : "include this delay");
}

static double mean_s(const struct hist *h)
{
    return h == NULL ? NAN : hist_mean_ns(h) / (double)NS_PER_S;
}

/* Little's law: a rate times the time that each takes is how many there are on average. */
static double in_system(const struct result *r, const struct hist *h)
{
    return result_requests_per_second(r) * mean_s(h);
}

/* What the connections can hold at the same time; NAN when it is not known. */
static double room_of(const struct result *r)
{
    int64_t most = r->offered.max_connections;
    return most == MISSING ? NAN : (double)most * (double)r->pipelining;
}

static void check_connections(struct result *r, const struct lateness *l)
{
    char limit[32];
    char law[160] = "";
    double all = in_system(r, r->latency);
    double room = room_of(r);
    if (!l->is_no_connection)
        return;
    if (!isnan(room) && !isnan(all) && !r->offered.from_sending)
        (void)snprintf(law, sizeof law,
                       "; %.0f were due and not answered on average, and the connections hold %.0f",
                       all, room);
    warn(r, "connection-limited",
         "allow more connections (--max-connections); if there are enough, the server is slow to "
         "answer or to accept",
         "%.1f %% of the requests were sent more than %s late, because no connection was free: "
         "latencies %s%s",
         100 * l->no_connection / l->due, units_format_time(l->limit_ns, limit, sizeof limit),
         r->offered.from_sending ? "leave this wait out (-C)" : "include this wait", law);
}

static void check_unsent(struct result *r, const struct lateness *l)
{
    const struct accounting *a = &r->accounting;
    if (!result_is_open_loop(r) || !((double)a->unsent > UNSENT_PART * (double)a->due))
        return;
    warn(r, "unsent",
         l->held > 0 ? "allow more connections (--max-connections), or lower the rate: the server "
                       "does not keep up with it"
                     : "use more threads (-w), or lower the rate: bench does not keep up with it",
         "%" PRId64 " of %" PRId64
         " requests were due and never sent: the server got a lower rate than was asked for",
         a->unsent, a->due);
}

/* All service times of an open loop together are no longer than its connections were open, or the
 * accounts are wrong. */
static void check_little(struct result *r)
{
    double busy = in_system(r, r->service);
    double room = room_of(r);
    if (result_is_open_loop(r) && r->duration_s >= LITTLE_LEAST_S &&
        busy > (1 + LITTLE_ROUNDS) * room)
        warn(r, "little", "this is a bug: please report this run",
             "%.4g requests were in flight on average, and the connections hold only %.0f "
             "(Little's law): the figures contradict each other",
             busy, room);
}

void warnings_client(struct result *r)
{
    struct lateness l = lateness_of(r);
    warnings_judge_client(r);
    if (r->merged == NULL) { /* else each host has its own */
        check_saturated(r);
        check_cpu_wait(r);
        check_late(r, &l);
    }
    check_connections(r, &l);
    check_unsent(r, &l);
    check_little(r);
}
