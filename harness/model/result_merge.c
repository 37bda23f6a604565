#include "model/result_merge.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "model/merge_internal.h"
#include "model/result_sum.h"

#define RATE_DIGITS 9 /* thirds of a rate are a rate again */

/* --- what adds up --- */

/* The histograms that result_sum_parallel leaves out: of replies that say what the server did, and
 * of what one share alone measures. */
static void add_hists(struct result *out, const struct result *r)
{
    struct hist **const to[] = {&out->wait,
                                &out->work,
                                &out->job,
                                &out->probe,
                                &out->probe_unfinished,
                                &out->probe_new,
                                &out->probe_new_unfinished};
    const struct hist *const from[] = {r->wait,
                                       r->work,
                                       r->job,
                                       r->probe,
                                       r->probe_unfinished,
                                       r->probe_new,
                                       r->probe_new_unfinished};
    for (size_t i = 0; i < LEN(to); i++)
        result_sum_hist(to[i], from[i]);
}

static void add_warmup(struct result *out, const struct result *r)
{
    const struct warmup *from = r->warmup;
    if (from == NULL)
        return;
    if (out->warmup == NULL) {
        out->warmup = mem_zalloc(sizeof *out->warmup);
        out->warmup->duration_s = from->duration_s;
    }
    struct warmup *to = out->warmup;
    to->connections += from->connections;
    to->sent += from->sent;
    to->completed += from->completed;
    to->timed_out += from->timed_out;
    to->failed += from->failed;
    to->connect_failed += from->connect_failed;
    to->mismatches += from->mismatches;
    to->bytes_received += from->bytes_received;
    for (size_t i = 0; i < LEN(to->statuses); i++)
        to->statuses[i] += from->statuses[i];
    result_sum_hist(&to->latency, from->latency);
}

/* An older file may not tell of its threads; then nothing is told of any, and so of too many. */
static bool tells_threads(const struct merge *m)
{
    size_t count = 0;
    for (size_t i = 0; i < m->ninputs; i++) {
        if (m->inputs[i].r->client.nthreads == 0)
            return false;
        count += m->inputs[i].r->client.nthreads;
    }
    return count <= RESULT_THREADS_MAX;
}

static void add_threads(const struct merge *m, struct client_cost *out)
{
    if (!tells_threads(m))
        return;
    for (size_t i = 0; i < m->ninputs; i++) {
        const struct client_cost *c = &m->inputs[i].r->client;
        out->threads = mem_grow(out->threads, out->nthreads + c->nthreads, sizeof *out->threads);
        memcpy(out->threads + out->nthreads, c->threads, c->nthreads * sizeof *c->threads);
        out->nthreads += c->nthreads;
    }
}

static void add_offered(struct offered_load *out, const struct offered_load *o)
{
    if (o->arrivals == NULL)
        return;
    if (out->arrivals == NULL) {
        *out = (struct offered_load){.arrivals = mem_strdup(o->arrivals),
                                     .stages = mem_strdup_or_null(o->stages),
                                     .from_sending = o->from_sending};
    }
    out->rate_rps += o->rate_rps;
    out->max_connections += o->max_connections;
}

static double rounded(double x)
{
    char text[40];
    (void)snprintf(text, sizeof text, "%.*g", RATE_DIGITS, x);
    return strtod(text, NULL);
}

static void add_all(const struct merge *m, struct result *out)
{
    out->client.busiest_worker = NAN;
    out->machine.suspended_s = NAN;
    for (size_t i = 0; i < m->ninputs; i++) {
        const struct result *r = m->inputs[i].r;
        result_sum_parallel(out, r);
        add_hists(out, r);
        add_warmup(out, r);
        add_offered(&out->offered, &r->offered);
        out->connections += r->connections;
        out->workers += r->workers;
        out->client.busiest_worker = fmax(out->client.busiest_worker, r->client.busiest_worker);
        out->machine.suspended_s = fmax(out->machine.suspended_s, r->machine.suspended_s);
    }
    out->offered.rate_rps = rounded(out->offered.rate_rps);
    out->client.saturated = out->client.busiest_worker > RESULT_SATURATED_CORES;
    add_threads(m, &out->client);
}

