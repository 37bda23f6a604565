#include "cases/session_cases.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"

#define ARM_S    8 /* of a block: six slices, their guards and the warm-up */
#define POINTS   1000
#define STRANGE  "</td>|`a`|\x1b[31m @user,\r\n::error::x"
#define AN_ERROR 503

/* What the second arm is, as factors of the first, and how much a block's figures vary. */
struct shape {
    const char *name;
    int blocks, max_blocks;
    double cpu, rate, tail, noise;
    void (*change)(struct session *s); /* NULL: nothing */
};

/* --- a block --- */

/* Near to normal, with a standard deviation of 1. */
static double draw(struct rng *rng)
{
    double sum = -6;
    for (int i = 0; i < 12; i++)
        sum += rng_unit(rng);
    return sum;
}

static void fill_latency(struct hist *h, int64_t completed, double slower, double tail)
{
    for (int i = 0; i < POINTS; i++) {
        double u = (i + 0.5) / POINTS;
        double ns = 8e6 * slower * pow(u / (1 - u), 0.25) * pow(tail, pow(u, 8));
        hist_record_n(h, (int64_t)ns, (uint64_t)(completed / POINTS));
    }
}

static void fill_side(struct session_side *side, double cpu, double rate, double tail)
{
    struct result *r = &side->result;
    struct accounting *a = &r->accounting;
    a->completed = (int64_t)ceil(12 * rate) * POINTS;
    a->in_flight_at_end = 16;
    a->sent = a->completed + a->in_flight_at_end;
    a->oldest_in_flight_ns = 9000000;
    a->connected = 96;
    a->statuses[200] = a->completed;
    a->bytes_received = 150 * a->completed;
    a->bytes_sent = 80 * a->sent;
    r->duration_s = 6.000123 * ceil(12 * rate) / (12 * rate);
    r->latency = hist_new_latency();
    fill_latency(r->latency, a->completed, 1 / rate, tail);
    r->unfinished = hist_new_latency();
    hist_record_n(r->unfinished, 4000000, 16);
    r->has_server = true;
    r->server.total.cpu_user_s = floor((double)a->completed * cpu * 0.04) / 100;
    r->server.total.cpu_system_s = floor((double)a->completed * cpu * 0.008) / 100;
    r->server.total.cpu_per_request_us =
        process_cpu_s(&r->server.total) * 1e6 / (double)a->completed;
    r->server.total.rss_peak_bytes = 48 << 20;
    side->share = (struct session_share){0.02, 0.05, 0, 0.003};
}

static void add_block(struct session *s, const struct shape *shape, struct rng *rng)
{
    size_t number = s->nblocks;
    struct session_block *block = session_add_block(s);
    double load = 1 + 0.05 * sin((double)number); /* of the machine: it meets all arms alike */
    block->started_wall_ms = s->started_wall_ms + (int64_t)(number * s->narms) * ARM_S * 1000;
    block->is_mirrored = session_is_mirrored(s->seed, number);
    for (size_t i = 0; i < s->narms; i++) {
        bool is_other = i == 1;
        double cpu = load * exp(shape->noise * draw(rng)) * (is_other ? shape->cpu : 1);
        double rate = exp(2 * shape->noise * draw(rng)) * (is_other ? shape->rate : 1) / load;
        double tail = exp(3 * shape->noise * draw(rng)) * (is_other ? shape->tail : 1);
        fill_side(&block->sides[i], cpu, rate, tail);
        block->sides[i].padding_bytes = session_padding(s->seed, number, i);
    }
}

/* --- what is special --- */

static void interrupt(struct session *s)
{
    const struct session_redo stolen = {
        .block = 2, .flaw = SESSION_FLAW_STOLEN, .arm = 1, .imbalance = 0.127};
    const struct session_redo clock = {.block = 4, .flaw = SESSION_FLAW_CLOCK, .imbalance = NAN};
    session_add_redo(s, &stolen);
    session_add_redo(s, &clock);
    s->interrupted = true;
}

static void let_die(struct session *s)
{
    static char words[] = "head: panic: out of \xff handles\nat main.c:12";
    const struct session_redo died = {
        .block = 0, .flaw = SESSION_FLAW_DIED, .arm = 1, .imbalance = NAN, .text = words};
    struct result *r = &s->blocks[0].sides[1].result;
    session_add_redo(s, &died);
    session_add_redo(s, &died);
    s->blocks[0].is_valid = false;
    r->target_end = mem_strdup("exit 1");
    result_warn(r, "died", words, NULL);
    s->problem = mem_strdup("head ended by itself (exit 1) in block 1, three times");
}

