#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "load/load_internal.h"

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Jain, Chiu and Hawe (1984): (sum x)^2 / (n sum x^2). */
static void collect_fairness(const struct load *l, struct fairness *f)
{
    size_t n = 0;
    double sum = 0;
    double squares = 0;
    int connections = l->spec.schedule == NULL ? l->spec.connections : l->spec.max_connections;
    int64_t *completed = mem_array((size_t)connections, sizeof *completed);
    f->starved = 0;
    for (int i = 0; i < l->nworkers; i++) {
        for (int k = 0; k < l->workers[i].nconns; k++) {
            int64_t count = l->workers[i].conns[k].completed;
            if (l->spec.schedule != NULL && l->workers[i].conns[k].connect_ns == 0)
                continue; /* it was never needed */
            completed[n++] = count;
            f->starved += count == 0;
            sum += (double)count;
            squares += (double)count * (double)count;
        }
    }
    qsort(completed, n, sizeof *completed, by_value);
    f->min = completed[0];
    f->median = completed[n > 0 ? (n - 1) / 2 : 0];
    f->max = completed[n > 0 ? n - 1 : 0];
    f->jain = squares > 0 ? sum * sum / ((double)n * squares) : NAN;
    free(completed);
}

static void add_thread(struct client_cost *c, const struct worker *w)
{
    c->threads[c->nthreads++] =
        (struct thread_cost){.cpu_s = w->used.cpu_s - w->spun_s, .run_wait_s = w->used.run_wait_s};
}

/* The overall window: from the first worker's start to the last one's end. */
static void collect_times(const struct load *l, struct result *r)
{
    int64_t first_ns = INT64_MAX;
    int64_t last_ns = 0;
    r->client.busiest_worker = 0;
    r->client.run_wait_s = 0;
    r->client.spin_s = l->spec.schedule == NULL ? NAN : 0;
    r->client.threads = mem_array((size_t)l->nworkers, sizeof *r->client.threads);
    r->client.nthreads = 0;
    for (int i = 0; i < l->nworkers; i++) {
        const struct worker *w = &l->workers[i];
        if (!w->measuring)
            continue;
        double wall_s = (double)(w->end_ns - w->window_ns) / 1e9;
        first_ns = w->window_ns < first_ns ? w->window_ns : first_ns;
        last_ns = w->end_ns > last_ns ? w->end_ns : last_ns;
        add_thread(&r->client, w);
        r->client.run_wait_s += w->used.run_wait_s;
        r->client.spin_s += w->spun_s;
        if (wall_s > 0)
            r->client.busiest_worker =
                fmax(r->client.busiest_worker, (w->used.cpu_s - w->spun_s) / wall_s);
    }
    r->duration_s = last_ns > first_ns ? (double)(last_ns - first_ns) / 1e9 : 0;
}

/* See accounting.gone_after_ns. */
static int64_t server_gone_after_ns(const struct load *l, const struct accounting *a)
{
    int64_t window_ns = INT64_MAX;
    int64_t last_reply_ns = 0;
    int64_t connect_failed_ns = 0;
    int open = 0;
    for (int i = 0; i < l->nworkers; i++) {
        const struct conn_env *env = &l->workers[i].env;
        window_ns = l->workers[i].window_ns < window_ns ? l->workers[i].window_ns : window_ns;
        if (env->last_reply_ns > last_reply_ns)
            last_reply_ns = env->last_reply_ns;
        if (env->connect_failed_ns > connect_failed_ns)
            connect_failed_ns = env->connect_failed_ns;
        open += l->workers[i].open_at_end;
    }
    bool is_gone = a->completed > 0 && open == 0 && connect_failed_ns > last_reply_ns;
    return is_gone && last_reply_ns > window_ns ? last_reply_ns - window_ns : MISSING;
}

static void take_hists(struct tally *sum, struct result *r)
{
    r->first_byte = tally_first_byte(sum);
    r->latency = sum->latency;
    r->unfinished = sum->unfinished;
    r->connect = sum->connect;
    sum->latency = sum->unfinished = sum->connect = NULL;
    if (sum->counts.completed_after_end != MISSING) {
        r->after_end = sum->after_end;
        sum->after_end = NULL;
    }
    if (r->has_tls) {
        r->handshake = sum->handshake;
        sum->handshake = NULL;
    }
    if (sum->counts.due == MISSING)
        return;
    r->service = sum->service;
    r->slip = sum->slip;
    r->unsent = sum->unsent;
    r->lag = sum->lag;
    sum->service = sum->slip = sum->unsent = sum->lag = NULL;
}

/* Of the origins that have TLS, all have the same options. */
static const struct tls_client *client_of(const struct load_spec *spec)
{
    const struct tls_client *tls = NULL;
    for (size_t i = 0; i < spec->norigins && tls == NULL; i++)
        tls = spec->origins[i].tls;
    return tls;
}

