#include "cases/render_cases.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/rng.h"

#define STARTED_MS INT64_C(1795381445123) /* 2026-11-22T21:04:05.123Z */

struct shape {
    uint64_t seed, count;
    double low_ms, spread_ms, tail; /* tail: how far the slowest reach, as a power */
};

static struct hist *spread(const struct shape *shape)
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

static void run_of(struct result *r, double duration_s)
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

static void target(struct result *r, const char *strategy)
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
    struct second s = {
        .requests = requests,
        .bytes = requests * bytes_each,
        .p50_ns = MISSING,
        .p99_ns = MISSING,
        .max_ns = MISSING,
        .server_cpu_cores = NAN,
        .server_rss_bytes = MISSING,
        .server_threads = MISSING,
        .server_switches = MISSING,
        .server_run_wait_s = NAN,
        .queue_backlog = MISSING,
        .jobs_completed = MISSING,
    };
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

/* The completed spread over the seconds by their length, with a wobble. */
static void seconds(struct result *r, int64_t bytes_each)
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

static void cost(struct process_cost *c, double user_s, double system_s, int64_t completed)
{
    c->cpu_user_s = user_s;
    c->cpu_system_s = system_s;
    c->cpu_per_request_us = completed > 0 ? (user_s + system_s) / (double)completed * 1e6 : NAN;
}

static void case_pool(struct result *r)
{
    run_of(r, 10.0021);
    target(r, "pool");
    struct accounting *a = &r->accounting;
    a->sent = 3081;
    a->completed = 2981;
    a->in_flight_at_end = 100;
    a->oldest_in_flight_ns = 334120034;
    a->warmup_discarded = 296;
    a->statuses[200] = 2981;
    a->bytes_received = INT64_C(2981) * 232;
    a->bytes_sent = INT64_C(3081) * 57;
    a->connected = 100;
    r->target_counted = 3377;
    r->latency = spread(&(struct shape){1, 2981, 318, 71, 4});
    r->unfinished = spread(&(struct shape){2, 100, 0, 334, 1});
    r->connect = spread(&(struct shape){3, 100, 0.08, 0.9, 2});
    r->first_byte = spread(&(struct shape){1, 2981, 317.9, 71, 4});
    r->wait = spread(&(struct shape){4, 2981, 311, 69, 4});
    r->work = spread(&(struct shape){5, 2981, 6.5, 1.1, 3});
    seconds(r, 232);
    cost(&r->server.total, 19.61, 0.12, 2981);
    r->server.total.rss_peak_bytes = 27299840;
    r->server.total.threads_peak = 6;
    r->server.total.threads_started = 2;
    r->server.total.switches_voluntary = 8943;
    r->server.total.switches_involuntary = 1207;
    r->server.total.run_wait_s = 0.31;
    struct process_cost *only = result_add_process(r, "target", 4242);
    char *role = only->role;
    *only = r->server.total;
    only->role = role;
    only->pid = 4242;
    r->client.cpu_per_request_us = 41.3;
    r->machine = (struct machine){.other_cpu_cores = 0.07, .stolen_cores = 0.01};
    r->fairness = (struct fairness){29, 30, 30, 0, 0.9998};
}

