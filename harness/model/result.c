#include "model/result.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/plan.h"

const char *const loss_keys[LOSS_COUNT] = {
#define X(name, key, meaning) #key,
    LOSS_KINDS(X)
#undef X
};

const char *const loss_meanings[LOSS_COUNT] = {
#define X(name, key, meaning) meaning,
    LOSS_KINDS(X)
#undef X
};

const char *const drain_how_names[DRAIN_HOW_COUNT] = {
    [DRAIN_PROJECTED] = "projected", [DRAIN_MEASURED] = "measured", [DRAIN_CUT] = "cut"};

const char *const drain_cut_names[DRAIN_CUT_COUNT] = {[DRAIN_CUT_TIME] = "time",
                                                      [DRAIN_CUT_INTERRUPT] = "interrupt",
                                                      [DRAIN_CUT_NO_WORKER] = "no-worker",
                                                      [DRAIN_CUT_NO_PROGRESS] = "no-progress",
                                                      [DRAIN_CUT_NO_ANSWER] = "no-answer"};

const char *const drain_cut_meanings[DRAIN_CUT_COUNT] = {
    [DRAIN_CUT_TIME] = "the time limit was reached",
    [DRAIN_CUT_INTERRUPT] = "interrupted",
    [DRAIN_CUT_NO_WORKER] = "no worker took jobs",
    [DRAIN_CUT_NO_PROGRESS] = "no job was running",
    [DRAIN_CUT_NO_ANSWER] = "the gateway did not respond"};

int64_t accounting_failed(const struct accounting *a)
{
    int64_t sum = 0;
    for (size_t i = 0; i < LOSS_COUNT; i++)
        sum += a->failed[i];
    return sum;
}

int64_t accounting_wrong_status(const struct accounting *a)
{
    return a->non_2xx - a->judged_non_2xx;
}

int64_t accounting_wrong(const struct accounting *a)
{
    return accounting_wrong_status(a) + a->mismatches;
}

int64_t accounting_waiting(const struct accounting *a)
{
    return a->in_flight_at_end + (a->unsent == MISSING ? 0 : a->unsent);
}

bool accounting_adds_up(const struct accounting *a)
{
    bool is_all_sent = a->due == MISSING || a->due == a->sent + a->unsent + a->unbound;
    return is_all_sent &&
           a->sent == a->completed + a->timed_out + accounting_failed(a) + a->in_flight_at_end;
}

int64_t accounting_replies(const struct accounting *a)
{
    return a->completed + a->carried;
}

double accounting_replies_like(const struct accounting *a, int64_t part)
{
    if (a->completed == 0)
        return 0;
    return (double)accounting_replies(a) * (double)part / (double)a->completed;
}

bool accounting_answers_few(const struct accounting *a)
{
    return a->completed < a->sent - a->completed;
}

void process_cost_init(struct process_cost *c)
{
    *c = (struct process_cost){
        .pid = MISSING,
        .cpu_user_s = NAN,
        .cpu_system_s = NAN,
        .cpu_per_request_us = NAN,
        .rss_peak_bytes = MISSING,
        .threads_peak = MISSING,
        .threads_started = MISSING,
        .switches_voluntary = MISSING,
        .switches_involuntary = MISSING,
        .run_wait_s = NAN,
    };
}

void environment_init(struct environment *e)
{
    *e = (struct environment){.cores_online = MISSING,
                              .cores_allowed = MISSING,
                              .cpu_quota_cores = NAN,
                              .memory_bytes = MISSING,
                              .fd_limit = MISSING,
                              .load_average_1m = NAN};
}

bool result_is_open_loop(const struct result *r)
{
    return r->accounting.due != MISSING;
}

