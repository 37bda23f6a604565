/* offload: the server does no work itself; a separate compute service does it.
 *
 * A request is forwarded over HTTP on a connection that is kept open. The service splits it over
 * all cores, joins the parts and answers (compute.c), and the server passes the result on:
 *
 *     server             [read A][forward A]   [ping]  [reply A]
 *     service, core 1                    [count A 1/2][count B 1/2]..
 *     service, core 2                    [count A 2/2][count B 2/2]..
 *
 * What it costs: a second process, the round trip to it, and a second thing that can be down. In
 * return the service can be written in another language, run on another machine, and be replaced on
 * its own.
 *
 * What breaks: a single request is answered sooner, by up to a factor of the number of cores. Under
 * load nothing is gained: the same cores do the same work, one request after the other. When the
 * service dies, its requests are answered 502, and so are new ones until it is back. When it takes
 * too long the answer is 504, and the service goes on with work that nobody waits for.
 *
 * --offload-connections bounds how many requests the service has at once. Two keep it busy when the
 * work is long. When the work is short, more are needed to hide the round trip. The fewer there
 * are, the fewer are lost with the service. Further requests wait here, up to --max-queue of them;
 * the rest is answered 503.
 *
 * What to look at: `wait` is the time in this queue and in the service's own; `work` is the
 * service's, by its Server-Timing. What the whole latency has beyond these two is the hop.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "targets/child/service_process.h"
#include "targets/compute/client.h"
#include "targets/compute/reply.h"
#include "targets/http/strategy.h"

#define CLOSE_GRACE_NS (2 * NS_PER_S)

/* A request that is not answered yet. */
struct job {
    struct request *request;
    struct work work;
    int64_t came_ns;
    struct job *next;
};

struct offload {
    struct strategy_env *env;
    struct compute_client *client;
    struct service_process *service; /* NULL: one that is not ours, at --compute-url */
    char *url;                       /* up to "n="; NULL while the service is down */
    struct job *first, *last;        /* waiting for a connection */
    int64_t waiting;
    uv_timer_t deadline; /* until the first of them has waited too long */
    uv_check_t turn;     /* runs each turn of the loop during a stop */
    bool stopping;
    int open; /* parts that are not closed yet */
};

/* ---- the work: answers ---- */

static void answer_result(struct job *job, const struct exchange_end *end)
{
    struct err err;
    struct compute_reply said = compute_reply_times(end->timing, end->ended_ns - end->sent_ns);
    int64_t began_ns = end->sent_ns + said.wait_ns;
    if (compute_reply_check(end->body, end->body_len, &job->work, &err) < 0)
        request_fail(job->request, 502, NULL, err.text);
    else
        request_reply_work(job->request, job->work.n, began_ns, began_ns + said.work_ns);
}

static void answer_error(const struct offload *o, struct job *job, const struct exchange_end *end)
{
    char *why = NULL;
    if (atomic_load(&o->env->stop)) {
        request_reply_work(job->request, -1, end->sent_ns, end->ended_ns); /* it ended early */
    } else if (o->stopping) {
        request_reject(job->request, "the server is stopping");
    } else if (end->how == EXCHANGE_TIMED_OUT) {
        request_fail(job->request, 504, NULL, "the compute service did not answer in time");
    } else if (end->status == 503) {
        request_reject(job->request, "the compute service has no room");
    } else {
        why = end->how == EXCHANGE_LOST
                  ? mem_printf("the compute service: %s", end->why)
                  : mem_printf("the compute service answered %ld", end->status);
        request_fail(job->request, 502, NULL, why);
    }
    free(why);
}

/* ---- the work: the queue ---- */

static struct job *take_first(struct offload *o)
{
    struct job *job = o->first;
    o->first = job->next;
    o->waiting--;
    if (o->first == NULL)
        o->last = NULL;
    return job;
}

static int64_t left_ns(const struct offload *o, const struct job *job)
{
    int64_t left = job->came_ns + o->env->options->offload_timeout_ns - clock_now_ns();
    return left > 0 ? left : 0;
}

static void forward(struct offload *o, struct job *job)
{
    char *url = job->work.kind == WORK_COUNT
                    ? mem_printf("%sn=%lld", o->url, (long long)job->work.n)
                    : mem_printf("%ssleep_ms=%.6f", o->url, (double)job->work.n / NS_PER_MS);
    compute_client_send(o->client, url, left_ns(o, job), job);
    free(url);
}

static void on_deadline(uv_timer_t *timer);

/* Forwards the requests that can be; sets the timer for the rest. */
static void move_on(struct offload *o)
{
    while (o->first != NULL && o->url != NULL && compute_client_has_room(o->client))
        forward(o, take_first(o));
    if (o->first == NULL)
        (void)uv_timer_stop(&o->deadline);
    else if (!uv_is_active((uv_handle_t *)&o->deadline))
        (void)uv_timer_start(&o->deadline, on_deadline,
                             (uint64_t)(left_ns(o, o->first) / NS_PER_MS) + 1, 0);
}

/* All have the same time limit, so the first that came is the first to time out. */
static void on_deadline(uv_timer_t *timer)
{
    struct offload *o = timer->data;
    while (o->first != NULL && left_ns(o, o->first) == 0) {
        struct job *job = take_first(o);
        request_fail(job->request, 504, NULL, "no connection to the compute service was free");
        free(job);
    }
    move_on(o);
}

static void on_end(void *ctx, const struct exchange_end *end)
{
    struct offload *o = ctx;
    struct job *job = end->job;
    if (end->how == EXCHANGE_ANSWERED && end->status == 200)
        answer_result(job, end);
    else
        answer_error(o, job, end);
    free(job);
    move_on(o);
}

