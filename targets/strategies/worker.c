/* worker: takes jobs from a broker, runs them on its threads, stores their results.
 *
 * It takes as many jobs as it has free threads, and a few more when the work is short: as many as
 * its threads finish in SOON_NS, so that none is idle between two jobs. It takes no more than that,
 * because a job that waits here could be run by another worker, and has to wait for a whole lease
 * if this one is killed. The duration of the work is estimated from the last jobs.
 *
 * It holds a lease on each of its jobs, and renews it every third of its time. A job that was run
 * is finished with its result, or with the reason of its failure, because the data of a job can be
 * anything. If the broker cannot store that (a full disk), the worker keeps the lease and tries
 * again each second. If the lease is lost anyway (this process was suspended for longer), another
 * worker runs the job, and this result is dropped.
 *
 * A stop gives back the jobs that have not begun and waits for those that run. When --grace is over
 * these are given back as well, and start again elsewhere.
 *
 * What to look at: `wait` is from stored to begun, `work` from begun to done, `job` from stored to
 * the result stored. All three hold the jobs that this worker completed, except those that were
 * stored before the machine started, because the monotonic clock started then.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "targets/http/strategy.h"
#include "targets/queue/brokers.h"
#include "targets/queue/held_jobs.h"
#include "targets/queue/job_threads.h"

#define SOON_NS      (50 * NS_PER_MS)
#define SPARE_MOST   768
#define TAKE_MOST    256
#define AGAIN_MS     1000
#define RESULT_MAX   128
#define MEAN_OF_LAST 8 /* jobs; a moving average */

struct worker {
    struct strategy_env *env;
    struct target_options options; /* as given, but with the actual broker */
    struct broker *broker;
    struct outage outage;
    struct job_threads *threads;
    int64_t size;
    struct held_jobs held; /* leased to us */
    int64_t unended;       /* those of them that are on a thread or wait for one */
    int64_t mean_work_ns;
    int64_t taking; /* jobs that the take under way may bring; 0: there is no take */
    bool more;      /* the broker may have jobs to take */
    bool stopping;
    uv_timer_t renew, again;
    int64_t taken, completed, retried, failed, lost;
    struct hist *wait, *work, *job;
    int open; /* parts that are not closed yet */
};

static bool is_busy(const struct worker *w)
{
    return w->held.first != NULL || w->taking > 0;
}

static void wake_if_idle(struct worker *w)
{
    if (w->stopping && !is_busy(w))
        (void)uv_async_send(w->env->wake);
}

/* ---- the work: a job ---- */

static void drop(struct job *job)
{
    struct worker *w = job->worker;
    held_jobs_drop(&w->held, job);
    wake_if_idle(w);
}

static void give_back(struct job *job)
{
    struct broker *b = job->worker->broker;
    b->kind->release(b, &job->taken);
    drop(job);
}

static void count_end(struct worker *w, const struct job *job, enum job_end end)
{
    int64_t *const counters[] = {[JOB_END_COMPLETED] = &w->completed,
                                 [JOB_END_RETRY] = &w->retried,
                                 [JOB_END_FAILED] = &w->failed,
                                 [JOB_END_LOST] = &w->lost};
    ++*counters[end];
    if (end != JOB_END_COMPLETED || job->taken.added_ns == MISSING_TIME)
        return;
    hist_record(w->wait, job->run.began_ns - job->taken.added_ns);
    hist_record(w->work, job->run.ended_ns - job->run.began_ns);
    hist_record(w->job, clock_now_ns() - job->taken.added_ns);
}

static void on_again(uv_timer_t *timer);

static void try_again_later(struct worker *w, const struct err *why)
{
    if (w->stopping)
        return;
    outage_failed(&w->outage, why->text);
    if (!uv_is_active((uv_handle_t *)&w->again))
        (void)uv_timer_start(&w->again, on_again, AGAIN_MS, 0);
}

static void on_finished(void *ctx, enum job_end end, const struct err *err)
{
    struct job *job = ctx;
    struct worker *w = job->worker;
    if (err != NULL && !w->stopping) {
        job->place = JOB_UNSTORED;
        try_again_later(w, err);
        return;
    }
    if (err == NULL) {
        outage_worked(&w->outage);
        count_end(w, job, end);
    }
    drop(job);
}

