#include "store/result_check.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "model/lateness.h"
#include "model/plan.h"
#include "store/agree.h"
#include "store/fields.h"
#include "store/result_figures.h"
#include "store/series_latency.h"

#define ROUNDED         1e-6 /* of a duration in a document */
#define STAGES_TEXT_MAX 8192
#define PLACE           64 /* bytes of "server.processes[123456]" */

/* --- counts --- */

/* After the loss of a host, or of all of them, a result is made of what the seconds tell, which is
 * less. */
static bool is_of_seconds(const struct result *r)
{
    return r->merged != NULL ? !isnan(r->merged->lost_after_s) : r->interrupted && !r->valid;
}

static int check_open_hists(const struct result *r, struct err *err)
{
    const struct accounting *a = &r->accounting;
    bool is_untold = is_of_seconds(r) && r->service == NULL && r->slip == NULL;
    if (!is_untold && (agree_timed("service", r->service, r, err) < 0 ||
                       agree_hist("slip", r->slip, a->sent, "accounting.sent", err) < 0))
        return -1;
    if (r->lag != NULL && agree_hist("lag", r->lag, a->due, "accounting.due", err) < 0)
        return -1;
    return agree_hist("unsent", r->unsent, a->unsent, "accounting.unsent", err);
}

/* Of a constant rate no more can be due than it gives, in the longest of the threads' windows. */
static int check_offered(const struct result *r, struct err *err)
{
    const struct offered_load *o = &r->offered;
    bool is_even = o->stages == NULL && o->arrivals != NULL && strcmp(o->arrivals, "constant") == 0;
    int64_t runs = r->merged == NULL ? 1 : (int64_t)r->merged->nparts;
    double windows = (double)r->workers * (r->rounds > 0 ? (double)r->rounds : 1);
    double most = ceil(o->rate_rps * r->duration_s * (1 + ROUNDED)) + windows + (double)(runs - 1);
    if (!result_is_open_loop(r))
        return 0;
    if (is_even && r->duration_s > 0 && (double)r->accounting.due > most)
        return field_problem("offered", "rate", "is less than duration and accounting.due give",
                             err);
    if (o->max_connections < r->connections || o->max_connections > PLAN_CONNECTIONS_MAX)
        return field_problem("offered", "max_connections",
                             "is less than connections, or more than any run has", err);
    if (o->stages != NULL && strlen(o->stages) > STAGES_TEXT_MAX)
        return field_problem("offered", "stages", "are more than any run has", err);
    if (r->client.nthreads > 0 && (int64_t)r->client.nthreads != r->workers)
        return field_problem("client", "threads", "are not as many as workers", err);
    if (r->client.late != lateness_of(r).is_own)
        return field_problem("client", "late", "is not what the histograms lag and slip give", err);
    return 0;
}

static int check_hists(const struct result *r, struct err *err)
{
    int64_t connected = r->accounting.connected;
    if (agree_requests(r, err) < 0)
        return -1;
    if (r->first_byte != NULL && agree_timed("first_byte", r->first_byte, r, err) < 0)
        return -1;
    if (!result_is_open_loop(r) && (r->slip != NULL || r->lag != NULL))
        return field_problem("histograms", r->slip != NULL ? "slip" : "lag",
                             "is known, and accounting.due is not", err);
    if (result_is_open_loop(r) && check_open_hists(r, err) < 0)
        return -1;
    int64_t after = r->accounting.completed_after_end;
    if (agree_hist("after_end", r->after_end, after == MISSING ? 0 : after,
                   "accounting.completed_after_end", err) < 0)
        return -1;
    /* Connections that were opened before the window are connected, and have no time. */
    if (r->connect != NULL && hist_count(r->connect) > (uint64_t)connected)
        return field_problem("histograms", "connect", "holds more than accounting.connected", err);
    return 0;
}

/* A probe's histogram may be missing: then there is no figure to believe. */
static int check_probe(const char *key, const struct hist *h, int64_t count, const char *what,
                       struct err *err)
{
    return h == NULL ? 0 : agree_hist(key, h, count, what, err);
}

