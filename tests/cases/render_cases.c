#include "cases/render_cases.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "cases/render_parts.h"

static void case_pool(struct result *r)
{
    render_run(r, 10.0021);
    render_target(r, "pool");
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
    r->latency = render_spread(&(struct render_shape){1, 2981, 318, 71, 4});
    r->unfinished = render_spread(&(struct render_shape){2, 100, 0, 334, 1});
    r->connect = render_spread(&(struct render_shape){3, 100, 0.08, 0.9, 2});
    r->first_byte = render_spread(&(struct render_shape){1, 2981, 317.9, 71, 4});
    r->wait = render_spread(&(struct render_shape){4, 2981, 311, 69, 4});
    r->work = render_spread(&(struct render_shape){5, 2981, 6.5, 1.1, 3});
    render_seconds(r, 232);
    render_cost(&r->server.total, 19.61, 0.12, 2981);
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
    r->machine = (struct machine){.other_cpu_cores = 0.07, .stolen_cores = 0.01};
    r->fairness = (struct fairness){29, 30, 30, 0, 0.9998};
}

/* 60 of the requests before the window were answered in it. */
static void case_carried(struct result *r)
{
    case_pool(r);
    const double part = 2981.0 / (2981 + 60);
    r->accounting.carried = 60;
    r->server.total.cpu_per_request_us *= part;
    r->server.processes[0].cpu_per_request_us *= part;
}

static void case_collapse(struct result *r)
{
    render_run(r, 10.0034);
    render_target(r, "threads");
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
    a->connect_errors[0] = (struct connect_error){.number = ECONNREFUSED, .count = 9};
    a->connect_errors[1] = (struct connect_error){.number = ETIMEDOUT, .count = 3};
    a->nconnect_errors = 2;
    r->target_end = mem_strdup("max-rss");
    r->latency = render_spread(&(struct render_shape){11, 14, 1180, 6100, 2});
    r->unfinished = render_spread(&(struct render_shape){12, 186, 2000, 8000, 1});
    r->wait = render_spread(&(struct render_shape){13, 14, 800, 6000, 2});
    r->work = render_spread(&(struct render_shape){14, 14, 300, 400, 2});
    render_seconds(r, 232);
    render_cost(&r->server.total, 11.2, 8.61, 14);
    r->server.total.rss_peak_bytes = INT64_C(1907342336);
    r->server.total.threads_peak = 4118;
    r->server.total.threads_started = 4402;
    r->server.total.switches_voluntary = 40112;
    r->server.total.switches_involuntary = 981007;
    r->server.total.run_wait_s = 1204.7;
    r->server.total.live_threads_only = true;
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
    render_run(r, 20.0007);
    render_target(r, "offload");
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
    r->latency = render_spread(&(struct render_shape){21, 120000, 21, 160, 9});
    r->unfinished = render_spread(&(struct render_shape){22, 400, 0, 81, 1});
    r->wait = render_spread(&(struct render_shape){23, 119000, 14, 120, 9});
    r->work = render_spread(&(struct render_shape){24, 119000, 0.011, 0.05, 3});
    render_seconds(r, 250);
    render_cost(&r->server.total, 30.04, 6.1, 120000);
    r->server.total.rss_peak_bytes = 61003776;
    r->server.total.threads_peak = 14;
    r->server.total.switches_voluntary = 931000;
    r->server.total.switches_involuntary = 12070;
    r->server.total.run_wait_s = 2.81;
    static const char *const roles[] = {"target", "compute"};
    for (size_t i = 0; i < LEN(roles); i++) {
        struct process_cost *c = result_add_process(r, roles[i], 4242 + (int64_t)i);
        render_cost(c, 15.02, 3.05, 120000);
        c->rss_peak_bytes = 30501888;
        c->threads_peak = 5 + 4 * (int64_t)i;
        c->switches_voluntary = 465500;
        c->switches_involuntary = 6035;
        c->run_wait_s = 1.405;
    }
    r->client.cpu_user_s = 9.31;
    r->client.cpu_system_s = 28.4;
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
    render_run(r, 10.0002);
    r->url = mem_strdup("http://localhost:3000/heavy");
    r->address = mem_strdup("127.0.0.1:3000");
    r->accounting.sent = 100;
    r->accounting.in_flight_at_end = 100;
    r->accounting.oldest_in_flight_ns = 9998120034;
    r->accounting.bytes_sent = 5700;
    r->accounting.connected = 100;
    r->latency = hist_new_latency();
    r->unfinished = render_spread(&(struct render_shape){31, 100, 9980, 18, 1});
    render_seconds(r, 0);
    result_warn(r, "no-replies", "the server accepted the connections and answered nothing",
                "look at the server; a longer --timeout only waits longer");
}