static void case_collapse(struct result *r)
{
    run_of(r, 10.0034);
    target(r, "threads");
    r->title = mem_strdup("eight threads a request");
    struct accounting *a = &r->accounting;
    a->sent = 200;
    a->completed = 14;
    a->timed_out = 81;
    a->failed[LOSS_RESET] = 3;
    a->failed[LOSS_EOF] = 2;
    a->in_flight_at_end = 100;
    a->oldest_in_flight_ns = 8014120034;
    a->statuses[200] = 11;
    a->statuses[503] = 3;
    a->non_2xx = 3;
    a->bytes_received = INT64_C(14) * 232;
    a->bytes_sent = INT64_C(200) * 57;
    a->connected = 186;
    a->connect_failed = 12;
    a->connect_errors = mem_array(2, sizeof *a->connect_errors);
    a->connect_errors[0] = (struct errno_count){ECONNREFUSED, 9};
    a->connect_errors[1] = (struct errno_count){ETIMEDOUT, 3};
    a->nconnect_errors = 2;
    r->target_end = mem_strdup("max-rss");
    r->latency = spread(&(struct shape){11, 14, 1180, 6100, 2});
    r->unfinished = spread(&(struct shape){12, 186, 2000, 8000, 1});
    r->wait = spread(&(struct shape){13, 14, 800, 6000, 2});
    r->work = spread(&(struct shape){14, 14, 300, 400, 2});
    seconds(r, 232);
    cost(&r->server.total, 11.2, 8.61, 14);
    r->server.total.rss_peak_bytes = INT64_C(1907342336);
    r->server.total.threads_peak = 4118;
    r->server.total.threads_started = 4402;
    r->server.total.switches_voluntary = 40112;
    r->server.total.switches_involuntary = 981007;
    r->server.total.run_wait_s = 1204.7;
    r->server.total.live_threads_only = true;
    r->client.cpu_per_request_us = 8785;
    r->fairness = (struct fairness){0, 0, 2, 87, 0.1289};
    result_warn(r, "few-samples",
                "only 14 requests completed, so that no percentile can be trusted",
                "run longer (-d 60), or lower the load (-c 10)");
    result_warn(r, "target-stopped",
                "the target used 1.91 GB, more than --max-rss 1.9G, and was stopped 8.0 s into the "
                "run; the requests that were open then count as unfinished",
                NULL);
}

static void case_offload(struct result *r)
{
    run_of(r, 20.0007);
    target(r, "offload");
    r->workers = 2;
    r->pipelining = 4;
    struct accounting *a = &r->accounting;
    a->sent = 120400;
    a->completed = 120000;
    a->in_flight_at_end = 400;
    a->oldest_in_flight_ns = 81 * NS_PER_MS;
    a->statuses[200] = 119000;
    a->statuses[404] = 200;
    a->statuses[502] = 300;
    a->statuses[503] = 450;
    a->statuses[504] = 50;
    a->non_2xx = 1000;
    a->mismatches = 7;
    a->bytes_received = INT64_C(120000) * 250;
    a->bytes_sent = INT64_C(120400) * 57;
    a->connected = 100;
    r->work_n = 20000;
    r->latency = spread(&(struct shape){21, 120000, 21, 160, 9});
    r->unfinished = spread(&(struct shape){22, 400, 0, 81, 1});
    r->wait = spread(&(struct shape){23, 119000, 14, 120, 9});
    r->work = spread(&(struct shape){24, 119000, 0.011, 0.05, 3});
    seconds(r, 250);
    cost(&r->server.total, 30.04, 6.1, 120000);
    r->server.total.rss_peak_bytes = 61003776;
    r->server.total.threads_peak = 14;
    r->server.total.switches_voluntary = 931000;
    r->server.total.switches_involuntary = 12070;
    r->server.total.run_wait_s = 2.81;
    static const char *const roles[] = {"target", "compute"};
    for (size_t i = 0; i < LEN(roles); i++) {
        struct process_cost *c = result_add_process(r, roles[i], 4242 + (int64_t)i);
        cost(c, 15.02, 3.05, 120000);
        c->rss_peak_bytes = 30501888;
        c->threads_peak = 5 + 4 * (int64_t)i;
        c->switches_voluntary = 465500;
        c->switches_involuntary = 6035;
        c->run_wait_s = 1.405;
    }
    r->client.cpu_user_s = 9.31;
    r->client.cpu_system_s = 28.4;
    r->client.cpu_per_request_us = 314.3;
    r->client.busiest_worker = 0.971;
    r->client.saturated = true;
    r->machine = (struct machine){.other_cpu_cores = 0.03, .stolen_cores = 0}; /* not told */
    r->fairness = (struct fairness){1188, 1200, 1213, 0, 0.99999};
    result_warn(r, "saturated", "a worker thread of bench was busy 97% of the time",
                "add threads (-w 4) or measure from another machine");
}

/* It accepts connections and never answers. */
static void case_nothing(struct result *r)
{
    run_of(r, 10.0002);
    r->url = mem_strdup("http://localhost:3000/heavy");
    r->address = mem_strdup("127.0.0.1:3000");
    r->accounting.sent = 100;
    r->accounting.in_flight_at_end = 100;
    r->accounting.oldest_in_flight_ns = 9998120034;
    r->accounting.bytes_sent = 5700;
    r->accounting.connected = 100;
    r->latency = hist_new_latency();
    r->unfinished = spread(&(struct shape){31, 100, 9980, 18, 1});
    seconds(r, 0);
    result_warn(r, "no-replies", "the server accepted the connections and answered nothing",
                "look at the server; a longer --timeout only waits longer");
}

