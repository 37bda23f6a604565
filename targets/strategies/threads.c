/* threads: every request starts threads of its own, and their number has no bound.
 *
 * Each request is split over --fanout 8 new threads, however many run already:
 *
 *     loop       [read A: make 8][read B: make 8]                ..[write A]
 *     A's 1..8                                   [ count n/8 ]
 *     B's 1..8                                   [ count n/8 ]
 *
 * New threads begin when the turn of the loop that started them ends, so requests that arrive
 * together are served together. Otherwise the first of them would share its core with the loop,
 * which is still reading, and the last would be read only when the first are done.
 *
 * What it costs: a thread of C is cheap: some microseconds and two touched pages. A thread of a
 * language VM is not: it first boots a heap and an interpreter. --isolate v8 adds that cost
 * (isolate.h; it is a model, and /stats says so).
 *
 * What breaks: nothing for one client, who gets all cores at once. But 100 clients get 800 threads.
 * The cores do no more work than before, and now they also switch. The loop is one of 801 threads
 * that want a core, so /ping waits as well. With isolates the 800 heaps are gigabytes, and booting
 * them takes 40 s of CPU before anything is counted. In the end the system refuses to make another
 * thread (ulimit -u, memory), and the request is answered 503.
 *
 * What to look at: `threads` in /stats. `started` is fanout x requests, `peak` is how many lived at
 * once. `run_wait_ended_s` is the time that threads were ready to run and had no core.
 */
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/procfs.h"
#include "targets/http/strategy.h"
#include "targets/work/isolate.h"
#include "targets/work/work.h"

/* A stack takes memory only for the pages that are touched, here two. Its size takes address space:
 * 800 threads with the usual 8 MiB would need 6.4 GiB of it, and exceed a `ulimit -v` long before
 * the memory is used up. */
#define STACK_BYTES ((size_t)256 << 10)

struct unpooled {
    struct strategy_env *env;
    struct isolate isolate;
    pthread_attr_t attributes;
    uv_async_t wake;
    uv_check_t turn;        /* runs at the end of a turn of the loop that has made threads */
    _Atomic uint32_t turns; /* how many such turns have ended */
    int open_handles;
    int64_t started, peak, not_made; /* threads */
    int64_t teams;                   /* not freed yet */
    bool closing;
    atomic_int_fast64_t ended, run_wait_ns; /* of threads that ended */
    pthread_mutex_t lock;                   /* for teams_done, and for the results in teams */
    struct team *teams_done;
};

/* The threads of one request. */
struct team {
    struct unpooled *owner;
    struct request *request; /* NULL: answered before its end */
    uint32_t turn;           /* the turn in which it was made */
    int64_t working;         /* threads that have not ended */
    int64_t reached, began_ns, ended_ns;
    bool no_memory;
    struct team *next;
    struct member {
        struct team *team;
        struct work part;
    } members[];
};

/* ---- the work, on the threads ---- */

static int64_t own_run_wait_ns(void)
{
    struct procfs_schedstat own;
    int failed = procfs_schedstat_read(AT_FDCWD, "/proc/thread-self/schedstat", &own);
    return failed < 0 ? 0 : own.run_wait_ns;
}

/* The loop is woken while the lock is held, so that the last thread no longer uses the team when
 * the loop gets the lock and frees it. */
static void end_member(struct team *team, const struct team *result)
{
    struct unpooled *u = team->owner;
    atomic_fetch_add(&u->run_wait_ns, own_run_wait_ns());
    atomic_fetch_add(&u->ended, 1);
    (void)pthread_mutex_lock(&u->lock);
    team->reached += result->reached;
    team->no_memory = team->no_memory || result->no_memory;
    if (team->began_ns == 0 || result->began_ns < team->began_ns)
        team->began_ns = result->began_ns;
    if (result->ended_ns > team->ended_ns)
        team->ended_ns = result->ended_ns;
    if (--team->working == 0) {
        team->next = u->teams_done;
        u->teams_done = team;
        (void)uv_async_send(&u->wake);
    }
    (void)pthread_mutex_unlock(&u->lock);
}

/* A futex needs no lock: a thread that loses its core while it holds one would block the loop. */
static void await_turn_end(struct unpooled *u, uint32_t turn)
{
    while (atomic_load(&u->turns) == turn)
        (void)syscall(SYS_futex, &u->turns, FUTEX_WAIT_PRIVATE, turn, NULL, NULL, 0);
}

static void *on_thread(void *argument)
{
    struct member *member = argument;
    struct unpooled *u = member->team->owner;
    struct team result = {0};
    void *heap = NULL;
    await_turn_end(u, member->team->turn);
    result.no_memory = !isolate_boot(&u->isolate, &u->env->stop, &heap);
    result.began_ns = clock_now_ns();
    if (!result.no_memory)
        result.reached = work_run(&member->part, &u->env->stop);
    result.ended_ns = clock_now_ns();
    isolate_end(&u->isolate, heap);
    end_member(member->team, &result);
    return NULL;
}

/* ---- the work, on the loop ---- */

static void close_when_alone(struct unpooled *u);