static void case_refused(struct result *r)
{
    render_run(r, 1.0);
    r->url = mem_strdup("http://localhost:3000/");
    r->accounting.connect_failed = 100;
    r->accounting.connect_errors = mem_array(1, sizeof *r->accounting.connect_errors);
    r->accounting.connect_errors[0] = (struct connect_error){.number = ECONNREFUSED, .count = 100};
    r->accounting.nconnect_errors = 1;
    r->latency = hist_new_latency();
    render_seconds(r, 0);
    r->valid = false;
    result_warn(r, "not-connected", "no connection could be made to localhost:3000",
                "start the server, or give the address that it listens on");
}

/* Ctrl-C in a run of a user's own server, on one connection, with very quick replies. */
static void case_interrupted(struct result *r)
{
    render_run(r, 2.3107);
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
    r->latency = render_spread(&(struct render_shape){41, 16174, 0.061, 4, 12});
    r->unfinished = render_spread(&(struct render_shape){42, 1, 0.061, 0, 1});
    render_seconds(r, 119);
    r->fairness = (struct fairness){16174, 16174, 16174, 0, 1};
    r->interrupted = true;
}

/* A pool with a short queue refuses nearly all requests: quick replies, hardly any work. */
static void case_refusing(struct result *r)
{
    render_run(r, 10.0012);
    render_target(r, "pool");
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
    r->latency = render_spread(&(struct render_shape){51, 196000, 2.1, 40, 9});
    r->unfinished = render_spread(&(struct render_shape){52, 100, 0, 41, 1});
    r->wait = render_spread(&(struct render_shape){53, 79, 8, 30, 2});
    r->work = render_spread(&(struct render_shape){54, 79, 6.5, 1.1, 3});
    render_seconds(r, 180);
    render_cost(&r->server.total, 9.1, 4.2, 196000);
    r->server.total.rss_peak_bytes = 27299840;
    r->server.total.threads_peak = 6;
    r->server.total.threads_started = 2;
    r->server.total.switches_voluntary = 119430;
    r->server.total.switches_involuntary = 61207;
    r->server.total.run_wait_s = 3.1;
    r->client.busiest_worker = 0.281;
    r->client.run_wait_s = 1.318;
    r->machine = (struct machine){.other_cpu_cores = 0.423, .stolen_cores = 0.2};
    r->fairness = (struct fairness){1944, 1960, 1977, 0, 0.9999};
    result_warn(r, "busy-machine", "other programs used 0.42 cores during the run",
                "stop what else runs, or repeat when it is quiet");
    result_warn(r, "stolen", "the hypervisor took 0.20 of 2 cores away during the run",
                "repeat when the host is quiet, or measure on a machine of your own");
}

/* A server behind a shell counts on its loop, so requests wait unread in the sockets. */
static void case_blocked(struct result *r)
{
    render_run(r, 3.0004);
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
    r->latency = render_spread(&(struct render_shape){61, 520, 560, 60, 1});
    r->unfinished = render_spread(&(struct render_shape){62, 100, 0, 588, 1});
    r->wait = render_spread(&(struct render_shape){63, 520, 0.0001, 0.0001, 1});
    r->work = render_spread(&(struct render_shape){64, 520, 5.6, 0.3, 2});
    render_seconds(r, 232);
    static const double cpu_s[] = {0, 2.96};
    render_cost(&r->server.total, 2.96, 0, 520);
    r->server.total.rss_peak_bytes = 9304832;
    for (size_t i = 0; i < LEN(cpu_s); i++) {
        struct process_cost *c = result_add_process(r, "target", 4242 + (int64_t)i);
        render_cost(c, cpu_s[i], 0, 520);
        c->rss_peak_bytes = i == 0 ? 1904832 : 7400000;
        c->threads_peak = 1;
    }
    r->client.run_wait_s = 0.52;
    r->fairness = (struct fairness){5, 5, 6, 0, 0.998};
}

static const struct {
    const char *name;
    void (*build)(struct result *r);
} cases[] = {
    {"pool", case_pool},
    {"collapse", case_collapse},
    {"carried", case_carried},
    {"offload", case_offload},
    {"nothing", case_nothing},
    {"refused", case_refused},
    {"interrupted", case_interrupted},
    {"refusing", case_refusing},
    {"blocked", case_blocked},
    {"queue", render_case_queue},
    {"drained", render_case_drained},
    {"burst", render_case_burst},
    {"undone", render_case_undone},
    {"late", render_case_late},
    {"merged", render_case_merged},
    {"https", render_case_https},
    {"http2", render_case_http2},
    {"untrusted", render_case_untrusted},
};

const char *const render_case_names[] = {"pool",        "collapse", "offload", "nothing", "refused",
                                         "interrupted", "refusing", "blocked", "queue",   "drained",
                                         "burst",       "undone",   "late",    "https",   "http2",
                                         "untrusted",   "carried",  "merged",  NULL};

int render_case(const char *name, struct result *out)
{
    for (size_t i = 0; i < LEN(cases); i++) {
        if (strcmp(cases[i].name, name) == 0) {
            cases[i].build(out);
            render_settle(out);
            return 0;
        }
    }
    return -1;
}