static void case_refused(struct result *r)
{
    run_of(r, 1.0);
    r->url = mem_strdup("http://localhost:3000/");
    r->accounting.connect_failed = 100;
    r->accounting.connect_errors = mem_array(1, sizeof *r->accounting.connect_errors);
    r->accounting.connect_errors[0] = (struct errno_count){ECONNREFUSED, 100};
    r->accounting.nconnect_errors = 1;
    r->latency = hist_new_latency();
    seconds(r, 0);
    r->valid = false;
    result_warn(r, "not-connected", "no connection could be made to localhost:3000",
                "start the server, or give the address that it listens on");
}

/* Ctrl-C in a run of a user's own server, on one connection, over in no time a request. */
static void case_interrupted(struct result *r)
{
    run_of(r, 2.3107);
    r->command = mem_strdup("node server.js --port {port}");
    r->url = mem_strdup("http://127.0.0.1:36001/");
    r->address = mem_strdup("127.0.0.1:36001");
    r->connections = 1;
    struct accounting *a = &r->accounting;
    a->sent = 16175;
    a->completed = 16174;
    a->in_flight_at_end = 1;
    a->oldest_in_flight_ns = 61034;
    a->statuses[200] = 16174;
    a->bytes_received = INT64_C(16174) * 119;
    a->bytes_sent = INT64_C(16175) * 48;
    a->connected = 1618;
    r->latency = spread(&(struct shape){41, 16174, 0.061, 4, 12});
    r->unfinished = spread(&(struct shape){42, 1, 0.061, 0, 1});
    seconds(r, 119);
    r->fairness = (struct fairness){16174, 16174, 16174, 0, 1};
    r->interrupted = true;
}

/* A pool with a short queue sends nearly all away at once: quick replies, hardly any work. */
static void case_refusing(struct result *r)
{
    run_of(r, 10.0012);
    target(r, "pool");
    struct accounting *a = &r->accounting;
    a->sent = 196100;
    a->completed = 196000;
    a->in_flight_at_end = 100;
    a->oldest_in_flight_ns = 41 * NS_PER_MS;
    a->statuses[200] = 79;
    a->statuses[503] = 195921;
    a->non_2xx = 195921;
    a->bytes_received = INT64_C(196000) * 180;
    a->bytes_sent = INT64_C(196100) * 57;
    a->connected = 100;
    r->latency = spread(&(struct shape){51, 196000, 2.1, 40, 9});
    r->unfinished = spread(&(struct shape){52, 100, 0, 41, 1});
    r->wait = spread(&(struct shape){53, 79, 8, 30, 2});
    r->work = spread(&(struct shape){54, 79, 6.5, 1.1, 3});
    seconds(r, 180);
    for (size_t i = 0; i < r->nseconds; i++)
        r->seconds[i].non_2xx = r->seconds[i].requests > 8 ? r->seconds[i].requests - 8 : 0;
    cost(&r->server.total, 9.1, 4.2, 196000);
    r->server.total.rss_peak_bytes = 27299840;
    r->server.total.threads_peak = 6;
    r->server.total.threads_started = 2;
    r->server.total.switches_voluntary = 119430;
    r->server.total.switches_involuntary = 61207;
    r->server.total.run_wait_s = 3.1;
    r->client.cpu_per_request_us = 14.3;
    r->client.busiest_worker = 0.281;
    r->client.run_wait_s = 1.318;
    r->machine = (struct machine){.other_cpu_cores = 0.423, .stolen_cores = 0.2};
    r->fairness = (struct fairness){1944, 1960, 1977, 0, 0.9999};
    result_warn(r, "busy-machine", "other programs used 0.42 cores during the run",
                "stop what else runs, or repeat when it is quiet");
    result_warn(r, "stolen", "the hypervisor took 0.20 of 2 cores away during the run",
                "repeat when the host is quiet, or measure on a machine of your own");
}

