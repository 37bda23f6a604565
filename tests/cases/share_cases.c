#include "cases/share_cases.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/rng.h"
#include "cases/render_parts.h"
#include "model/lateness.h"
#include "model/second.h"
#include "stat/hist_text.h"

#define SECONDS  5
#define STARTED  INT64_C(1795381445123000)
#define NAMES    2
#define REQUESTS 400 /* at most */

static const char *const ignored[] = {"share", "start_at", NULL};

static void record(struct hist *h, int64_t ns)
{
    if (h != NULL)
        hist_record(h, ns);
}

static uint64_t below(struct rng *rng, uint64_t n)
{
    return n == 0 ? 0 : rng_next(rng) % n;
}

static void add_text_setting(struct result *r, const char *name, char *text)
{
    char *copy = mem_strdup(name);
    result_add_setting(r, &(struct setting){.name = copy, .kind = SETTING_TEXT, .text = text});
    free(copy);
}

static void begin_hists(struct result *r, bool is_open)
{
    struct hist **const hists[] = {&r->unfinished, &r->connect, &r->first_byte, &r->work,
                                   &r->handshake};
    struct hist **const of_open[] = {&r->service, &r->slip, &r->lag, &r->unsent};
    for (size_t i = 0; i < LEN(hists); i++)
        *hists[i] = hist_new_latency();
    for (size_t i = 0; is_open && i < LEN(of_open); i++)
        *of_open[i] = hist_new_latency();
    r->named = mem_array(NAMES, sizeof *r->named);
    r->nnamed = NAMES;
    named_request_init(&r->named[0], "home", "GET", "/");
    named_request_init(&r->named[1], "buy", "POST", "/buy");
}

/* The run before its first request. */
static void begin(struct result *r, bool is_open, enum share_case_kind kind)
{
    render_run(r, SECONDS);
    r->url = mem_strdup("http://127.0.0.1:8080/");
    r->address = mem_strdup("127.0.0.1:8080");
    r->client.little_residual = NAN;
    r->client.cpu_user_s = r->client.cpu_system_s = 0.25;
    r->client.run_wait_s = 0.5;
    r->latency = hist_new_latency();
    if (kind == SHARE_CASE_WHOLE)
        begin_hists(r, is_open);
    r->nseconds = SECONDS;
    r->seconds = mem_array(SECONDS, sizeof *r->seconds);
    for (size_t i = 0; i < SECONDS; i++) {
        second_init(&r->seconds[i]);
        r->seconds[i].at_s = (double)(i + 1);
        r->seconds[i].length_s = 1;
        if (is_open)
            r->seconds[i].due = r->seconds[i].sent = r->seconds[i].late = 0;
    }
    if (!is_open)
        return;
    r->accounting.due = r->accounting.unsent = r->accounting.held = 0;
    r->client.spin_s = 0.5;
    r->offered.arrivals = mem_strdup("poisson");
}

/* --- requests --- */

/* One that is dealt to a share: the same happens to it in the whole. */
struct request {
    size_t second, name;
    int64_t latency_ns, slip_ns;
    int status; /* 0: it was lost */
    int fate;   /* of a lost one: 0 timed out, 1 in flight, 2 never sent, else a kind of loss */
};

static struct request draw(struct rng *rng, bool is_open)
{
    static const int statuses[] = {200, 200, 200, 201, 404, 503};
    struct request q = {.second = below(rng, SECONDS),
                        .name = below(rng, NAMES),
                        .latency_ns = (int64_t)(exp(rng_unit(rng) * 24)),
                        .slip_ns = (int64_t)(exp(rng_unit(rng) * 17))};
    if (below(rng, 10) > 0)
        q.status = statuses[below(rng, LEN(statuses))];
    else
        q.fate = (int)below(rng, 5);
    if (q.fate == 2 && !is_open)
        q.fate = 3;
    return q;
}

static void note_name(struct result *r, const struct request *q)
{
    struct named_counts *n = r->nnamed == 0 ? NULL : &r->named[q->name].counts;
    if (n == NULL || q->fate == 2)
        return;
    n->sent++;
    if (q->status != 0) {
        n->completed++;
        n->non_2xx += q->status / 100 != 2;
        hist_record(n->latency, q->latency_ns);
        return;
    }
    hist_record(n->unfinished, q->latency_ns);
    n->timed_out += q->fate == 0;
    n->failed += q->fate > 2;
}

static void complete(struct result *r, const struct request *q)
{
    struct accounting *a = &r->accounting;
    struct second *s = &r->seconds[q->second];
    bool is_bad = q->status / 100 != 2;
    a->completed++;
    a->statuses[q->status]++;
    a->non_2xx += is_bad;
    a->bytes_received += 200;
    s->requests++;
    s->non_2xx += is_bad;
    s->bytes += 200;
    record(r->latency, q->latency_ns);
    record(r->first_byte, q->latency_ns / 2);
    record(r->work, q->latency_ns / 3);
    record(r->service, q->latency_ns - q->latency_ns / 9);
}