static void reach_by_url(struct session *s)
{
    for (size_t i = 0; i < s->narms; i++) {
        s->arms[i].is_url = true;
        for (size_t k = 0; k < s->nblocks; k++) {
            struct result *r = &s->blocks[k].sides[i].result;
            r->has_server = false;
            process_cost_init(&r->server.total);
            s->blocks[k].sides[i].share.idle = NAN;
            s->blocks[k].sides[i].padding_bytes = 0;
        }
    }
}

static void shift_control(struct session *s)
{
    for (size_t i = 0; i < s->nblocks; i++) {
        struct process_cost *c = &s->blocks[i].sides[2].result.server.total;
        c->cpu_user_s = floor(c->cpu_user_s * 116) / 100;
        c->cpu_per_request_us =
            process_cpu_s(c) * 1e6 / (double)s->blocks[i].sides[2].result.accounting.completed;
    }
}

static void measure_apart(struct session *s)
{
    s->layout = SESSION_LAYOUT_TRIALS;
    s->apart = SESSION_APART_IDLE;
    s->guard_ns = 0;
    s->is_one_sided = true;
}

/* Half of what a side has, and the rest. */
static void deal(const struct result *r, struct merged_part *half, struct merged_part *rest)
{
    const struct accounting *a = &r->accounting;
    half->connections = rest->connections = 8;
    half->workers = rest->workers = 1;
    half->start_s = 0;
    rest->start_s = 0.0005;
    half->duration_s = rest->duration_s = r->duration_s;
    half->completed = a->completed / 2;
    rest->completed = a->completed - half->completed;
    half->in_flight_at_end = rest->in_flight_at_end = a->in_flight_at_end / 2;
    half->sent = half->completed + half->in_flight_at_end;
    rest->sent = rest->completed + rest->in_flight_at_end;
    half->cpu_s = 0.25 * r->duration_s;
    rest->cpu_s = 0.5 * r->duration_s;
    half->busiest_worker = 0.25;
    rest->busiest_worker = 0.5;
}

/* check --hosts a,b */
static void load_from_hosts(struct session *s)
{
    static const char *const names[] = {"gen-a", "gen-b" STRANGE};
    measure_apart(s);
    s->is_one_sided = false;
    for (size_t i = 0; i < s->nblocks * s->narms; i++) {
        struct result *r = &s->blocks[i / s->narms].sides[i % s->narms].result;
        struct merged *m = mem_zalloc(sizeof *m);
        m->parts = mem_array(LEN(names), sizeof *m->parts);
        m->nparts = LEN(names);
        m->overlap = 0.999;
        m->lost_after_s = NAN;
        for (size_t k = 0; k < LEN(names); k++) {
            merged_part_init(&m->parts[k]);
            m->parts[k].share.index = (int64_t)k;
            m->parts[k].share.count = LEN(names);
            m->parts[k].share.host = mem_strdup(names[k]);
            m->parts[k].share.clock_error_us = (double)(10 * k);
            m->parts[k].cores = 4;
        }
        deal(r, &m->parts[0], &m->parts[1]);
        r->merged = m;
    }
}

static void run_out(struct session *s)
{
    s->out_of_time = true;
    s->budget_s = 60;
}

/* Hostile names, and a server that answers errors. */
static void make_strange(struct session *s)
{
    session_add_gate(s, SESSION_GATE_WARN, "p99>1us", false);
    session_add_gate(s, SESSION_GATE_FAIL, "rps<-5%", false);
    for (size_t i = 0; i < s->narms; i++) {
        free(s->arms[i].name);
        free(s->arms[i].target);
        s->arms[i].name = mem_printf("=%zu" STRANGE, i);
        s->arms[i].target = mem_strdup("=cmd|' /C calc'!A1" STRANGE);
    }
    s->title = mem_strdup(STRANGE);
    s->path = mem_strdup("/" STRANGE);
    for (size_t i = 0; i < s->nblocks; i++) {
        struct accounting *a = &s->blocks[i].sides[1].result.accounting;
        a->non_2xx = a->completed / 10;
        a->statuses[200] -= a->non_2xx;
        a->statuses[AN_ERROR] = a->non_2xx;
    }
}

/* --- the cases --- */