static void on_turn_end(uv_check_t *turn)
{
    struct unpooled *u = turn->data;
    (void)uv_check_stop(turn);
    atomic_fetch_add(&u->turns, 1);
    (void)syscall(SYS_futex, &u->turns, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}

static void fail(struct team *team, const char *why)
{
    request_fail(team->request, 503, "Retry-After: 1\r\n", why);
    team->request = NULL;
}

static void team_end(struct team *team)
{
    struct unpooled *u = team->owner;
    if (team->request != NULL && team->no_memory)
        fail(team, "there is no memory for a thread");
    else if (team->request != NULL)
        request_reply_work(team->request, team->reached, team->began_ns, team->ended_ns);
    free(team);
    u->teams--;
    close_when_alone(u);
}

/* Ends the teams that are done. Their threads are detached, because joining one could block the
 * loop behind all the other threads that want a core. */
static void on_wake(uv_async_t *wake)
{
    struct unpooled *u = wake->data;
    (void)pthread_mutex_lock(&u->lock);
    struct team *team = u->teams_done;
    u->teams_done = NULL;
    (void)pthread_mutex_unlock(&u->lock);
    while (team != NULL) {
        struct team *next = team->next;
        team_end(team);
        team = next;
    }
}

/* ---- requests ---- */

static int64_t live(const struct unpooled *u)
{
    return u->started - (int64_t)atomic_load(&u->ended);
}

/* 0, or the errno that says why there is no thread. */
static int make_thread(struct unpooled *u, struct member *member)
{
    pthread_t thread;
    int failed = pthread_create(&thread, &u->attributes, on_thread, member);
    if (failed != 0)
        return failed;
    u->started++;
    if (live(u) > u->peak)
        u->peak = live(u);
    return 0;
}

/* The request fails, but the threads that were made run to their end. */
static void fail_for_lack_of_threads(struct team *team, int64_t missing, int failed)
{
    struct unpooled *u = team->owner;
    char reason[80];
    char *why =
        mem_printf("no thread could be made: %s", strerror_r(failed, reason, sizeof reason));
    u->not_made += missing;
    fail(team, why);
    free(why);
    (void)pthread_mutex_lock(&u->lock);
    team->working -= missing;
    bool alone = team->working == 0; /* then no thread of it will wake the loop */
    (void)pthread_mutex_unlock(&u->lock);
    if (alone)
        team_end(team);
}

static void threads_handle(void *state, struct request *request)
{
    struct unpooled *u = state;
    struct work work = request_work(request);
    int64_t fanout = u->env->options->fanout;
    int64_t made = 0;
    int failed = 0;
    struct team *team = mem_zalloc(sizeof *team + (size_t)fanout * sizeof *team->members);
    team->owner = u;
    team->request = request;
    team->working = fanout;
    team->turn = atomic_load(&u->turns);
    (void)uv_check_start(&u->turn, on_turn_end);
    u->teams++;
    while (made < fanout && failed == 0) {
        struct member *member = &team->members[made];
        *member = (struct member){team, work_part(&work, made, fanout)};
        failed = make_thread(u, member);
        made += failed == 0 ? 1 : 0;
    }
    if (failed != 0)
        fail_for_lack_of_threads(team, fanout - made, failed);
}

/* ---- stats ---- */

static json_t *isolate_json(const struct unpooled *u)
{
    const struct isolate *i = &u->isolate;
    if (i->boot_ns == 0 && i->bytes == 0)
        return json_null();
    return json_pack("{s:f, s:I, s:b}", "boot_ms", (double)i->boot_ns / (double)NS_PER_MS,
                     "memory_bytes", (json_int_t)i->bytes, "model", 1);
}

static void threads_stats(const void *state, struct strategy_stats *out)
{
    const struct unpooled *u = state;
    out->threads_live = live(u);
    out->threads_started = u->started;
    out->threads_peak = u->peak;
    out->run_wait_ended_s = (double)atomic_load(&u->run_wait_ns) / (double)NS_PER_S;
    out->more = json_pack("{s:I, s:o}", "threads_not_made", (json_int_t)u->not_made, "isolate",
                          isolate_json(u));
}

/* ---- the stop ---- */

static void on_closed(uv_handle_t *handle)
{
    struct unpooled *u = handle->data;
    if (--u->open_handles > 0)
        return;
    (void)pthread_attr_destroy(&u->attributes);
    (void)pthread_mutex_destroy(&u->lock);
    free(u);
}

static void close_when_alone(struct unpooled *u)
{
    if (!u->closing || u->teams > 0)
        return;
    uv_close((uv_handle_t *)&u->wake, on_closed);
    uv_close((uv_handle_t *)&u->turn, on_closed);
}

/* Every request is answered. Threads that still run are of failed requests, so they are stopped. */
static void threads_close(void *state)
{
    struct unpooled *u = state;
    u->closing = true;
    atomic_store(&u->env->stop, true);
    close_when_alone(u);
}

/* ---- the start ---- */

static int threads_start(struct strategy_env *env, void **state, struct err *err)
{
    const struct target_options *o = env->options;
    struct unpooled *u = mem_zalloc(sizeof *u);
    if (uv_async_init(env->loop, &u->wake, on_wake) < 0) {
        free(u);
        return err_set(err, ERR_USAGE, "no descriptor is left; raise ulimit -n");
    }
    (void)uv_check_init(env->loop, &u->turn);
    u->wake.data = u->turn.data = u;
    u->open_handles = 2;
    u->env = env;
    u->isolate = isolate_choose(o->isolate, o->isolate_boot, o->isolate_memory);
    (void)pthread_mutex_init(&u->lock, NULL); /* none of these four can fail on Linux */
    (void)pthread_attr_init(&u->attributes);
    (void)pthread_attr_setstacksize(&u->attributes, STACK_BYTES);
    (void)pthread_attr_setdetachstate(&u->attributes, PTHREAD_CREATE_DETACHED);
    *state = u;
    return 0;
}

const struct strategy strategy_threads = {
    .name = "threads",
    .summary = "Every request makes new threads, without a bound.",
    .start = threads_start,
    .handle = threads_handle,
    .stats = threads_stats,
    .close = threads_close,
};
