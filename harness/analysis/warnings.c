#include "analysis/warnings.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/probe_warning.h"
#include "analysis/warnings_internal.h"

#define LITTLE_RESIDUAL 0.20
#define FAIR_JAIN       0.90
#define SHAPE_LEAST_S   1.0
#define NON_2XX_PART    0.01
#define STALL_S         1.5
#define STARVED_REPLIES 10 /* for each connection */
#define IDLE_REPLIES    1000
#define SUSPENDED_S     0.1
#define BACKLOG_GROWS   0.05 /* of what was accepted */

/* What to do about the most frequent non-2xx status. */
static const char *status_remedy(int status)
{
    switch (status) {
    case 401:
    case 403:
        return "the server requires credentials: pass them with -H";
    case 404:
        return "check the path";
    case 407:
        return "the proxy requires a user: write --proxy http://USER:PASSWORD@HOST:PORT";
    case 304:
        return "the server takes the headers of -H for those of a cache: leave out If-None-Match "
               "and If-Modified-Since";
    case 405:
        return "check the method (-m)";
    case 429:
    case 503:
        return "the server is rejecting load: lower -c, or give the server more capacity";
    default:
        return status / 100 == 3 ? "bench does not follow redirects: use the final URL"
                                 : "check the server's log; --status-codes lists all codes";
    }
}

/* A fast refusal must not pass for a fast response. */
static void check_statuses(struct result *r)
{
    const struct accounting *a = &r->accounting;
    int worst = 0;
    for (int status = 100; status < 1000; status++) {
        if (status / 100 != 2 && a->statuses[status] > a->statuses[worst])
            worst = status;
    }
    double part = (double)accounting_wrong_status(a) / (double)a->completed;
    if (a->completed > 0 && part > NON_2XX_PART)
        warn(r, "non-2xx", status_remedy(worst),
             "%.2f %% of responses were non-2xx, mostly %d: rates and latencies include them",
             part * 100, worst);
}

/* More time helps requests that had too little, not those that failed. */
static const char *uncompleted_remedy(const struct result *r)
{
    const struct accounting *a = &r->accounting;
    if (accounting_failed(a) <= a->timed_out + a->in_flight_at_end)
        return "allow more time with -d and -t, or lower -c";
    if (r->has_http2)
        return "check the server: most requests failed; if it has HTTP/1.1 only, leave --http2 out";
    return r->has_tls ? "check the server: most requests failed"
                      : "check the server: most requests failed; if it speaks TLS, write https://";
}

static void check_replies(struct result *r)
{
    const struct accounting *a = &r->accounting;
    bool stopped = r->target_end != NULL && strcmp(r->target_end, "max-rss") == 0;
    if (a->connected == 0 && a->sent == 0 &&
        !stopped) { /* the seconds of a journal tell no connects */
        warnings_nothing_connected(r);
        return;
    }
    bool none_to_send = a->sent == 0 && a->unbound > 0; /* no fault of the server */
    if (a->completed == 0 && !none_to_send)
        warn(r, "nothing-completed", uncompleted_remedy(r),
             "the server accepted connections but completed no request in %.1f s", r->duration_s);
    warnings_mismatches(r);
    warnings_unbound(r);
    if (a->unasked > 0)
        warn(r, "unasked",
             "look at one response: its length may be wrong, it is sent twice, or it answers a "
             "HEAD with a body",
             "%lld connections were closed because the server sent data that no request asked for",
             (long long)a->unasked);
}

/* Not for a queue's gateway: there the report shows its jobs. */
static void check_accepted(struct result *r)
{
    const struct accounting *a = &r->accounting;
    if (a->statuses[202] > 0 && !result_is_queue(r))
        warn(r, "accepted-only", "measure when the work is done in a way of your own",
             "%lld of %lld responses were 202: the work was accepted, not done, and latencies are "
             "those of accepting",
             (long long)a->statuses[202], (long long)a->completed);
}

/* The arrivals of an open loop are dealt out to connections that come as they are needed: none has
 * the same number, and one without a response says something only when each must have had some. */
static void check_shape_of_open_loop(struct result *r)
{
    const struct accounting *a = &r->accounting;
    if (r->fairness.starved > 0 && a->completed > STARVED_REPLIES * a->connected)
        warn(r, "starved",
             "see \"+ unfinished\" for how long they waited; the percentiles leave them out",
             "%lld connection%s got no response at all", (long long)r->fairness.starved,
             r->fairness.starved == 1 ? "" : "s");
}