static void take_named(const struct load *l, struct tally *sum, struct result *r)
{
    if (!l->spec.is_named)
        return;
    r->named = mem_array(sum->nnames, sizeof *r->named);
    r->nnamed = sum->nnames;
    for (size_t i = 0; i < sum->nnames; i++) {
        const struct source_name *name = &l->spec.names[i];
        r->named[i] = (struct named_request){.name = mem_strdup(name->name),
                                             .method = mem_strdup_or_null(name->method),
                                             .path = mem_strdup_or_null(name->path),
                                             .counts = sum->names[i]};
        sum->names[i] = (struct named_counts){0};
    }
}

static void collect_protocols(const struct load *l, const struct tally *sum, struct result *r)
{
    const struct tally_http2 *http2 = &sum->http2;
    const struct tls_client *tls = client_of(&l->spec);
    r->has_tls = tls != NULL;
    r->has_http2 = l->spec.http2;
    if (r->has_tls)
        r->tls = (struct tls_use){.version = mem_strdup_or_null(sum->tls.version),
                                  .cipher = mem_strdup_or_null(sum->tls.cipher),
                                  .library = mem_strdup(tls_library()),
                                  .handshakes = sum->tls.handshakes,
                                  .resumed = sum->tls.resumed,
                                  .is_mixed = sum->tls.is_mixed,
                                  .is_verified = tls_client_verifies(tls)};
    if (r->has_http2)
        r->http2 = (struct http2_use){
            .max_streams = http2->max_streams == UINT32_MAX ? MISSING : http2->max_streams,
            .limit_changes = http2->limit_changes,
            .goaways = http2->goaways,
            .blocked = http2->blocked,
            .blocked_s = (double)http2->blocked_ns / 1e9};
}

/* One that waits to be told when it is over may have been longer than was asked for. */
static double warmed_s(const struct load *l)
{
    const struct worker *first = &l->workers[0];
    bool is_told = l->spec.start_at_ns == LOAD_START_TOLD;
    return (double)(is_told ? first->window_ns - first->warm_ns : l->spec.warmup_ns) / 1e9;
}

static struct warmup *collect_warmup(const struct load *l)
{
    struct tally sum;
    if (l->spec.warmup_ns == 0)
        return NULL;
    tally_init(&sum, l->spec.nnames);
    for (int i = 0; i < l->nworkers; i++)
        tally_merge(&sum, &l->workers[i].warmup);
    const struct accounting *a = &sum.counts;
    struct warmup *w = mem_zalloc(sizeof *w);
    *w = (struct warmup){.duration_s = warmed_s(l),
                         .connections = l->spec.warmup_connections,
                         .sent = a->sent,
                         .completed = a->completed,
                         .timed_out = a->timed_out,
                         .failed = accounting_failed(a),
                         .connect_failed = a->connect_failed,
                         .mismatches = a->mismatches,
                         .bytes_received = a->bytes_received,
                         .latency = sum.latency};
    memcpy(w->statuses, a->statuses, sizeof w->statuses);
    sum.latency = NULL;
    tally_fini(&sum);
    return w;
}

void load_collect(struct load *l, struct result *r)
{
    struct tally sum;
    tally_init(&sum, l->spec.nnames);
    for (int i = 0; i < l->nworkers; i++)
        tally_merge(&sum, &l->workers[i].env.tally);
    r->accounting = tally_accounting(&sum);
    r->warmup = collect_warmup(l);
    struct accounting *a = &r->accounting;
    for (size_t status = 0; status < LEN(a->statuses); status++) {
        if (status / 100 != 2)
            a->non_2xx += a->statuses[status];
    }
    a->gone_after_ns = server_gone_after_ns(l, a);
    collect_protocols(l, &sum, r);
    take_named(l, &sum, r);
    take_hists(&sum, r);
    tally_fini(&sum);
    r->seconds = board_finish(l->board, &r->nseconds);
    r->series_latency = board_take_series(l->board);
    collect_times(l, r);
    collect_fairness(l, &r->fairness);
    r->bailed_out = atomic_load(&l->bailout.reached);
    /* What is in the system is not known beforehand, or how long all of it took. */
    if (l->spec.schedule != NULL || l->spec.connect_rps > 0 ||
        (l->spec.exclude_errors && a->non_2xx > 0)) {
        r->client.little_residual = NAN;
        return;
    }
    double open = (double)l->spec.connections * l->spec.pipelining;
    double busy = result_requests_per_second(r) * hist_mean_ns(r->latency) / 1e9;
    r->client.little_residual = 1 - busy / open; /* NAN when nothing completed */
}