void result_init(struct result *r)
{
    *r = (struct result){
        .duration_s = NAN,
        .work_n = MISSING,
        .target_counted = MISSING,
        .offered = {.rate_rps = NAN, .max_connections = MISSING},
        .machine = {.other_cpu_cores = NAN, .stolen_cores = NAN, .suspended_s = NAN},
        .client = {.cpu_user_s = NAN,
                   .cpu_system_s = NAN,
                   .cpu_per_request_us = NAN,
                   .busiest_worker = NAN,
                   .rss_peak_bytes = MISSING,
                   .run_wait_s = NAN,
                   .spin_s = NAN,
                   .little_residual = NAN},
        .fairness =
            {.min = MISSING, .median = MISSING, .max = MISSING, .starved = MISSING, .jain = NAN},
        .http2 = {.max_streams = MISSING},
        .valid = true,
    };
    environment_init(&r->environment);
    r->accounting.oldest_in_flight_ns = MISSING;
    r->accounting.gone_after_ns = MISSING;
    r->accounting.due = r->accounting.unsent = r->accounting.held = MISSING;
    r->accounting.completed_after_end = MISSING;
    process_cost_init(&r->server.total);
    queue_account_init(&r->queue);
}

void environment_fini(struct environment *e)
{
    free(e->hostname);
    free(e->os);
    free(e->kernel);
    free(e->arch);
    free(e->cpu_model);
    free(e->governor);
    free(e->libuv_version);
}

static void server_fini(struct server_cost *s)
{
    free(s->total.role);
    for (size_t i = 0; i < s->nprocesses; i++)
        free(s->processes[i].role);
    free(s->processes);
}

static void accounting_fini(struct accounting *a)
{
    for (size_t i = 0; i < a->nloss_reasons; i++)
        free(a->loss_reasons[i].text);
    free(a->loss_reasons);
    for (size_t i = 0; i < a->nconnect_errors; i++) {
        free(a->connect_errors[i].trouble);
        free(a->connect_errors[i].text);
    }
    free(a->connect_errors);
}

static void texts_fini(struct result *r)
{
    for (size_t i = 0; i < r->nargv; i++)
        free(r->argv[i]);
    free(r->argv);
    settings_free(r->config, r->nconfig);
    named_requests_free(r->named, r->nnamed);
    if (r->warmup != NULL)
        hist_free(r->warmup->latency);
    free(r->warmup);
    for (size_t i = 0; i < r->nwarnings; i++) {
        free(r->warnings[i].code);
        free(r->warnings[i].message);
        free(r->warnings[i].remedy);
    }
    free(r->warnings);
}

void result_fini(struct result *r)
{
    char *const texts[] = {r->title,
                           r->url,
                           r->address,
                           r->tool_version,
                           r->engine,
                           r->strategy,
                           r->command,
                           r->original,
                           r->work_kind,
                           r->target_end,
                           r->tls.version,
                           r->tls.cipher,
                           r->tls.library,
                           r->offered.stages,
                           r->offered.arrivals,
                           r->probe_counts.path,
                           r->queue.broker,
                           r->queue.health.eviction};
    for (size_t i = 0; i < LEN(texts); i++)
        free(texts[i]);
#define X(name) hist_free(r->name);
    RESULT_HISTS(X)
#undef X
    texts_fini(r);
    environment_fini(&r->environment);
    server_fini(&r->server);
    accounting_fini(&r->accounting);
    free(r->client.threads);
    free(r->seconds);
    hist_series_free(r->series_latency);
    share_free(r->share);
    merged_free(r->merged);
    free(r->pids);
    str_list_fini(&r->target_argv);
    *r = (struct result){0};
}

void result_warn(struct result *r, const char *code, const char *message, const char *remedy)
{
    r->warnings = mem_grow(r->warnings, r->nwarnings + 1, sizeof *r->warnings);
    r->warnings[r->nwarnings++] = (struct warning){
        .code = mem_strdup(code),
        .message = mem_strdup(message),
        .remedy = mem_strdup_or_null(remedy),
    };
}

struct process_cost *result_add_process(struct result *r, const char *role, int64_t pid)
{
    struct server_cost *s = &r->server;
    s->processes = mem_grow(s->processes, s->nprocesses + 1, sizeof *s->processes);
    struct process_cost *c = &s->processes[s->nprocesses++];
    process_cost_init(c);
    c->role = mem_strdup(role);
    c->pid = pid;
    return c;
}