/* --- what does not --- */

/* Of how many connections: Jain's index is (sum x)^2 / (n sum x^2). The median is lost. */
static void merge_fairness(const struct merge *m, struct fairness *out)
{
    double n = 0;
    double sum = 0;
    double squares = 0;
    out->min = INT64_MAX;
    out->max = out->starved = 0;
    for (size_t i = 0; i < m->ninputs; i++) {
        const struct result *r = m->inputs[i].r;
        const struct fairness *f = &r->fairness;
        double completed = (double)r->accounting.completed;
        if (f->min == MISSING || f->max == MISSING || f->starved == MISSING) {
            *out = (struct fairness){MISSING, MISSING, MISSING, MISSING, NAN};
            return;
        }
        out->min = f->min < out->min ? f->min : out->min;
        out->max = f->max > out->max ? f->max : out->max;
        out->starved += f->starved;
        n += (double)r->connections;
        sum += completed;
        squares += completed > 0 ? completed * completed / ((double)r->connections * f->jain) : 0;
    }
    bool is_fixed = !result_is_open_loop(m->inputs[0].r); /* else the connections are not counted */
    out->jain = is_fixed && squares > 0 ? fmin(1, sum * sum / (n * squares)) : NAN;
}

/* Little's law for a loop whose connections are known: see load_collect.c. A share in which nothing
 * completed does not know it either. */
static double little_residual(const struct merge *m, const struct result *out)
{
    for (size_t i = 0; i < m->ninputs; i++) {
        const struct result *r = m->inputs[i].r;
        if (isnan(r->client.little_residual) && r->accounting.completed > 0)
            return NAN;
    }
    double open = (double)out->connections * (double)out->pipelining;
    double mean_s = out->latency == NULL ? NAN : hist_mean_ns(out->latency) / (double)NS_PER_S;
    return 1 - result_requests_per_second(out) * mean_s / open;
}

/* The server worked for the requests of all shares. */
static void settle_cost(const struct result *out, struct process_cost *c)
{
    int64_t replies = accounting_replies(&out->accounting);
    c->cpu_per_request_us = replies > 0 ? process_cpu_s(c) * 1e6 / (double)replies : NAN;
}

static void copy_server(struct result *out, const struct result *r)
{
    out->has_server = true;
    out->server.total = r->server.total;
    out->server.total.role = mem_strdup_or_null(r->server.total.role);
    settle_cost(out, &out->server.total);
    for (size_t i = 0; i < r->server.nprocesses; i++) {
        const struct process_cost *from = &r->server.processes[i];
        struct process_cost *to = result_add_process(out, from->role, from->pid);
        char *role = to->role;
        *to = *from;
        to->role = role;
        settle_cost(out, to);
    }
}

static void copy_once(struct result *out, const struct result *r)
{
    if (r->has_server)
        copy_server(out, r);
    if (r->has_probe) {
        out->has_probe = true;
        out->probe_counts = r->probe_counts;
        out->probe_counts.path = mem_strdup_or_null(r->probe_counts.path);
    }
    if (r->has_queue) {
        out->has_queue = true;
        out->queue = r->queue;
        out->queue.broker = mem_strdup_or_null(r->queue.broker);
        out->queue.health.eviction = NULL;
        if (r->queue.completed != MISSING)
            out->queue.completed_per_s = (double)r->queue.completed / out->duration_s;
    }
}

/* The host that sampled the server, or the first one: of its machine and its target is told. */
static const struct result *owner_of(const struct merge *m)
{
    for (size_t i = 0; i < m->ninputs; i++) {
        if (m->inputs[i].r->has_server)
            return m->inputs[i].r;
    }
    return m->inputs[0].r;
}

static void copy_environment(struct environment *out, const struct environment *e)
{
    *out = *e;
    char **const texts[] = {&out->hostname,  &out->os,       &out->kernel,       &out->arch,
                            &out->cpu_model, &out->governor, &out->libuv_version};
    for (size_t i = 0; i < LEN(texts); i++)
        *texts[i] = mem_strdup_or_null(*texts[i]);
}