static void check_shape(struct result *r)
{
    const struct fairness *f = &r->fairness;
    if (r->duration_s < SHAPE_LEAST_S)
        return; /* the start of a run is always uneven */
    if (result_is_open_loop(r)) {
        check_shape_of_open_loop(r);
        return;
    }
    if (f->starved > 0 && r->accounting.completed > 0)
        warn(r, "starved",
             "see \"+ unfinished\" for how long they waited; the percentiles leave them out",
             "%lld of %lld connections got no response at all", (long long)f->starved,
             (long long)r->connections);
    else if (f->jain < FAIR_JAIN)
        warn(r, "unfair", "check how the server schedules its connections",
             "connections were served unevenly: %lld to %lld requests per connection, Jain index "
             "%.2f",
             (long long)f->min, (long long)f->max, f->jain);
    int64_t lost = r->accounting.timed_out + accounting_failed(&r->accounting);
    if (r->client.little_residual > LITTLE_RESIDUAL && f->starved == 0 && lost == 0 &&
        r->accounting.completed > 10 * r->connections)
        warn(r, "time-outside",
             "the rest was spent between requests: check reconnects and the load generator's CPU",
             "requests were in flight only %.0f %% of the connections' time",
             (1 - r->client.little_residual) * 100);
}

/* A timer ends each second: a long one means that bench itself did not run. */
static void check_stalls(struct result *r)
{
    double longest_s = 0;
    for (size_t i = 0; i < r->nseconds; i++) {
        if (r->seconds[i].length_s > longest_s)
            longest_s = r->seconds[i].length_s;
    }
    if (longest_s > STALL_S)
        warn(r, "stalled",
             "latencies and timeouts during the stall are bench's own; repeat the run",
             "bench itself stalled for about %.1f s", longest_s - 1);
}

/* The monotonic clock stands still meanwhile, so no latency has it in it. */
static void check_suspended(struct result *r)
{
    if (r->machine.suspended_s > SUSPENDED_S)
        warn(
            r, "suspended", "repeat the run, and keep the machine awake (systemd-inhibit)",
            "the machine was suspended for %.1f s during the run: the figures leave that time out, "
            "but not what it did to connections and timeouts",
            r->machine.suspended_s);
}

/* If the target used no CPU, some other program answered. */
static void check_target(struct result *r)
{
    const struct process_cost *c = &r->server.total;
    if (r->has_server && r->accounting.completed >= IDLE_REPLIES &&
        c->cpu_user_s + c->cpu_system_s == 0)
        warn(
            r, "idle-target", "check what listens on that port; the command must listen on {port}",
            "%lld responses arrived, but no process started by bench used any CPU: another program "
            "may have answered",
            (long long)r->accounting.completed);
}

/* Jobs that may be under way when the window closes: requests in flight, and a worker thread per
 * core. */
static double jobs_in_flight(const struct result *r)
{
    int64_t cores = r->environment.cores_allowed;
    int64_t threads = r->queue.workers == MISSING ? 0 : r->queue.workers * (cores > 0 ? cores : 1);
    return (double)(r->connections * r->pipelining + threads);
}

/* A short window is not judged: it is the start of a run, before the workers have woken up. */
static bool backlog_grows(const struct result *r, double grown)
{
    const struct queue_account *q = &r->queue;
    return r->duration_s >= SHAPE_LEAST_S && grown > jobs_in_flight(r) &&
           grown > KEEPS_UP_S * q->completed_per_s && grown > BACKLOG_GROWS * (double)q->accepted;
}

/* A 202 only promises work that still has to be done. */
static void check_backlog(struct result *r)
{
    const struct queue_account *q = &r->queue;
    if (q->accepted == MISSING || q->completed == MISSING || q->backlog_start == MISSING ||
        q->backlog_end == MISSING || !(r->duration_s > 0))
        return;
    double grown = (double)(q->backlog_end - q->backlog_start);
    if (q->workers == 0 && q->workers_lost == 0 && q->completed == 0 && q->accepted > 0)
        warn(r, "no-workers", "start some with --queue-workers",
             "no worker took jobs: none of the accepted jobs was completed");
    else if (backlog_grows(r, grown))
        warn(r, "backlog-grows",
             "judge it by completed jobs; add workers or cores (--queue-workers), or limit the "
             "backlog (--max-backlog)",
             "the queue accepts faster than it completes: %.0f jobs/s accepted, %.0f jobs/s "
             "completed, and the backlog grows by %.0f jobs/s",
             (double)q->accepted / r->duration_s, q->completed_per_s, grown / r->duration_s);
}

/* Every 202 must be a stored job, and every job accounted for, by the counts of three programs. */
static void check_jobs(struct result *r)
{
    const struct queue_account *q = &r->queue;
    const struct accounting *a = &r->accounting;
    int64_t lost = queue_account_lost(q);
    int64_t good = a->completed - a->non_2xx;
    if (lost != MISSING && lost != 0)
        warn(r, "jobs-unaccounted",
             "make sure nothing else uses this broker during a run; if it is private, please "
             "report this",
             "%lld jobs %s", (long long)(lost > 0 ? lost : -lost),
             lost > 0 ? "were accepted but are neither completed, failed nor in the backlog"
                      : "more were completed, failed or left than were accepted");
    if (q->accepted != MISSING && a->warmup_discarded == 0 && q->accepted < a->statuses[202])
        warn(r, "jobs-not-stored", "this is a bug in the gateway: please report it",
             "%lld responses were 202, but only %lld jobs were accepted",
             (long long)a->statuses[202], (long long)q->accepted);
    if (a->statuses[202] > 0 && good > a->statuses[202])
        warn(r, "not-accepted", "check the path, and look at one response",
             "%lld responses were 2xx but not 202: no job was accepted for them",
             (long long)(good - a->statuses[202]));
    if (q->failed != MISSING && q->failed > 0)
        warn(r, "jobs-failed",
             "GET /jobs/ID shows the error of a job; --job-attempts allows more attempts",
             "%lld jobs failed permanently", (long long)q->failed);
}