/* A server behind a shell that counts on its loop: what it does not read waits in the sockets. */
static void case_blocked(struct result *r)
{
    run_of(r, 3.0004);
    r->command = mem_strdup("./my-server --port {port}");
    r->url = mem_strdup("http://127.0.0.1:36001/");
    r->address = mem_strdup("127.0.0.1:36001");
    r->has_server = true;
    r->workers = 2;
    struct accounting *a = &r->accounting;
    a->sent = 620;
    a->completed = 520;
    a->in_flight_at_end = 100;
    a->oldest_in_flight_ns = 588120034;
    a->statuses[200] = 520;
    a->bytes_received = INT64_C(520) * 232;
    a->bytes_sent = INT64_C(620) * 57;
    a->connected = 100;
    r->latency = spread(&(struct shape){61, 520, 560, 60, 1});
    r->unfinished = spread(&(struct shape){62, 100, 0, 588, 1});
    r->wait = spread(&(struct shape){63, 520, 0.0001, 0.0001, 1});
    r->work = spread(&(struct shape){64, 520, 5.6, 0.3, 2});
    seconds(r, 232);
    static const double cpu_s[] = {0, 2.96};
    cost(&r->server.total, 2.96, 0, 520);
    r->server.total.rss_peak_bytes = 9304832;
    for (size_t i = 0; i < LEN(cpu_s); i++) {
        struct process_cost *c = result_add_process(r, "target", 4242 + (int64_t)i);
        cost(c, cpu_s[i], 0, 520);
        c->rss_peak_bytes = i == 0 ? 1904832 : 7400000;
        c->threads_peak = 1;
    }
    r->client.run_wait_s = 0.52;
    r->fairness = (struct fairness){5, 5, 6, 0, 0.998};
}

/* It answers thousands a second and completes a few hundred. */
static void queue_run(struct result *r)
{
    run_of(r, 10.0008);
    target(r, "queue");
    struct accounting *a = &r->accounting;
    a->sent = 150220;
    a->completed = 150120;
    a->in_flight_at_end = 100;
    a->oldest_in_flight_ns = 11 * NS_PER_MS;
    a->statuses[202] = 150120;
    a->bytes_received = INT64_C(150120) * 190;
    a->bytes_sent = INT64_C(150220) * 57;
    a->connected = 100;
    r->latency = spread(&(struct shape){71, 150120, 4.1, 30, 9});
    r->unfinished = spread(&(struct shape){72, 100, 0, 11, 1});
    r->wait = spread(&(struct shape){73, 1748, 3, 9900, 1});
    r->work = spread(&(struct shape){74, 1748, 5.7, 4.2, 3});
    r->job = spread(&(struct shape){75, 1748, 9, 9905, 1});
    cost(&r->server.total, 14.92, 4.61, 150120);
    r->server.total.rss_peak_bytes = 61003776;
    r->server.total.threads_peak = 9;
    r->server.total.threads_started = 5;
    r->server.total.switches_voluntary = 301200;
    r->server.total.switches_involuntary = 22070;
    r->server.total.run_wait_s = 6.81;
    static const char *const roles[] = {"target", "worker"};
    for (size_t i = 0; i < LEN(roles); i++) {
        struct process_cost *c = result_add_process(r, roles[i], 4242 + (int64_t)i);
        cost(c, 4.6 + 5.72 * (double)i, 3.05 - 1.49 * (double)i, 150120);
        c->rss_peak_bytes = 30501888;
        c->threads_peak = 5 - (int64_t)i;
        c->threads_started = 3 - (int64_t)i;
        c->switches_voluntary = 150600;
        c->switches_involuntary = 11035;
        c->run_wait_s = 3.405;
    }
    r->client.busiest_worker = 0.412;
    r->fairness = (struct fairness){1488, 1501, 1513, 0, 0.99999};
    r->has_queue = true;
    r->queue.broker = mem_strdup("sqlite");
    r->queue.accepted = 150158;
    r->queue.completed = 1748;
    r->queue.failed = 3;
    r->queue.backlog_start = 0;
    r->queue.backlog_end = 148407;
    r->queue.completed_per_s = 174.786;
    r->queue.workers = 1;
    r->queue.workers_lost = 0;
}

