/* delay: answers each request after a time that is known beforehand. It does no work.
 *
 * It is not a strategy for anybody's server, and no help lists it: `bench selftest` measures it to
 * find out how far what bench shows is from the truth.
 *
 *     loop      [read A][read B]            [reply A]        [reply B]
 *     A         |------- 20 ms -------------|
 *     B                |------- 26 ms, another draw ---------|
 *
 * The k-th request that is read has the k-th draw of --delay-seed. With --servers N at most N are
 * served at the same time, in the order of arrival; the others wait. When a request is due is
 * computed as it arrives, from when the earlier ones are due and not from when they were really
 * answered, so that a late wake-up delays one reply and no others.
 *
 * libuv's timers count whole milliseconds, so an absolute timerfd wakes the loop. A sleeping thread
 * is some tenths of a millisecond late on a virtual machine; where there is a core to spare, it is
 * woken that much earlier and waits for the rest without sleeping. The draws, the
 * beginnings and the ends are kept in memory, and written to --delay-log at the stop.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "targets/strategies/delay_log.h"
#include "targets/strategies/delay_spec.h"
#include "targets/strategies/due_heap.h"
#include "targets/strategies/strategies.h"

#define SERVERS_MAX 10000
#define SPIN_NS     (300 * INT64_C(1000))

struct delay {
    struct delay_spec spec;
    struct rng rng;
    struct delay_log log;
    struct due_heap waiting;
    size_t count;     /* requests so far */
    int64_t first_ns; /* when the first one came */
    int64_t *free_ns; /* of each server: when it is free; NULL: there is no limit */
    size_t servers;
    int64_t spin_ns; /* before a reply is due */
    int fd;
    uv_poll_t timer;
};

#define AT(field) offsetof(struct target_options, field)
/* clang-format off */
const struct opt delay_opts[] = {
    {.name = "delay", .type = OPT_TEXT, .at = AT(delay), .arg = "SPEC", .def = "constant:0",
     .help = "Time for a request: constant:TIME, bimodal:TIME,TIME,PHASE, lognormal:MEDIAN,SIGMA or exponential:MEAN."},
    {.name = "servers", .type = OPT_COUNT, .at = AT(delay_servers), .max = SERVERS_MAX, .arg = "N", .def = "0",
     .help = "Requests that are served at the same time, in the order of arrival; 0: all."},
    {.name = "delay-seed", .type = OPT_COUNT, .at = AT(delay_seed), .max = 9007199254740991.0, .arg = "N", .def = "1",
     .help = "Seed of the times."},
    {.name = "delay-log", .type = OPT_TEXT, .at = AT(delay_log), .arg = "FILE",
     .help = "At the stop, write a line per request: arrival, service time, start and finish in ns."},
    {.type = OPT_END},
};
/* clang-format on */

/* ---- the work ---- */

/* Setting the timer also takes back that it has rung, so it need not be read. */
static void set_timer(struct delay *d)
{
    struct itimerspec at = {0}; /* never */
    if (d->waiting.count > 0) {
        int64_t at_ns = d->waiting.items[0].due_ns - d->spin_ns;
        at.it_value.tv_sec = at_ns / NS_PER_S;
        at.it_value.tv_nsec = at_ns % NS_PER_S;
    }
    (void)timerfd_settime(d->fd, TFD_TIMER_ABSTIME, &at, NULL);
}

static void answer(struct delay *d, struct request *request, size_t number)
{
    static const char body[] = "ok\n";
    request_reply(request, &(struct reply){.status = 200,
                                           .type = "text/plain",
                                           .body = body,
                                           .body_len = sizeof body - 1});
    delay_log_finish(&d->log, number, clock_now_ns());
}

static void on_timer(uv_poll_t *timer, int status, int events)
{
    struct delay *d = timer->data;
    (void)status;
    (void)events;
    while (d->waiting.count > 0 && d->waiting.items[0].due_ns - d->spin_ns <= clock_now_ns()) {
        struct due_item item = due_heap_take(&d->waiting);
        while (clock_now_ns() < item.due_ns)
            ;
        answer(d, item.what, item.number);
    }
    set_timer(d);
}