double result_stored(double x)
{
    char text[40];
    (void)snprintf(text, sizeof text, "%.*g", RESULT_DIGITS, x);
    return strtod(text, NULL);
}

double result_requests_per_second(const struct result *r)
{
    return r->duration_s > 0 ? (double)accounting_replies(&r->accounting) / r->duration_s : NAN;
}

const char *result_name(const struct result *r)
{
    const char *const names[] = {r->title, r->strategy, r->original, r->command, r->url};
    for (size_t i = 0; i < LEN(names); i++) {
        if (names[i] != NULL && names[i][0] != '\0')
            return names[i];
    }
    return "run";
}

bool result_is_queue(const struct result *r)
{
    return r->has_queue || plan_names_queue(r->strategy, r->original);
}

/* A second that is cut short by the end says little about a rate, unless it is all there is. */
static bool counts(const struct result *r, size_t i, double least_s)
{
    return r->nseconds == 1 || r->seconds[i].length_s >= least_s;
}

static double least_s(const struct result *r)
{
    return (double)result_sample_ms(r) / 1000 / 2;
}

static double rate_of(const struct second *s, enum second_metric metric)
{
    const int64_t amounts[] = {[SECOND_REQUESTS] = s->requests,
                               [SECOND_BYTES] = s->bytes,
                               [SECOND_JOBS] = s->jobs_completed};
    int64_t amount = amounts[metric];
    return s->length_s > 0 && amount != MISSING ? (double)amount / s->length_s : NAN;
}

struct second_stats result_second_stats(const struct result *r, enum second_metric metric)
{
    struct second_stats out = {.mean = NAN, .stddev = NAN, .min = NAN, .max = NAN};
    double sum = 0;
    double squares = 0;
    double least = least_s(r);
    for (size_t i = 0; i < r->nseconds; i++) {
        double rate = rate_of(&r->seconds[i], metric);
        if (!counts(r, i, least) || isnan(rate))
            continue;
        sum += rate;
        squares += rate * rate;
        out.min = out.count == 0 || rate < out.min ? rate : out.min;
        out.max = out.count == 0 || rate > out.max ? rate : out.max;
        out.count++;
    }
    if (out.count > 0) {
        double n = (double)out.count;
        out.mean = sum / n;
        out.stddev = sqrt(fmax(0, squares / n - out.mean * out.mean));
    }
    return out;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

double result_second_percentile(const struct result *r, enum second_metric metric, double q)
{
    double *rates = mem_array(r->nseconds, sizeof *rates);
    size_t n = 0;
    double least = least_s(r);
    for (size_t i = 0; i < r->nseconds; i++) {
        double rate = rate_of(&r->seconds[i], metric);
        if (counts(r, i, least) && !isnan(rate))
            rates[n++] = rate;
    }
    qsort(rates, n, sizeof *rates, by_value);
    size_t rank = (size_t)ceil(q * (double)n);
    double value = n == 0 ? NAN : rates[rank == 0 ? 0 : rank - 1];
    free(rates);
    return value;
}

double process_cpu_s(const struct process_cost *c)
{
    return c->cpu_user_s + c->cpu_system_s;
}

void faults_add(struct faults *sum, const struct faults *more)
{
    sum->timed_out += more->timed_out;
    sum->connect_failed += more->connect_failed;
    for (size_t i = 0; i < LEN(sum->failed); i++)
        sum->failed[i] += more->failed[i];
}

double server_cpu_s(const struct result *r, const char *role)
{
    double sum_s = NAN;
    for (size_t i = 0; i < r->server.nprocesses; i++) {
        const struct process_cost *c = &r->server.processes[i];
        if (strcmp(c->role, role) == 0)
            sum_s = (isnan(sum_s) ? 0 : sum_s) + process_cpu_s(c);
    }
    return sum_s;
}