/* Of the probes that went on an open connection, and of those that had one opened. */
static int check_probes(const json_t *doc, const struct result *r, struct err *err)
{
    const struct probe_fate *opened = &r->probe_counts.opened;
    const struct probe_fate kept = probe_kept(&r->probe_counts);
    bool is_old = json_object_get(json_object_get(doc, "probe"), "new") == NULL;
    if (!r->has_probe)
        return 0;
    if (check_probe("probe", r->probe, kept.completed, "probe.completed less probe.new.completed",
                    err) < 0)
        return -1;
    if (is_old) /* with failed ones among the unfinished */
        return 0;
    if (check_probe("probe_unfinished", r->probe_unfinished, kept.timed_out + kept.open_at_end,
                    "probe.timed_out + open_at_end less those of probe.new", err) < 0 ||
        check_probe("probe_new", r->probe_new, opened->completed, "probe.new.completed", err) < 0)
        return -1;
    return check_probe("probe_new_unfinished", r->probe_new_unfinished,
                       opened->timed_out + opened->open_at_end, "probe.new.timed_out + open_at_end",
                       err);
}

static int check_sum(const char *what, int64_t sum, const char *of, int64_t count, struct err *err)
{
    char problem[120];
    if (sum == count)
        return 0;
    (void)snprintf(problem, sizeof problem, "has %" PRId64 " %s, and %s is %" PRId64, sum, what, of,
                   count);
    return field_problem("", "series", problem, err);
}

/* Untrusted counts of many seconds could overflow. */
static void add(int64_t *sum, int64_t count)
{
    *sum = count > INT64_MAX - *sum ? INT64_MAX : *sum + count;
}

/* All three are known in an open loop, and none in a closed one. */
static bool is_open_second(const struct second *s, bool is_open)
{
    if (!is_open)
        return s->due == MISSING && s->sent == MISSING && s->late == MISSING;
    return s->due != MISSING && s->sent != MISSING && s->late != MISSING && s->late <= s->sent;
}

/* Each by itself, and beside the one before it. */
static int check_seconds(const struct result *r, struct err *err)
{
    for (size_t i = 0; i < r->nseconds; i++) {
        if (!is_open_second(&r->seconds[i], result_is_open_loop(r)))
            return field_problem("", "series", "has due, sent and late that do not fit each other",
                                 err);
        if (i > 0 && !(r->seconds[i].at_s >= r->seconds[i - 1].at_s))
            return field_problem("", "series", "is not in the order of at_s", err);
    }
    return 0;
}

static int check_open_sums(const struct result *r, struct err *err)
{
    const struct accounting *a = &r->accounting;
    int64_t due = 0;
    int64_t sent = 0;
    if (!result_is_open_loop(r))
        return 0;
    for (size_t i = 0; i < r->nseconds; i++) {
        add(&due, r->seconds[i].due);
        add(&sent, r->seconds[i].sent);
    }
    if (check_sum("due", due, "accounting.due", a->due, err) < 0)
        return -1;
    return check_sum("sent", sent, "accounting.sent", a->sent, err);
}

static int check_series(const struct result *r, struct err *err)
{
    const struct accounting *a = &r->accounting;
    struct second sum = {0};
    if (r->nseconds == 0)
        return 0;
    for (size_t i = 0; i < r->nseconds; i++) {
        add(&sum.requests, r->seconds[i].requests);
        add(&sum.errors, r->seconds[i].errors);
        add(&sum.non_2xx, r->seconds[i].non_2xx);
        add(&sum.bytes, r->seconds[i].bytes);
    }
    if (check_seconds(r, err) < 0 ||
        check_sum("requests", sum.requests, "accounting.completed", a->completed, err) < 0 ||
        check_sum("errors", sum.errors, "accounting.timed_out + failed",
                  a->timed_out + accounting_failed(a), err) < 0 ||
        check_sum("non_2xx", sum.non_2xx, "accounting.non_2xx", a->non_2xx, err) < 0 ||
        check_open_sums(r, err) < 0)
        return -1;
    return check_sum("bytes", sum.bytes, "accounting.bytes_received", a->bytes_received, err);
}