static void finish(struct job *job)
{
    struct broker *b = job->worker->broker;
    struct buf result;
    buf_init(&result, RESULT_MAX);
    work_reply_body(&(struct work){.kind = job->run.work.kind, .n = job->run.reached}, &result);
    job->place = JOB_ENDING;
    b->kind->finish(b, &job->taken, job->error == NULL ? result.data : NULL, job->error,
                    on_finished, job);
    buf_fini(&result);
}

/* ---- the work: taking jobs ---- */

static int64_t spare(const struct worker *w)
{
    int64_t jobs = w->mean_work_ns == 0 ? 0 : w->size * SOON_NS / w->mean_work_ns;
    return jobs < SPARE_MOST ? jobs : SPARE_MOST;
}

static void on_taken(void *ctx, struct taken_job *jobs, size_t count, const struct err *err);

/* Takes jobs only once half of the spare ones are gone, not for each job that ends. */
static void take_more(struct worker *w)
{
    int64_t most = w->size + spare(w) - w->unended;
    if (w->stopping || w->taking > 0 || !w->more || most <= spare(w) / 2)
        return;
    w->taking = most < TAKE_MOST ? most : TAKE_MOST;
    w->more = false;
    w->broker->kind->take(w->broker, (size_t)w->taking, on_taken, w);
}

/* A job's data are read like the body of a request: {"n":5}, {"sleep_ms":50}, or {} for --work. */
static int read_work(const struct worker *w, const char *data, struct work *out, struct err *err)
{
    const struct query none = {.path = "", .params = ""};
    if (data[0] == '\0')
        return err_set(err, ERR_USAGE, "the job has no data");
    if (query_work(&none, data, strlen(data), w->env->options, out, err) < 0)
        return err_wrap(err, "the job's data");
    return 0;
}

static void begin(struct job *job)
{
    struct worker *w = job->worker;
    struct err err;
    if (w->stopping) {
        give_back(job);
    } else if (job->taken.refused != NULL) {
        job->error = mem_strdup(job->taken.refused);
        finish(job);
    } else if (read_work(w, job->taken.data, &job->run.work, &err) < 0) {
        job->error = mem_strdup(err.text);
        finish(job);
    } else {
        w->unended++;
        job_threads_add(w->threads, &job->run);
    }
}

static void on_taken(void *ctx, struct taken_job *jobs, size_t count, const struct err *err)
{
    struct worker *w = ctx;
    w->more = w->more || (int64_t)count == w->taking;
    w->taking = 0;
    w->taken += (int64_t)count;
    for (size_t i = 0; i < count; i++)
        begin(held_jobs_add(&w->held, w, &jobs[i]));
    if (err != NULL) {
        try_again_later(w, err);
    } else {
        outage_worked(&w->outage);
        take_more(w);
    }
    wake_if_idle(w);
}

static void on_done(void *ctx, struct job_run *run)
{
    struct worker *w = ctx;
    struct job *job = (struct job *)run;
    int64_t took_ns = run->ended_ns - run->began_ns;
    w->unended--;
    w->mean_work_ns += w->mean_work_ns == 0 ? took_ns : (took_ns - w->mean_work_ns) / MEAN_OF_LAST;
    if (run->reached < run->work.n)
        give_back(job); /* the run was stopped early */
    else
        finish(job);
    take_more(w);
}

static void on_broker_wake(void *ctx)
{
    struct worker *w = ctx;
    w->more = true;
    take_more(w);
}

/* ---- the work: timers ---- */

static void on_again(uv_timer_t *timer)
{
    struct worker *w = timer->data;
    for (struct job *job = w->held.first; job != NULL; job = job->next) {
        if (job->place == JOB_UNSTORED)
            finish(job);
    }
    w->more = true;
    take_more(w);
}

static void on_renew(uv_timer_t *timer)
{
    struct worker *w = timer->data;
    held_jobs_renew(&w->held, w->broker);
}

/* ---- stats ---- */

static void worker_stats(const void *state, struct strategy_stats *out)
{
    const struct worker *w = state;
    out->queue_depth = w->unended > w->size ? w->unended - w->size : 0;
    out->threads_live = out->threads_started = out->threads_peak = w->size;
    out->wait = w->wait;
    out->work = w->work;
    out->job = w->job;
    out->more = json_pack("{s:{s:I, s:I, s:I, s:I, s:I}}", "worker", "taken", (json_int_t)w->taken,
                          "completed", (json_int_t)w->completed, "retried", (json_int_t)w->retried,
                          "failed", (json_int_t)w->failed, "lost", (json_int_t)w->lost);
}

