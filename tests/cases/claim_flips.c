#include "cases/claim_flips.h"

#include <math.h>

#include "base/mem.h"

#define NC    CLAIM_NOT_COMPARABLE
#define HOLDS CLAIM_HOLDS
#define FAILS CLAIM_FAILS

#define NOT_KNOWN ((double)MISSING) /* a power of two, so as a double the same */

/* --- what takes more than one number --- */

static void unprobe(struct result *r)
{
    hist_free(r->probe);
    r->probe = NULL;
    r->has_probe = false;
}

static void saturate(struct result *r)
{
    r->client.saturated = true;
    r->client.busiest_worker = 0.97;
}

static void stop_by_memory(struct result *r)
{
    r->target_end = mem_strdup("max-rss");
}

static void ask_nothing(struct result *r)
{
    struct hist **const hists[] = {&r->latency, &r->unfinished, &r->wait, &r->work};
    r->accounting.in_flight_at_end = 0;
    r->accounting.sent = r->accounting.completed = 0;
    for (size_t i = 0; i < LEN(hists); i++) {
        hist_free(*hists[i]);
        *hists[i] = NULL;
    }
}

static void answer_few(struct result *r)
{
    ask_nothing(r);
    r->accounting.sent = r->accounting.completed = 19;
    r->latency = hist_new_latency();
    hist_record_n(r->latency, 5 * NS_PER_MS, 19);
}

static void answer_half(struct result *r)
{
    r->accounting.completed = r->accounting.in_flight_at_end = 50;
}

static void answer_fewer(struct result *r)
{
    r->accounting.completed = 49;
    r->accounting.in_flight_at_end = 51;
}

static void only_refuse(struct result *r)
{
    r->accounting.completed = r->accounting.non_2xx = 5;
    r->accounting.in_flight_at_end = 95;
}

/* A twentieth, too few to be seen in the p50. */
static void refuse_some(struct result *r)
{
    r->accounting.non_2xx = r->accounting.completed / 20;
    r->accounting.statuses[202] -= r->accounting.non_2xx;
}

/* Given up so soon that the p50 is that of the others, though most may have taken any time. */
static void reset_most(struct result *r)
{
    struct accounting *a = &r->accounting;
    a->failed[LOSS_RESET] = 2 * a->completed;
    a->in_flight_at_end = 0;
    a->sent = a->completed + a->failed[LOSS_RESET];
    hist_free(r->unfinished);
    r->unfinished = hist_new_latency();
    hist_record_n(r->unfinished, NS_PER_MS, (uint64_t)a->failed[LOSS_RESET]);
}

/* Little more than half have an answer at the end: every percentile is a lower bound. */
static void hold_half(struct result *r)
{
    struct accounting *a = &r->accounting;
    a->in_flight_at_end = a->completed * 9 / 10;
    a->sent = a->completed + a->in_flight_at_end;
    hist_free(r->unfinished);
    r->unfinished = hist_new_latency();
    hist_record_n(r->unfinished, 100 * NS_PER_MS, (uint64_t)a->in_flight_at_end);
}

static void forget_latency(struct result *r)
{
    hist_free(r->latency);
    hist_free(r->unfinished);
    r->latency = r->unfinished = NULL;
}

static void keep_no_times(struct result *r)
{
    hist_free(r->wait);
    hist_free(r->work);
    r->wait = r->work = NULL;
}

static void start_one_too_many(struct result *r)
{
    r->server.total.threads_started = 808;
}

static void start_after_warm_up(struct result *r)
{
    r->server.total.threads_started = 808;
    r->accounting.warmup_discarded = 1;
}

static void live_800(struct result *r)
{
    r->server.total.threads_peak = 800;
    r->server.total.threads_started = MISSING;
}

static void hop_for_7s(struct result *r)
{
    r->server.processes[0].cpu_user_s = 7;
}

static void hop_for_8s(struct result *r)
{
    r->server.processes[0].cpu_user_s = 8;
}

static void hide_service(struct result *r)
{
    r->server.processes[1].cpu_user_s = NAN;
}

static void hide_gateway(struct result *r)
{
    r->server.processes[0].role[0] = 'T';
}

static void forget_queue(struct result *r)
{
    r->has_queue = false;
}

static void fail_a_job(struct result *r)
{
    r->queue.failed = 1;
    r->queue.completed--;
}

static void lose_a_job(struct result *r)
{
    r->queue.backlog_end--;
}