/* Takes the server that is free first, until the request is served; returns when that begins. */
static int64_t take_server(struct delay *d, int64_t now_ns, int64_t service_ns)
{
    size_t first = 0;
    if (d->servers == 0)
        return now_ns;
    for (size_t i = 1; i < d->servers; i++) {
        if (d->free_ns[i] < d->free_ns[first])
            first = i;
    }
    int64_t start_ns = d->free_ns[first] > now_ns ? d->free_ns[first] : now_ns;
    d->free_ns[first] = start_ns + service_ns;
    return start_ns;
}

/* ---- requests ---- */

static void delay_handle(void *state, struct request *request)
{
    struct delay *d = state;
    int64_t now_ns = clock_now_ns();
    size_t number = d->count++;
    if (number == 0)
        d->first_ns = now_ns;
    int64_t service_ns = delay_spec_draw(&d->spec, &d->rng, now_ns - d->first_ns);
    int64_t start_ns = take_server(d, now_ns, service_ns);
    delay_log_add(&d->log, &(struct delay_log_line){now_ns, service_ns, start_ns, -1});
    if (start_ns + service_ns <= now_ns) {
        answer(d, request, number);
        return;
    }
    due_heap_add(&d->waiting, &(struct due_item){start_ns + service_ns, number, request});
    if (d->waiting.items[0].number == number)
        set_timer(d);
}

/* ---- stats ---- */

static void delay_stats(const void *state, struct strategy_stats *out)
{
    const struct delay *d = state;
    out->queue_depth = (int64_t)d->waiting.count;
}

/* ---- the stop ---- */

static void delay_stop(void *state)
{
    struct delay *d = state;
    while (d->waiting.count > 0)
        request_reject(due_heap_take(&d->waiting).what, "the server is stopping");
    set_timer(d);
}

static void delay_free(struct delay *d)
{
    if (d->fd >= 0)
        (void)close(d->fd);
    due_heap_fini(&d->waiting);
    free(d->free_ns);
    free(d);
}

static void on_closed(uv_handle_t *handle)
{
    delay_free(handle->data);
}

static void delay_close(void *state)
{
    struct delay *d = state;
    if (delay_log_close(&d->log) < 0)
        log_error("--delay-log: the file was not written whole");
    uv_close((uv_handle_t *)&d->timer, on_closed);
}

/* ---- the start ---- */

static int open_timer(struct delay *d, uv_loop_t *loop, struct err *err)
{
    char reason[80];
    d->fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (d->fd < 0)
        return err_set(err, ERR_USAGE, "cannot make a timer: %s; raise ulimit -n",
                       strerror_r(errno, reason, sizeof reason));
    int error = uv_poll_init(loop, &d->timer, d->fd);
    if (error < 0)
        return err_set(err, ERR_USAGE, "cannot wait for a timer: %s", uv_strerror(error));
    d->timer.data = d;
    (void)prctl(PR_SET_TIMERSLACK, 1UL);
    (void)uv_poll_start(&d->timer, UV_READABLE, on_timer);
    return 0;
}

static int delay_start(struct strategy_env *env, void **state, struct err *err)
{
    const struct target_options *options = env->options;
    struct delay *d = mem_zalloc(sizeof *d);
    d->fd = -1;
    d->servers = (size_t)options->delay_servers;
    if (d->servers > 0)
        d->free_ns = mem_array(d->servers, sizeof *d->free_ns);
    d->spin_ns = sysconf(_SC_NPROCESSORS_ONLN) > 2 ? SPIN_NS : 0;
    rng_init(&d->rng, (uint64_t)options->delay_seed);
    if (delay_spec_parse(options->delay, &d->spec, err) < 0 ||
        (options->delay_log != NULL && delay_log_open(&d->log, options->delay_log, err) < 0) ||
        open_timer(d, env->loop, err) < 0) {
        (void)delay_log_close(&d->log);
        delay_free(d);
        return -1;
    }
    *state = d;
    return 0;
}

const struct strategy strategy_delay = {
    .name = "delay",
    .summary = "Each reply comes after a known time; for bench selftest.",
    .start = delay_start,
    .handle = delay_handle,
    .stats = delay_stats,
    .stop = delay_stop,
    .close = delay_close,
};