static void queue_seconds(struct result *r)
{
    int64_t backlog = r->queue.backlog_start;
    int64_t grown = r->queue.backlog_end - backlog;
    seconds(r, 190);
    int64_t count = (int64_t)r->nseconds;
    for (int64_t i = 0; i < count; i++) {
        struct second *s = &r->seconds[i];
        s->queue_backlog = backlog + grown * (i + 1) / count;
        s->jobs_completed = r->queue.completed * (i + 1) / count - r->queue.completed * i / count;
    }
}

static void case_queue(struct result *r)
{
    queue_run(r);
    queue_seconds(r);
    r->queue.drain = DRAIN_PROJECTED;
    r->queue.drain_s = 849.078;
    result_warn(r, "backlog-grows",
                "the queue accepts faster than it completes: 15014 jobs a second in, 175 done, "
                "14840 more in the backlog",
                "judge it by completed jobs; add workers or cores (--queue-workers), or let it "
                "refuse what it cannot do (--max-backlog)");
}

/* A queue that keeps up, and was waited for. */
static void case_drained(struct result *r)
{
    queue_run(r);
    r->queue.accepted = 1801;
    r->queue.backlog_start = 12;
    r->queue.backlog_end = 62;
    r->accounting.sent = 1803;
    r->accounting.completed = r->accounting.statuses[202] = 1800;
    r->accounting.in_flight_at_end = 3;
    queue_seconds(r);
    r->queue.drain = DRAIN_MEASURED;
    r->queue.drain_s = 0.3551;
    r->queue.drain_left = 0;
    r->queue.drain_completed = 61; /* and one failed */
}

/* A thousand jobs, given in no time: nearly all of the work is in the drain. */
static void case_burst(struct result *r)
{
    queue_run(r);
    r->duration_s = 0.0402;
    r->accounting.sent = r->accounting.completed = r->accounting.statuses[202] = 1000;
    r->accounting.in_flight_at_end = 0;
    r->accounting.oldest_in_flight_ns = MISSING;
    r->queue.accepted = 1000;
    r->queue.completed = 3;
    r->queue.failed = 0;
    r->queue.backlog_end = 997;
    cost(&r->server.total, 0.04, 0.02, 1000);
    for (size_t i = 0; i < r->server.nprocesses; i++)
        cost(&r->server.processes[i], 0.02, 0.01, 1000);
    r->queue.completed_per_s = 74.627;
    queue_seconds(r);
    r->queue.drain = DRAIN_MEASURED;
    r->queue.drain_s = 3.6298;
    r->queue.drain_left = 0;
    r->queue.drain_completed = 997;
}

/* Without a worker, and some replies that are no 202. */
static void case_undone(struct result *r)
{
    queue_run(r);
    hist_free(r->wait);
    hist_free(r->work);
    hist_free(r->job);
    r->wait = r->work = r->job = NULL;
    r->accounting.statuses[202] = 150000;
    r->accounting.statuses[503] = r->accounting.non_2xx = 120;
    r->queue.accepted = r->queue.backlog_end = 150000;
    r->queue.completed = r->queue.failed = r->queue.workers = 0;
    r->queue.completed_per_s = 0;
    queue_seconds(r);
    r->queue.drain = DRAIN_CUT;
    r->queue.drain_s = 5.0012;
    r->queue.drain_left = 150000;
    r->queue.drain_completed = 0;
    r->queue.drain_cut = DRAIN_CUT_NO_WORKER;
}

static const struct {
    const char *name;
    void (*build)(struct result *r);
} cases[] = {
    {"pool", case_pool},         {"collapse", case_collapse}, {"offload", case_offload},
    {"nothing", case_nothing},   {"refused", case_refused},   {"interrupted", case_interrupted},
    {"refusing", case_refusing}, {"blocked", case_blocked},   {"queue", case_queue},
    {"drained", case_drained},   {"burst", case_burst},       {"undone", case_undone},
};

const char *const render_case_names[] = {"pool",        "collapse", "offload", "nothing", "refused",
                                         "interrupted", "refusing", "blocked", "queue",   "drained",
                                         "burst",       "undone",   NULL};

int render_case(const char *name, struct result *out)
{
    for (size_t i = 0; i < LEN(cases); i++) {
        if (strcmp(cases[i].name, name) == 0) {
            cases[i].build(out);
            return 0;
        }
    }
    return -1;
}