static const struct shape shapes[] = {
    {"fail", 6, 24, 1.09, 1, 1, 0.006, NULL},
    {"pass", 10, 24, 1, 1, 1, 0.006, NULL},
    {"noisy", 10, 10, 1.05, 0.97, 1.1, 0.04, NULL},
    {"open", 7, 24, 1.04, 1, 1.1, 0.02, interrupt},
    {"died", 1, 24, 1, 1, 1, 0.006, let_die},
    {"urls", 6, 24, 1, 1, 1.5, 0.006, reach_by_url},
    {"control", 6, 24, 1.09, 1, 1, 0.006, shift_control},
    {"trials", 10, 24, 1, 1, 1, 0.006, measure_apart},
    {"hosts", 6, 24, 1.09, 1, 1, 0.006, load_from_hosts},
    {"early", 3, 24, 1, 1, 1, 0.006, run_out},
    {"strange", 6, 24, 1, 1, 1, 0.006, make_strange},
    {"nothing", 0, 24, 1, 1, 1, 0, NULL},
};

const char *const session_case_names[] = {"fail",    "pass",    "noisy",  "open",  "died",
                                          "urls",    "control", "trials", "hosts", "early",
                                          "strange", "nothing", NULL};

static void add_arms(struct session *s, const struct shape *shape)
{
    bool by_url = shape->change == reach_by_url;
    static char duration[] = "duration";
    static char strategy[] = "strategy";
    static char pool[] = "pool";
    const struct setting settings[] = {
        {.name = duration, .kind = SETTING_NUMBER, .number = 6},
        {.name = strategy, .kind = SETTING_TEXT, .text = pool},
    };
    s->has_control = shape->change == shift_control;
    (void)session_add_arm(s, "base", by_url ? "http://127.0.0.1:8080" : "./base --port {port}");
    (void)session_add_arm(s, "head", by_url ? "http://127.0.0.1:8081" : "./head --port {port}");
    if (s->has_control)
        (void)session_add_arm(s, "control", "./base --port {port}");
    for (size_t i = 0; i < s->narms; i++) {
        for (size_t k = 0; k < LEN(settings); k++)
            settings_add(&s->arms[i].config, &s->arms[i].nconfig, &settings[k]);
    }
}

static void add_machine(struct session *s)
{
    struct environment *e = &s->environment;
    e->hostname = mem_strdup("runner-7");
    e->os = mem_strdup("Debian GNU/Linux 12 (bookworm)");
    e->kernel = mem_strdup("6.1.0-18-amd64");
    e->arch = mem_strdup("x86_64");
    e->cpu_model = mem_strdup("AMD EPYC 7B13");
    e->cores_online = 8;
    e->cores_allowed = 2;
    e->memory_bytes = INT64_C(8) << 30;
    e->load_average_1m = 0.25;
}

static void make(const struct shape *shape, struct session *s)
{
    static const char *const words[] = {"bench", "check",
                                        "--arm", "base=./base --port {port}",
                                        "--arm", "head=./head --port {port}"};
    struct rng rng;
    rng_init(&rng, 7);
    session_init(s);
    s->tool_version = mem_strdup("0.1.0");
    s->nargv = LEN(words);
    s->argv = mem_array(LEN(words), sizeof *s->argv);
    for (size_t i = 0; i < LEN(words); i++)
        s->argv[i] = mem_strdup(words[i]);
    s->started_wall_ms = INT64_C(1795381445123);
    s->seed = 42;
    s->max_blocks = shape->max_blocks;
    s->slices = 6;
    s->slice_ns = 1000000000;
    s->guard_ns = 250000000;
    add_machine(s);
    add_arms(s, shape);
    if (shape->change != reach_by_url)
        session_add_gate(s, SESSION_GATE_DETECT, "cpu_per_request 10%", true);
    session_add_gate(s, SESSION_GATE_DETECT, "rps 10%", true);
    session_add_gate(s, SESSION_GATE_DETECT, "p99 20%", true);
    if (shape->change != reach_by_url)
        session_add_gate(s, SESSION_GATE_DETECT, "rss 10%", true);
    session_add_gate(s, SESSION_GATE_FAIL, "errors>+0.5%", true);
    for (int i = 0; i < shape->blocks; i++)
        add_block(s, shape, &rng);
    s->measured_s = ARM_S * (double)(s->narms * s->nblocks);
    s->finished_wall_ms = s->started_wall_ms + (int64_t)s->measured_s * 1000;
    if (shape->change != NULL)
        shape->change(s);
}

int session_case(const char *name, struct session *out)
{
    for (size_t i = 0; i < LEN(shapes); i++) {
        if (strcmp(shapes[i].name, name) == 0) {
            make(&shapes[i], out);
            return 0;
        }
    }
    return -1;
}
