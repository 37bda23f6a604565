#include "cases/render_parts.h"

#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/rng.h"
#include "base/str.h"
#include "model/second.h"

#define STARTED_MS INT64_C(1795381445123) /* 2026-11-22T21:04:05.123Z */

struct hist *render_spread(const struct render_shape *shape)
{
    struct hist *h = hist_new_latency();
    struct rng rng;
    rng_init(&rng, shape->seed);
    for (uint64_t i = 0; i < shape->count; i++) {
        double ms = shape->low_ms + shape->spread_ms * pow(rng_unit(&rng), shape->tail);
        hist_record(h, (int64_t)(ms * (double)NS_PER_MS));
    }
    return h;
}

static void environment(struct result *r)
{
    r->environment.hostname = mem_strdup("lab");
    r->environment.os = mem_strdup("Debian GNU/Linux 12");
    r->environment.kernel = mem_strdup("6.1.0-18-amd64");
    r->environment.arch = mem_strdup("x86_64");
    r->environment.cpu_model = mem_strdup("AMD EPYC 7B13");
    r->environment.cores_online = 8;
    r->environment.cores_allowed = 2;
    r->environment.memory_bytes = INT64_C(16777216000);
    r->environment.fd_limit = 1024;
    r->environment.load_average_1m = 0.14;
    r->environment.libuv_version = mem_strdup("1.44.2");
    r->tool_version = mem_strdup("0.1.0");
    r->engine = mem_strdup("libuv");
}

static void argv(struct result *r, const char *const *words, size_t count)
{
    r->argv = mem_array(count, sizeof *r->argv);
    r->nargv = count;
    for (size_t i = 0; i < count; i++)
        r->argv[i] = mem_strdup(words[i]);
}

static void plan(struct result *r)
{
    static const char *const words[] = {"bench", "run", "--strategy", "pool", "-c", "100"};
    static char name[][12] = {"connections", "duration", "rate", "save", "method", "body"};
    static char get[] = "GET";
    const struct setting settings[] = {
        {.name = name[0], .kind = SETTING_NUMBER, .number = 100},
        {.name = name[1], .kind = SETTING_NUMBER, .number = 10},
        {.name = name[2], .kind = SETTING_NUMBER, .number = 0.5},
        {.name = name[3], .kind = SETTING_FLAG, .number = 1},
        {.name = name[4], .kind = SETTING_TEXT, .text = get},
        {.name = name[5], .kind = SETTING_NULL},
    };
    argv(r, words, LEN(words));
    for (size_t i = 0; i < LEN(settings); i++)
        result_add_setting(r, &settings[i]);
}

void render_run(struct result *r, double duration_s)
{
    result_init(r);
    environment(r);
    plan(r);
    r->connections = 100;
    r->pipelining = 1;
    r->workers = 1;
    r->duration_s = duration_s;
    r->started_wall_ms = STARTED_MS;
    r->finished_wall_ms = STARTED_MS + (int64_t)(duration_s * 1000) + 4;
    r->client.cpu_user_s = 0.071;
    r->client.cpu_system_s = 0.052;
    r->client.busiest_worker = 0.0119;
    r->client.rss_peak_bytes = 9318400;
    r->client.run_wait_s = 0.0083;
    r->client.little_residual = 0.0021;
}

void render_target(struct result *r, const char *strategy)
{
    r->strategy = mem_strdup(strategy);
    r->url = mem_strdup("http://127.0.0.1:40123/heavy");
    r->address = mem_strdup("127.0.0.1:40123");
    r->work_kind = mem_strdup("count");
    r->work_n = 20000000;
    r->pids = mem_array(1, sizeof *r->pids);
    r->pids[0] = 4242;
    r->npids = 1;
    str_list_add(&r->target_argv, "--pool-size");
    str_list_add(&r->target_argv, "2");
    r->has_server = true;
}

static struct second second_of(int64_t requests, int64_t bytes_each, size_t at)
{
    struct second s;
    second_init(&s);
    s.requests = requests;
    s.bytes = requests * bytes_each;
    if (requests > 0) {
        s.p50_ns = 334 * NS_PER_MS + (int64_t)at;
        s.p99_ns = 352 * NS_PER_MS;
        s.max_ns = 371 * NS_PER_MS;
    }
    return s;
}