/* ---- the stop ---- */

static void worker_stop(void *state)
{
    struct worker *w = state;
    w->stopping = true;
    for (struct job_run *run = job_threads_take_back(w->threads); run != NULL;) {
        struct job *job = (struct job *)run;
        run = run->next;
        w->unended--;
        give_back(job);
    }
    for (struct job *job = w->held.first; job != NULL;) {
        struct job *next = job->next;
        if (job->place == JOB_UNSTORED)
            give_back(job);
        job = next;
    }
}

static bool worker_busy(const void *state)
{
    return is_busy(state);
}

static void part_closed(struct worker *w)
{
    if (--w->open > 0)
        return;
    hist_free(w->wait);
    hist_free(w->work);
    hist_free(w->job);
    free(w);
}

static void on_part_closed(void *ctx)
{
    part_closed(ctx);
}

static void on_timer_closed(uv_handle_t *handle)
{
    part_closed(handle->data);
}

/* Called when no job is held any more. */
static void worker_close(void *state)
{
    struct worker *w = state;
    w->stopping = true;
    if (w->threads != NULL)
        job_threads_close(w->threads);
    if (w->broker != NULL)
        w->broker->kind->close(w->broker);
    uv_close((uv_handle_t *)&w->renew, on_timer_closed);
    uv_close((uv_handle_t *)&w->again, on_timer_closed);
}

/* ---- the start ---- */

static int find_broker(struct target_options *options, struct err *err)
{
    target_options_use_variable(options);
    if (options->broker == NULL)
        return err_set(err, ERR_USAGE,
                       "--broker is missing: give the one that the gateway uses, sqlite:PATH or "
                       "redis://HOST; it can also be in the variable " BROKER_VARIABLE);
    if (strcmp(options->broker, BROKER_PRIVATE_REDIS) == 0)
        return err_set(err, ERR_USAGE,
                       "--broker: a worker needs the gateway's own Redis, redis://HOST; only a "
                       "gateway starts a private one");
    return target_options_check_broker(options, err);
}

static int open_parts(struct worker *w, struct err *err)
{
    struct target_options *options = &w->options;
    const struct broker_events events = {w, on_broker_wake, on_part_closed, &w->outage};
    if (find_broker(options, err) < 0)
        return -1;
    const struct broker_kind *kind = broker_find(options->broker, err);
    if (kind == NULL)
        return -1;
    w->broker = kind->open(w->env->loop, BROKER_WORKER, options, &events, err);
    if (w->broker == NULL)
        return -1;
    w->open++;
    w->threads = job_threads_open(&(struct job_threads_spec){.loop = w->env->loop,
                                                             .count = w->size,
                                                             .stop = &w->env->stop,
                                                             .ctx = w,
                                                             .on_done = on_done,
                                                             .on_closed = on_part_closed},
                                  err);
    if (w->threads == NULL)
        return -1;
    w->open++;
    return 0;
}

static int worker_start(struct strategy_env *env, void **state, struct err *err)
{
    struct worker *w = mem_zalloc(sizeof *w);
    int64_t size = env->options->worker_concurrency;
    uint64_t renew_ms = (uint64_t)(env->options->job_lease_ns / NS_PER_MS / 3);
    w->env = env;
    w->options = *env->options;
    w->size = size > 0 ? size : (int64_t)uv_available_parallelism();
    w->wait = hist_new_latency();
    w->work = hist_new_latency();
    w->job = hist_new_latency();
    (void)uv_timer_init(env->loop, &w->renew);
    (void)uv_timer_init(env->loop, &w->again);
    w->renew.data = w->again.data = w;
    w->open = 2;
    if (open_parts(w, err) < 0) {
        worker_close(w);
        return -1;
    }
    (void)uv_timer_start(&w->renew, on_renew, renew_ms, renew_ms);
    (void)uv_timer_start(&w->again, on_again, 0, 0); /* the first take */
    *state = w;
    return 0;
}

const struct strategy strategy_worker = {
    .name = "worker",
    .has_broker = true,
    .summary = "Runs the jobs of a queue.",
    .start = worker_start,
    .stats = worker_stats,
    .stop = worker_stop,
    .busy = worker_busy,
    .close = worker_close,
};