/* A reason of its own for each kind. */
static void add_reason(struct accounting *a, enum loss_kind kind)
{
    for (size_t i = 0; i < a->nloss_reasons; i++) {
        if (a->loss_reasons[i].kind == kind) {
            a->loss_reasons[i].count++;
            return;
        }
    }
    a->loss_reasons = mem_grow(a->loss_reasons, a->nloss_reasons + 1, sizeof *a->loss_reasons);
    a->loss_reasons[a->nloss_reasons++] =
        (struct loss_reason){.kind = kind, .text = mem_strdup("because"), .count = 1};
}

static void lose(struct result *r, const struct request *q)
{
    struct accounting *a = &r->accounting;
    struct second *s = &r->seconds[q->second];
    record(r->unfinished, q->latency_ns);
    if (q->fate == 2) {
        a->unsent++;
        record(r->unsent, q->latency_ns);
        return;
    }
    if (q->fate == 1) {
        a->in_flight_at_end++;
        return;
    }
    s->errors++;
    if (q->fate == 0) {
        a->timed_out++;
        return;
    }
    a->failed[q->fate]++;
    add_reason(a, (enum loss_kind)q->fate);
}

static void send_one(struct result *r, const struct request *q)
{
    struct accounting *a = &r->accounting;
    struct second *s = &r->seconds[q->second];
    note_name(r, q);
    if (q->status != 0)
        complete(r, q);
    else
        lose(r, q);
    if (a->due != MISSING) {
        a->due++;
        s->due++;
        record(r->lag, q->slip_ns / 2);
    }
    if (q->fate == 2)
        return;
    a->sent++;
    a->bytes_sent += 60;
    if (a->due != MISSING) {
        s->sent++;
        s->late += q->slip_ns > RESULT_LATE_NS;
        record(r->slip, q->slip_ns);
    }
}

/* --- what follows from the requests --- */

static void add_series(struct result *r, struct hist *const *latencies)
{
    r->series_latency = hist_series_new();
    for (size_t i = 0; i < SECONDS; i++) {
        const struct hist *h = latencies[i];
        struct second *s = &r->seconds[i];
        hist_series_add(r->series_latency, h);
        if (hist_count(h) == 0)
            continue;
        s->max_ns = hist_max_ns(h);
        second_set_percentiles(s, h);
    }
}

/* One share samples the server, which worked for all of them; and a probe and a queue likewise. */
static void add_measured_once(struct result *r)
{
    double cpu_us = 3.25e6;
    int64_t replies = accounting_replies(&r->accounting);
    r->has_server = true;
    r->server.total.cpu_user_s = 3;
    r->server.total.cpu_system_s = 0.25;
    r->server.total.cpu_per_request_us = replies > 0 ? cpu_us / (double)replies : NAN;
    struct process_cost *only = result_add_process(r, "target", 4242);
    char *role = only->role;
    *only = r->server.total;
    only->role = role;
    only->pid = 4242;
    r->has_queue = true;
    r->queue.broker = mem_strdup("sqlite");
    r->queue.completed = 100;
    r->queue.completed_per_s = 100.0 / SECONDS;
    r->has_probe = true;
    r->probe_counts.path = mem_strdup("/ping");
    r->probe_counts.all.due = 20;
    r->probe_counts.all.completed = 20;
    r->probe = hist_new_latency();
    hist_record_n(r->probe, NS_PER_MS, 20);
}

static void settle(struct result *r, struct hist *const *latencies)
{
    struct client_cost *c = &r->client;
    struct accounting *a = &r->accounting;
    if (a->in_flight_at_end > 0)
        a->oldest_in_flight_ns = 77;
    a->connected = r->connections;
    int64_t replies = accounting_replies(a);
    c->cpu_per_request_us =
        replies > 0 ? (c->cpu_user_s + c->cpu_system_s) * 1e6 / (double)replies : NAN;
    add_series(r, latencies);
    c->late = lateness_of(r).is_own;
    double mean_s = hist_mean_ns(r->latency) / (double)NS_PER_S;
    if (a->due == MISSING)
        c->little_residual = 1 - result_requests_per_second(r) * mean_s / (double)r->connections;
}