static void serve(struct second *s)
{
    s->server_cpu_cores = 1.97;
    s->server_rss_bytes = 27299840;
    s->server_threads = 12;
    s->server_switches = 931;
    s->server_run_wait_s = 0.031;
}

void render_seconds(struct result *r, int64_t bytes_each)
{
    size_t count = (size_t)ceil(r->duration_s - 0.01);
    int64_t left = r->accounting.completed;
    r->seconds = mem_array(count, sizeof *r->seconds);
    r->nseconds = count;
    for (size_t i = 0; i < count; i++) {
        double share = (double)left / fmax(1, r->duration_s - (double)i);
        int64_t wobble = (int64_t)(i * 7 % 5) - 2;
        int64_t requests = (int64_t)fmax(0, share + (double)wobble);
        requests = requests < left && i + 1 < count ? requests : left;
        left -= requests;
        r->seconds[i] = second_of(requests, bytes_each, i);
        r->seconds[i].at_s = fmin((double)i + 1, r->duration_s);
        r->seconds[i].length_s = fmin(1, r->duration_s - (double)i);
        if (r->has_server)
            serve(&r->seconds[i]);
    }
}

void render_cost(struct process_cost *c, double user_s, double system_s, int64_t completed)
{
    c->cpu_user_s = user_s;
    c->cpu_system_s = system_s;
    c->cpu_per_request_us = completed > 0 ? (user_s + system_s) / (double)completed * 1e6 : NAN;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void settle_seconds(struct result *r)
{
    int64_t refused = r->accounting.non_2xx;
    int64_t errors = r->accounting.timed_out + accounting_failed(&r->accounting);
    for (size_t i = 0; i < r->nseconds; i++) {
        struct second *s = &r->seconds[i];
        s->non_2xx = least(refused, s->requests);
        s->errors = i + 1 == r->nseconds ? errors : 0;
        refused -= s->non_2xx;
    }
}

/* All latencies, upwards; without those above the range. The caller frees them. */
static int64_t *samples_of(const struct hist *h, uint64_t count)
{
    int64_t *samples = mem_array(count, sizeof *samples);
    uint64_t n = 0;
    struct hist_bucket b;
    for (size_t at = 0; hist_next(h, &at, &b);) {
        for (uint64_t i = 0; i < b.count; i++)
            samples[n++] = b.low_ns;
    }
    return samples;
}

/* Each second gets latencies of the run, as many as it has requests, fast and slow ones. */
static void settle_series_latency(struct result *r)
{
    uint64_t stride = 7919; /* a prime, so that each sample is used once */
    uint64_t count = r->latency == NULL ? 0 : hist_count(r->latency);
    uint64_t n = 0;
    if (count == 0 || count != (uint64_t)r->accounting.completed || count % stride == 0)
        return;
    int64_t *samples = samples_of(r->latency, count);
    r->series_latency = hist_series_new();
    for (size_t i = 0; i < r->nseconds; i++) {
        struct hist *h = hist_new_latency();
        for (int64_t k = 0; k < r->seconds[i].requests; k++)
            hist_record(h, samples[n++ * stride % count]);
        hist_series_add(r->series_latency, h);
        hist_free(h);
    }
    free(samples);
}

void render_settle(struct result *r)
{
    struct client_cost *c = &r->client;
    int64_t replies = accounting_replies(&r->accounting);
    double mean_s = r->latency == NULL ? NAN : hist_mean_ns(r->latency) / (double)NS_PER_S;
    double open = (double)r->connections * (double)r->pipelining;
    settle_seconds(r);
    settle_series_latency(r);
    if (r->accounting.due == MISSING)
        c->little_residual = 1 - result_requests_per_second(r) * mean_s / open;
    c->cpu_per_request_us =
        replies > 0 ? (c->cpu_user_s + c->cpu_system_s) * 1e6 / (double)replies : NAN;
}