/* ---- the work: the service ---- */

static void on_up(void *ctx, int port)
{
    struct offload *o = ctx;
    free(o->url);
    o->url = mem_printf("http://127.0.0.1:%d/heavy?", port);
}

/* Requests that the service already has end with their connections. */
static void on_down(void *ctx)
{
    struct offload *o = ctx;
    free(o->url);
    o->url = NULL;
    while (o->first != NULL) {
        struct job *job = take_first(o);
        request_fail(job->request, 502, NULL, "the compute service ended");
        free(job);
    }
    move_on(o);
}

/* ---- requests ---- */

static void offload_handle(void *state, struct request *request)
{
    struct offload *o = state;
    if (o->url == NULL) {
        request_fail(request, 502, NULL, "the compute service is down and will be started again");
        return;
    }
    if (!compute_client_has_room(o->client) && o->waiting >= o->env->options->max_queue) {
        request_reject(request, "the queue is full");
        return;
    }
    struct job *job = mem_zalloc(sizeof *job);
    *job = (struct job){request, request_work(request), clock_now_ns(), NULL};
    if (o->last == NULL)
        o->first = job;
    else
        o->last->next = job;
    o->last = job;
    o->waiting++;
    move_on(o);
}

/* ---- stats ---- */

static void offload_stats(const void *state, struct strategy_stats *out)
{
    const struct offload *o = state;
    pid_t pid = o->service == NULL ? 0 : service_process_pid(o->service);
    int64_t restarts = o->service == NULL ? 0 : service_process_restarts(o->service);
    out->queue_depth = o->waiting;
    out->more = json_pack("{s:{s:o, s:b, s:I}}", "compute", "pid",
                          pid == 0 ? json_null() : json_integer(pid), "up", o->url != NULL,
                          "restarts", (json_int_t)restarts);
}

/* ---- the stop ---- */

/* The signal that ends the grace time wakes the loop, so this is called soon after. */
static void on_turn(uv_check_t *check)
{
    struct offload *o = check->data;
    if (!atomic_load(&o->env->stop))
        return;
    (void)uv_check_stop(check);
    compute_client_cut(o->client);
}

static void offload_stop(void *state)
{
    struct offload *o = state;
    o->stopping = true;
    (void)uv_check_start(&o->turn, on_turn);
    while (o->first != NULL) {
        struct job *job = take_first(o);
        request_reject(job->request, "the server is stopping");
        free(job);
    }
    (void)uv_timer_stop(&o->deadline);
    if (o->service != NULL)
        service_process_stop(o->service, o->env->options->grace_ns);
}

static void part_closed(struct offload *o)
{
    if (--o->open > 0)
        return;
    free(o->url);
    free(o);
}

static void on_module_closed(void *ctx)
{
    part_closed(ctx);
}

static void on_handle_closed(uv_handle_t *handle)
{
    part_closed(handle->data);
}

/* Called when every request is answered. */
static void offload_close(void *state)
{
    struct offload *o = state;
    if (o->service != NULL)
        service_process_close(o->service, atomic_load(&o->env->stop) ? 0 : CLOSE_GRACE_NS);
    if (o->client != NULL)
        compute_client_close(o->client);
    uv_close((uv_handle_t *)&o->deadline, on_handle_closed);
    uv_close((uv_handle_t *)&o->turn, on_handle_closed);
}

/* ---- the start ---- */

static struct service_process *start_service(struct offload *o, struct err *err)
{
    const struct target_options *options = o->env->options;
    const struct service_process_events events = {o, on_up, on_down, on_module_closed};
    struct service_spec spec = {
        .program = options->compute_program != NULL ? options->compute_program : "bench-compute",
        .role = "compute service"};
    service_options_add_common(&spec.options, options);
    service_options_add(&spec.options, "--compute-threads",
                        mem_printf("%lld", (long long)options->compute_threads));
    service_options_add(&spec.options, "--max-queue",
                        mem_printf("%lld", (long long)options->offload_connections));
    struct service_process *service = service_process_start(o->env->loop, &spec, &events, err);
    str_list_fini(&spec.options);
    return service;
}

static int connect_service(struct offload *o, struct err *err)
{
    const struct target_options *options = o->env->options;
    const struct compute_client_events events = {o, on_end, on_module_closed};
    o->client = compute_client_open(o->env->loop, options->offload_connections, &events, err);
    if (o->client == NULL)
        return -1;
    o->open++;
    if (options->compute_url != NULL) {
        o->url = compute_client_base(options->compute_url, err);
        return o->url == NULL ? -1 : 0;
    }
    o->service = start_service(o, err);
    if (o->service == NULL)
        return -1;
    o->open++;
    return 0;
}

static int offload_start(struct strategy_env *env, void **state, struct err *err)
{
    struct offload *o = mem_zalloc(sizeof *o);
    o->env = env;
    (void)uv_timer_init(env->loop, &o->deadline);
    (void)uv_check_init(env->loop, &o->turn);
    o->deadline.data = o->turn.data = o;
    o->open = 2;
    if (connect_service(o, err) < 0) {
        offload_close(o);
        return -1;
    }
    *state = o;
    return 0;
}

const struct strategy strategy_offload = {
    .name = "offload",
    .summary = "A separate compute service splits each request over all cores.",
    .start = offload_start,
    .handle = offload_handle,
    .stats = offload_stats,
    .stop = offload_stop,
    .close = offload_close,
};