/* --- costs and rates --- */

static int check_costs(const struct result *r, struct err *err)
{
    const struct server_cost *s = &r->server;
    int64_t replies = accounting_replies(&r->accounting);
    if (agree_cpu("client", r->client.cpu_user_s + r->client.cpu_system_s,
                  r->client.cpu_per_request_us, replies, err) < 0 ||
        (r->has_server && agree_cpu("server.total", process_cpu_s(&s->total),
                                    s->total.cpu_per_request_us, replies, err) < 0))
        return -1;
    for (size_t i = 0; i < s->nprocesses; i++) {
        char where[PLACE];
        (void)snprintf(where, sizeof where, "server.processes[%zu]", i);
        if (agree_cpu(where, process_cpu_s(&s->processes[i]), s->processes[i].cpu_per_request_us,
                      replies, err) < 0)
            return -1;
    }
    return 0;
}

/* What ties the duration to the other figures. */
static int check_duration(const struct result *r, struct err *err)
{
    const struct queue_account *q = &r->queue;
    double open = (double)r->connections * (double)r->pipelining;
    double mean_ns = r->latency == NULL ? NAN : hist_mean_ns(r->latency);
    double busy = result_requests_per_second(r) * mean_ns / (double)NS_PER_S;
    bool has_rate = r->has_queue && q->completed != MISSING && r->duration_s > 0;
    double rate = has_rate ? (double)q->completed / r->duration_s : NAN;
    if (r->duration_s > 0 && r->duration_s * (double)NS_PER_S < 1)
        return field_problem("", "duration", "is less than a nanosecond", err);
    if (!isnan(r->client.little_residual) &&
        !agree_figure(1 - r->client.little_residual, busy / open, 1))
        return field_problem("client", "little_residual",
                             "is not what duration, connections and latency give", err);
    if (r->has_queue && !agree_figure(q->completed_per_s, rate, 0))
        return field_problem("queue", "completed_per_s", "is not queue.completed over the duration",
                             err);
    return 0;
}

/* --- what other tools read --- */

static double number_of(const json_t *value)
{
    return json_is_number(value) ? json_number_value(value) : NAN;
}

/* Counts are exact, other figures rounded. */
static bool agrees(const json_t *said, const json_t *derived, double scale)
{
    if (json_is_integer(derived))
        return json_is_integer(said) && json_integer_value(said) == json_integer_value(derived);
    return agree_figure(number_of(said), number_of(derived), scale);
}

/* A standard deviation of equal values is rounded by their own size. */
int result_check_derived(const json_t *doc, const char *name, json_t *figures, struct err *err)
{
    const json_t *object = json_object_get(doc, name);
    double mean = number_of(json_object_get(figures, "mean"));
    double scale = isnan(mean) ? 0 : mean;
    const char *wrong = NULL;
    const char *key = NULL;
    json_t *derived = NULL;
    json_object_foreach(figures, key, derived)
    {
        const json_t *said = json_object_get(object, key);
        if (wrong == NULL && !agrees(said, derived, scale))
            wrong = key;
    }
    int result =
        wrong == NULL
            ? 0
            : field_problem(name, wrong, "contradicts the histograms, series and accounting", err);
    json_decref(figures);
    return result;
}

int result_check(const json_t *doc, const struct result *r, struct err *err)
{
    if (check_offered(r, err) < 0 || check_hists(r, err) < 0 || check_probes(doc, r, err) < 0 ||
        check_series(r, err) < 0)
        return -1;
    if (series_latency_check(r, err) < 0 || check_costs(r, err) < 0 || check_duration(r, err) < 0)
        return -1;
    if (result_check_derived(doc, "latency", latency_figures(r->latency), err) < 0 ||
        result_check_derived(doc, "requests", result_request_figures(r), err) < 0)
        return -1;
    return result_check_derived(doc, "throughput", result_throughput_figures(r), err);
}