static const char *cut_remedy(const struct queue_account *q)
{
    static const char *const remedies[DRAIN_CUT_COUNT] = {
        [DRAIN_CUT_UNKNOWN] = "check that a worker is running; allow more time with --drain",
        [DRAIN_CUT_TIME] = "allow more time with --drain, or add workers (--queue-workers)",
        [DRAIN_CUT_INTERRUPT] = "let it finish, or limit it with --drain TIME",
        [DRAIN_CUT_NO_WORKER] = "start one with --queue-workers",
        [DRAIN_CUT_NO_PROGRESS] =
            "check GET /jobs/ID of a job: it may be waiting for its next attempt",
        [DRAIN_CUT_NO_ANSWER] = "check the last lines that the target printed",
    };
    return q->workers == 0 ? remedies[DRAIN_CUT_NO_WORKER] : remedies[q->drain_cut];
}

/* "the drain was interrupted after 2.4 s", and what was left. */
static void check_drain(struct result *r)
{
    const struct queue_account *q = &r->queue;
    char why[120];
    if (q->drain != DRAIN_CUT || isnan(q->drain_s) || q->drain_left == MISSING)
        return;
    if (q->drain_cut == DRAIN_CUT_INTERRUPT)
        (void)snprintf(why, sizeof why, "the drain was interrupted after %.1f s", q->drain_s);
    else if (q->drain_cut == DRAIN_CUT_TIME && !isnan(q->drain_most_s))
        (void)snprintf(why, sizeof why, "the backlog did not drain in the %.4g s of --drain",
                       q->drain_most_s);
    else if (drain_cut_meanings[q->drain_cut] != NULL)
        (void)snprintf(why, sizeof why, "%s, and bench stopped waiting after %.1f s",
                       drain_cut_meanings[q->drain_cut], q->drain_s);
    else
        (void)snprintf(why, sizeof why, "the backlog had not drained after %.1f s", q->drain_s);
    warn(r, "drain-cut", cut_remedy(q), "%s: %lld jobs were left", why, (long long)q->drain_left);
}

/* Ways in which this broker may lose jobs that were accepted. */
static void check_broker(struct result *r)
{
    const struct broker_health *health = &r->queue.health;
    if (health->is_away)
        warn(r, "broker-died", "check the broker's log; docs/queue.md says what may be lost",
             "the broker was away at the end of the run: jobs are not counted exactly, and those "
             "that it had accepted may be lost");
    else if (health->lost > 0)
        warn(r, "broker-died", "check the broker's log; docs/queue.md says what may be lost",
             "the gateway lost its connection to the broker %lld time%s during the run: jobs that "
             "the broker had accepted may be lost",
             (long long)health->lost, health->lost == 1 ? "" : "s");
    if (health->eviction != NULL)
        warn(r, "broker-evicts", "set maxmemory-policy noeviction there",
             "when its memory is full, the broker removes jobs (maxmemory-policy %s)",
             health->eviction);
    if (health->has_no_log)
        warn(r, "broker-no-log", "set appendonly yes there, unless jobs may be lost",
             "the broker has no append-only file: jobs that were accepted are lost when it dies");
}

static void check_queue(struct result *r)
{
    const struct queue_account *q = &r->queue;
    if (!r->has_queue) {
        if (result_is_queue(r))
            warn(r, "no-accounting", "repeat the run; the responses only show what was accepted",
                 "the gateway did not answer /stats at the start and end of the run, so accepted "
                 "and completed jobs are unknown");
        return;
    }
    check_broker(r);
    check_backlog(r);
    check_jobs(r);
    if (q->workers_lost != MISSING && q->workers_lost > 0)
        warn(
            r, "worker-died",
            "check the last lines that the target printed; their jobs are run again",
            "%lld worker processes exited or did not respond: their jobs are in the counts but not "
            "in the job latencies",
            (long long)q->workers_lost);
    check_drain(r);
}

void warnings_add(struct result *r)
{
    warnings_client(r);
    check_replies(r);
    warnings_losses(r);
    warnings_protocol(r);
    check_statuses(r);
    check_accepted(r);
    check_shape(r);
    check_stalls(r);
    check_suspended(r);
    warnings_warm_up(r);
    warnings_steps(r);
    check_target(r);
    check_queue(r);
    probe_warning_add(r);
    if (r->merged != NULL)
        warnings_merged(r);
    if (r->merged == NULL || r->has_server) /* the machine is that of the server */
        warnings_machine(r);
}