static void copy_target(struct result *out, const struct result *r)
{
    char **const to[] = {&out->strategy, &out->command, &out->original, &out->work_kind,
                         &out->target_end};
    char *const from[] = {r->strategy, r->command, r->original, r->work_kind, r->target_end};
    for (size_t i = 0; i < LEN(to); i++)
        *to[i] = mem_strdup_or_null(from[i]);
    out->work_n = r->work_n;
    out->target_counted = r->target_counted;
    for (size_t i = 0; i < r->target_argv.count; i++)
        str_list_add(&out->target_argv, r->target_argv.items[i]);
    out->pids = mem_array(r->npids, sizeof *out->pids);
    out->npids = r->npids;
    if (r->npids > 0)
        memcpy(out->pids, r->pids, r->npids * sizeof *out->pids);
}

/* Those that say which share it was are left out: what is told is the plan. */
static const char *const of_a_share[] = {"share", "start-at"};

static bool is_of_a_share(const char *option)
{
    for (size_t i = 0; i < LEN(of_a_share); i++) {
        if (strcmp(option, of_a_share[i]) == 0)
            return true;
    }
    return false;
}

static void copy_config(struct result *out, const struct result *r)
{
    for (size_t i = 0; i < r->nconfig; i++) {
        char *option = setting_option(r->config[i].name);
        if (!is_of_a_share(option))
            result_add_setting(out, &r->config[i]);
        free(option);
    }
}

/* How many words "--share 0/4" or "--share=0/4" are; 0 for another option. */
static size_t share_words(const char *word)
{
    if (strncmp(word, "--", 2) != 0)
        return 0;
    size_t len = strcspn(word + 2, "=");
    char *option = mem_strndup(word + 2, len);
    size_t words = !is_of_a_share(option) ? 0 : word[2 + len] == '=' ? 1 : 2;
    free(option);
    return words;
}

static void copy_argv(struct result *out, const struct result *r)
{
    out->argv = mem_array(r->nargv, sizeof *out->argv);
    for (size_t i = 0; i < r->nargv;) {
        size_t words = share_words(r->argv[i]);
        if (words == 0)
            out->argv[out->nargv++] = mem_strdup(r->argv[i]);
        i += words == 0 ? 1 : words;
    }
}

static void copy_texts(const struct merge *m, struct result *out)
{
    const struct result *first = m->inputs[0].r;
    char **const to[] = {&out->title, &out->url, &out->address, &out->tool_version, &out->engine};
    char *const from[] = {first->title, first->url, first->address, first->tool_version,
                          first->engine};
    for (size_t i = 0; i < LEN(to); i++)
        *to[i] = mem_strdup_or_null(from[i]);
    out->started_wall_ms = first->started_wall_ms;
    for (size_t i = 0; i < m->ninputs; i++) {
        const struct result *r = m->inputs[i].r;
        if (r->started_wall_ms < out->started_wall_ms)
            out->started_wall_ms = r->started_wall_ms;
        if (r->finished_wall_ms > out->finished_wall_ms)
            out->finished_wall_ms = r->finished_wall_ms;
        if (out->tls.library == NULL)
            out->tls.library = mem_strdup_or_null(r->tls.library);
    }
}

void result_merge(const struct merge *m, struct result *out)
{
    const struct result *owner = owner_of(m);
    result_init(out);
    copy_texts(m, out);
    copy_config(out, m->inputs[0].r);
    copy_argv(out, m->inputs[0].r);
    copy_environment(&out->environment, &owner->environment);
    copy_target(out, owner);
    out->machine = owner->machine;
    out->pipelining = m->inputs[0].r->pipelining;
    add_all(m, out);
    out->duration_s = merge_span_s(m);
    for (size_t i = 0; i < m->ninputs; i++)
        copy_once(out, m->inputs[i].r);
    merge_series(m, out);
    merge_fairness(m, &out->fairness);
    out->client.little_residual = little_residual(m, out);
    out->merged = merge_parts(m);
    out->interrupted |= !merged_is_whole(out->merged);
}