static void finish_no_job(struct result *r)
{
    r->queue.backlog_end += r->queue.completed;
    r->queue.completed = 0;
    r->queue.completed_per_s = 0;
    r->queue.drain_s = NAN;
}

/* --- the cases --- */

/* clang-format off */
const struct flip flips[] = {
    {"loop-stalls", OWN, FAILS, HIST(probe, 200, 1, 9), {0}},
    {"loop-stalls", OWN, NC, CALL(unprobe), {0}},
    {"loop-stalls", POOL_OF, HOLDS, CALL(unprobe), {0}},

    {"unpooled-zero", OWN, FAILS, ANSWER(1), {0}},
    {"unpooled-zero", OWN, HOLDS, CALL(only_refuse), {0}},
    {"unpooled-zero", OWN, NC, NUMBER(duration_s, 9.4), {0}},
    {"unpooled-zero", OWN, HOLDS, NUMBER(duration_s, 9.6), {0}},
    {"unpooled-zero", OWN, NC, CALL(stop_by_memory), {0}},
    {"unpooled-zero", OWN, NC, CALL(ask_nothing), {0}},

    {"unpooled-timeout", OWN, HOLDS, CALL(answer_fewer), {0}},
    {"unpooled-timeout", OWN, FAILS, CALL(answer_half), {0}},
    {"unpooled-timeout", OWN, NC, NUMBER(duration_s, 9.4), {0}},
    {"unpooled-timeout", OWN, NC, CALL(stop_by_memory), {0}},
    {"unpooled-timeout", OWN, NC, CALL(ask_nothing), {0}},

    {"threads-800", OWN, FAILS, COUNT(server.total.threads_started, 792), {0}},
    {"threads-800", OWN, FAILS, COUNT(server.total.threads_started, 801), {0}},
    {"threads-800", OWN, FAILS, CALL(start_one_too_many), {0}},
    {"threads-800", OWN, FAILS, COUNT(accounting.completed, 101), COUNT(accounting.sent, 201)},
    {"threads-800", OWN, HOLDS, CALL(start_after_warm_up), {0}},
    {"threads-800", OWN, HOLDS, CALL(live_800), {0}},
    {"threads-800", OWN, HOLDS, NUMBER(duration_s, 3), {0}},
    {"threads-800", OWN, NC, COUNT(server.total.threads_started, NOT_KNOWN), {0}},

    {"memory-grows", OWN, FAILS, COUNT(server.total.rss_peak_bytes, 73.9e6), {0}},
    {"memory-grows", OWN, HOLDS, COUNT(server.total.rss_peak_bytes, 74e6), {0}},
    {"memory-grows", POOL_OF, HOLDS, COUNT(server.total.rss_peak_bytes, 633e6), {0}},
    {"memory-grows", POOL_OF, FAILS, COUNT(server.total.rss_peak_bytes, 634e6), {0}},
    {"memory-grows", OWN, NC, COUNT(server.total.rss_peak_bytes, NOT_KNOWN), {0}},
    {"memory-grows", POOL_OF, NC, COUNT(server.total.rss_peak_bytes, NOT_KNOWN), {0}},

    {"switches-consume", OWN, HOLDS, NUMBER(server.total.cpu_user_s, 59), {0}},
    {"switches-consume", OWN, FAILS, NUMBER(server.total.cpu_user_s, 60), {0}},
    {"switches-consume", OWN, NC, NUMBER(server.total.cpu_system_s, NAN), {0}},

    {"pool-queue", OWN, FAILS, HIST(work, 5000, 11, 11.2), {0}},
    {"pool-queue", OWN, FAILS, HIST(work, 5000, 18, 19), {0}},
    {"pool-queue", OWN, FAILS, HIST(work, 5000, 18, 19), COUNT(environment.cores_allowed, 2)},
    {"pool-queue", OWN, NC, HIST(work, 5000, 11, 11.2), COUNT(environment.cores_allowed, 2)},
    {"pool-queue", OWN, NC, HIST(work, 5000, 11, 11.2),
     COUNT(environment.cores_allowed, NOT_KNOWN)},
    {"pool-queue", OWN, NC, HIST(wait, 5000, 120, 130), COUNT(environment.cores_allowed, 2)},
    {"pool-queue", OWN, FAILS, HIST(wait, 5000, 240, 250), COUNT(environment.cores_allowed, 2)},
    {"pool-queue", OWN, FAILS, HIST(wait, 5000, 140, 150), {0}},
    {"pool-queue", OWN, FAILS, COUNT(accounting.timed_out, 1), {0}},
    {"pool-queue", OWN, FAILS, COUNT(accounting.failed[LOSS_EOF], 1), {0}},
    {"pool-queue", OWN, FAILS, COUNT(accounting.connect_failed, 1), {0}},
    {"pool-queue", OWN, FAILS, COUNT(accounting.non_2xx, 1), {0}},
    {"pool-queue", OWN, FAILS, COUNT(accounting.mismatches, 1), {0}},
    {"pool-queue", OWN, HOLDS, CALL(keep_no_times), {0}},
    {"pool-queue", OWN, FAILS, COUNT(accounting.timed_out, 1), CALL(keep_no_times)},
    {"pool-queue", OWN, NC, CALL(ask_nothing), {0}},

    {"compute-rate", OWN, FAILS, ANSWER(3900), {0}},
    {"compute-rate", OWN, HOLDS, ANSWER(4000), {0}},
    {"compute-rate", OWN, HOLDS, ANSWER(1000), COUNT(environment.cores_allowed, 2)},
    {"compute-rate", OWN, HOLDS, ANSWER(1000), NUMBER(environment.cpu_quota_cores, 2)},
    {"compute-rate", OWN, HOLDS, HIST(latency, 5000, 239, 241), {0}},
    {"compute-rate", OWN, FAILS, HIST(latency, 5000, 249, 251), {0}},
    {"compute-rate", OWN, FAILS, COUNT(accounting.timed_out, 1), {0}},
    {"compute-rate", OWN, FAILS, COUNT(accounting.failed[LOSS_EOF], 1), {0}},
    {"compute-rate", OWN, HOLDS, CALL(saturate), {0}},
    {"compute-rate", OWN, NC, CALL(saturate), ANSWER(3900)},
    {"compute-rate", OWN, NC, COUNT(environment.cores_allowed, NOT_KNOWN), {0}},
    {"compute-rate", OWN, NC, HIST(latency, 5000, 20, 60), CALL(hold_half)},
    {"compute-rate", OWN, NC, CALL(forget_latency), {0}},
    {"compute-rate", OWN, NC, CALL(answer_few), {0}},

    {"hop-cheap", OWN, HOLDS, CALL(hop_for_7s), {0}}, /* of 72 */
    {"hop-cheap", OWN, FAILS, CALL(hop_for_8s), {0}},
    {"hop-cheap", OWN, NC, CALL(hide_service), {0}},
    {"hop-cheap", OWN, NC, CALL(hide_gateway), {0}},

    {"five-times", OWN, FAILS, HIST(latency, 5000, 52, 53), {0}}, /* the pool's is 200 */
    {"five-times", OWN, HOLDS, HIST(latency, 5000, 48, 49), {0}},
    {"five-times", OWN, HOLDS, CALL(saturate), {0}},
    {"five-times", OWN, NC, CALL(saturate), HIST(latency, 5000, 52, 53)},
    {"five-times", POOL_OF, NC, CALL(saturate), {0}},
    {"five-times", POOL_OF, HOLDS, CALL(reset_most), {0}},
    {"five-times", OWN, NC, CALL(reset_most), {0}},
    {"five-times", POOL_OF, NC, CALL(forget_latency), {0}},
    {"five-times", OWN, NC, CALL(answer_few), {0}},

    {"queue-accepts", OWN, FAILS, ANSWER(119000), {0}},
    {"queue-accepts", OWN, HOLDS, ANSWER(121000), {0}},
    {"queue-accepts", OWN, FAILS, HIST(latency, 150000, 7.6, 7.7), {0}},
    {"queue-accepts", OWN, HOLDS, HIST(latency, 150000, 7.3, 7.4), {0}},
    {"queue-accepts", OWN, FAILS, CALL(refuse_some), {0}},
    {"queue-accepts", OWN, HOLDS, COUNT(environment.cores_allowed, 2), {0}},
    {"queue-accepts", OWN, HOLDS, CALL(saturate), {0}},
    {"queue-accepts", OWN, FAILS, ANSWER(119000), COUNT(environment.cores_allowed, 4)},
    {"queue-accepts", OWN, NC, ANSWER(119000), COUNT(environment.cores_allowed, 3)},
    {"queue-accepts", OWN, NC, ANSWER(119000), COUNT(environment.cores_allowed, NOT_KNOWN)},
    {"queue-accepts", OWN, NC, ANSWER(119000), CALL(saturate)},
    {"queue-accepts", OWN, NC, HIST(latency, 150000, 4, 7), CALL(hold_half)},
    {"queue-accepts", OWN, NC, CALL(answer_few), {0}},

    {"size-independent", LARGER_OF, FAILS, ANSWER(119000), {0}}, /* 0.79 */
    {"size-independent", LARGER_OF, HOLDS, ANSWER(122000), {0}},
    {"size-independent", LARGER_OF, HOLDS, ANSWER(187000), {0}},
    {"size-independent", LARGER_OF, FAILS, ANSWER(190000), {0}},
    {"size-independent", OWN, FAILS, ANSWER(119000), {0}},
    {"size-independent", LARGER_OF, NC, CALL(saturate), {0}},
    {"size-independent", OWN, NC, CALL(saturate), {0}},
    {"size-independent", LARGER_OF, NC, CALL(answer_few), {0}},

    {"worker-stores", OWN, FAILS, CALL(fail_a_job), {0}},
    {"worker-stores", OWN, FAILS, CALL(lose_a_job), {0}},
    {"worker-stores", OWN, FAILS, CALL(finish_no_job), {0}},
    {"worker-stores", OWN, FAILS, COUNT(queue.workers, 0), {0}},
    {"worker-stores", OWN, NC, COUNT(queue.backlog_end, NOT_KNOWN), {0}},
    {"worker-stores", OWN, NC, COUNT(queue.workers, NOT_KNOWN), {0}},
    {"worker-stores", OWN, NC, CALL(forget_queue), {0}},

    {"pool-for-short", OWN, FAILS, NUMBER(server.total.cpu_user_s, 5100), {0}}, /* 5,050 units */
    {"pool-for-short", OWN, HOLDS, NUMBER(server.total.cpu_user_s, 4900), {0}},
    {"pool-for-short", OWN, FAILS, HIST(probe, 200, 100, 900), {0}},
    {"pool-for-short", OWN, FAILS, COUNT(accounting.timed_out, 1), {0}},
    {"pool-for-short", INLINE_OF, HOLDS, ANSWER(5500), {0}},
    {"pool-for-short", INLINE_OF, FAILS, ANSWER(5600), {0}},
    {"pool-for-short", INLINE_OF, NC, CALL(saturate), {0}},
    {"pool-for-short", OWN, NC, CALL(saturate), {0}},
    {"pool-for-short", OWN, NC, CALL(unprobe), {0}},
    {"pool-for-short", OWN, NC, CALL(answer_few), {0}},

    {"native-for-heavy", OWN, FAILS, HIST(latency, 5000, 52, 53), {0}},
    {"native-for-heavy", OWN, HOLDS, HIST(latency, 5000, 48, 49), {0}},
    {"native-for-heavy", OWN, NC, HIST(latency, 5000, 52, 53), CALL(saturate)},
    {"native-for-heavy", POOL_OF, NC, CALL(forget_latency), {0}},

    {"queue-for-long", OWN, FAILS, HIST(latency, 150000, 4, 205), {0}}, /* the pool's p50 is 200 */
    {"queue-for-long", OWN, NC, HIST(latency, 150000, 4, 195), {0}}, /* under 5 % below it */
    {"queue-for-long", OWN, HOLDS, HIST(latency, 150000, 4, 185), {0}},
    {"queue-for-long", OWN, FAILS, HIST(probe, 200, 100, 900), {0}},
    {"queue-for-long", OWN, FAILS, CALL(fail_a_job), {0}},
    {"queue-for-long", OWN, FAILS, CALL(lose_a_job), {0}},
    {"queue-for-long", OWN, FAILS, CALL(refuse_some), {0}},
    {"queue-for-long", OWN, HOLDS, CALL(unprobe), {0}},
    {"queue-for-long", OWN, NC, HIST(latency, 150000, 4, 250), CALL(saturate)},
    {"queue-for-long", OWN, NC, CALL(forget_queue), {0}},
    {"queue-for-long", OWN, NC, CALL(hold_half), {0}},
    {"queue-for-long", OWN, NC, CALL(answer_few), {0}},
    {"queue-for-long", POOL_OF, NC, CALL(forget_latency), {0}},
    {"queue-for-long", POOL_OF, NC, CALL(saturate), {0}},
};
/* clang-format on */

const size_t nflips = LEN(flips);