/* Share i of `count`: its part of the connections, and of the whole's costs. */
static void become_share(struct result *r, size_t i, size_t count)
{
    int64_t n = (int64_t)count;
    r->share = mem_zalloc(sizeof *r->share);
    *r->share = (struct share){.index = (int64_t)i,
                               .count = n,
                               .host = mem_printf("host-%zu", i),
                               .start_us = STARTED,
                               .start_skew_us = NAN,
                               .clock_error_us = NAN};
    r->connections = 100 * ((int64_t)i + 1) / n - 100 * (int64_t)i / n;
    r->offered.rate_rps = r->offered.arrivals == NULL ? NAN : 3000.0 / (double)n;
    r->offered.max_connections = r->offered.arrivals == NULL ? MISSING : r->connections;
    char *of = mem_printf("%zu/%zu", i, count);
    char *argv[] = {r->argv[0], r->argv[1], mem_strdup("--share"), of};
    add_text_setting(r, "share", of);
    r->argv = mem_grow(r->argv, r->nargv + 2, sizeof *r->argv);
    memmove(r->argv + 4, r->argv + 2, (r->nargv - 2) * sizeof *r->argv);
    memcpy(r->argv, argv, sizeof argv);
    r->nargv += 2;
}

static void become_whole(struct result *r, size_t count)
{
    double n = (double)count;
    r->workers = (int64_t)count;
    r->client.cpu_user_s *= n;
    r->client.cpu_system_s *= n;
    r->client.run_wait_s *= n;
    r->client.spin_s *= n;
    r->fairness.jain = NAN;
    r->offered.rate_rps = r->offered.arrivals == NULL ? NAN : 3000;
    r->offered.max_connections = r->offered.arrivals == NULL ? MISSING : 100;
}

/* --- dealing --- */

static struct hist **latencies_new(void)
{
    struct hist **all = mem_array(SECONDS, sizeof(struct hist *));
    for (size_t i = 0; i < SECONDS; i++)
        all[i] = hist_text_new();
    return all;
}

static void latencies_free(struct hist **all)
{
    for (size_t i = 0; i < SECONDS; i++)
        hist_free(all[i]);
    free(all);
}

static void note(struct hist **latencies, const struct request *q)
{
    if (q->status != 0)
        hist_record(latencies[q->second], q->latency_ns);
}

static void deal(struct share_case *c, struct rng *rng, bool is_open)
{
    struct hist **of_whole = latencies_new();
    struct hist **of_part[SHARE_CASE_PARTS];
    for (size_t i = 0; i < SHARE_CASE_PARTS; i++)
        of_part[i] = latencies_new();
    for (uint64_t i = below(rng, REQUESTS); i > 0; i--) {
        struct request q = draw(rng, is_open);
        size_t to = below(rng, c->count);
        send_one(&c->whole, &q);
        send_one(&c->parts[to], &q);
        note(of_whole, &q);
        note(of_part[to], &q);
    }
    settle(&c->whole, of_whole);
    for (size_t i = 0; i < c->count; i++)
        settle(&c->parts[i], of_part[i]);
    for (size_t i = 0; i < SHARE_CASE_PARTS; i++)
        latencies_free(of_part[i]);
    latencies_free(of_whole);
    if (c->whole.unfinished == NULL)
        return; /* a bare one */
    add_measured_once(&c->whole);
    add_measured_once(&c->parts[below(rng, c->count)]);
}

static void shuffle(struct share_case *c, struct rng *rng)
{
    for (size_t i = 0; i < c->count; i++)
        c->inputs[i] = (struct merge_input){.name = c->parts[i].share->host, .r = &c->parts[i]};
    for (size_t i = c->count; i > 1; i--) {
        size_t k = below(rng, i);
        struct merge_input last = c->inputs[i - 1];
        c->inputs[i - 1] = c->inputs[k];
        c->inputs[k] = last;
    }
}

static int by_kind(const void *a, const void *b)
{
    return (int)((const struct loss_reason *)a)->kind - (int)((const struct loss_reason *)b)->kind;
}

void share_case_order(struct accounting *a)
{
    if (a->nloss_reasons > 0)
        qsort(a->loss_reasons, a->nloss_reasons, sizeof *a->loss_reasons, by_kind);
}

void share_case(uint64_t seed, enum share_case_kind kind, struct share_case *out)
{
    struct rng rng;
    rng_init(&rng, seed);
    *out = (struct share_case){.count = 1 + below(&rng, SHARE_CASE_PARTS)};
    bool is_open = below(&rng, 2) == 0;
    begin(&out->whole, is_open, kind);
    become_whole(&out->whole, out->count);
    for (size_t i = 0; i < out->count; i++) {
        begin(&out->parts[i], is_open, kind);
        become_share(&out->parts[i], i, out->count);
    }
    deal(out, &rng, is_open);
    share_case_order(&out->whole.accounting);
    shuffle(out, &rng);
    out->merge = (struct merge){
        .inputs = out->inputs, .ninputs = out->count, .ignored = ignored, .until_s = NAN};
}

void share_case_fini(struct share_case *c)
{
    result_fini(&c->whole);
    for (size_t i = 0; i < c->count; i++)
        result_fini(&c->parts[i]);
}
