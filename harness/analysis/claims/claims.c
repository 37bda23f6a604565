#include "analysis/claims/claims.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/claims/claims_internal.h"
#include "base/mem.h"

#define ARMS_MAX 4

struct rule {
    const char *code, *text, *published;
    const char *arms[ARMS_MAX];
    enum claims_window window;
    enum claim_verdict (*judge)(struct ruling *r);
};

#define UNPOOLED                                                                                   \
    {                                                                                              \
        "threads", ARM_THREADS_V8, ARM_EXPRESS_THREADS                                             \
    }

#define COMPUTE                                                                                    \
    {                                                                                              \
        "offload", ARM_OFFLOAD_RUST, ARM_EXPRESS_COMPUTE, ARM_EXPRESS_RUST                         \
    }

/* The queue is run with two job sizes; the larger one stands for long jobs. */
static const char *const larger[][2] = {{ARM_QUEUE_LARGER, "queue"},
                                        {ARM_EXPRESS_QUEUE_X10, ARM_EXPRESS_QUEUE}};

/* clang-format off */
static const struct rule rules[] = {
    {"loop-stalls", "A CPU-bound handler stalls the event loop and blocks other paths", NULL,
     {"inline", ARM_EXPRESS_INLINE}, WINDOW_ANY, judge_loop_stalls},
    {"unpooled-zero", "Unpooled threads complete 0 requests", "0 in 10 s",
     UNPOOLED, WINDOW_WHOLE, judge_unpooled_zero},
    {"unpooled-timeout", "Requests to unpooled threads time out", "timeout",
     UNPOOLED, WINDOW_WHOLE, judge_unpooled_timeout},
    {"threads-800", "100 concurrent requests start 800 threads", "800 threads",
     UNPOOLED, WINDOW_ANY, judge_threads_800},
    {"memory-grows", "The memory of unpooled threads grows", NULL, UNPOOLED, WINDOW_WHOLE, judge_memory_grows},
    {"switches-consume", "Context switches consume the CPU", NULL,
     UNPOOLED, WINDOW_ANY, judge_switches_consume},
    {"pool-queue", "In a pool of 8, 8 requests run, 92 wait and none fails", "8 run, 92 wait",
     {"pool", ARM_EXPRESS_PISCINA}, WINDOW_ANY, judge_pool_queue},
    {"compute-rate", "The compute service handles about 500 requests/s at 195 ms, without timeouts",
     "4,973 in 10 s, 195 ms, 0 timeouts on 8 cores: 62/s per core",
     COMPUTE, WINDOW_ANY, judge_compute_rate},
    {"hop-cheap", "The local hop to the compute service costs little", "minor",
     COMPUTE, WINDOW_ANY, judge_hop_cheap},
    {"five-times", "The compute service is about 5 times faster than the pool", "5 times",
     COMPUTE, WINDOW_ANY, judge_five_times},
    {"queue-accepts", "The queue's gateway accepts about 15,000 requests/s at about 6 ms",
     "15,000/s at 6 ms", {"queue", ARM_EXPRESS_QUEUE}, WINDOW_ANY, judge_queue_accepts},
    {"size-independent", "The accept rate does not depend on the job size", NULL,
     {"queue", ARM_EXPRESS_QUEUE}, WINDOW_ANY, judge_size_independent},
    {"worker-stores", "A separate worker does the work and stores the results", NULL,
     {"queue", ARM_EXPRESS_QUEUE}, WINDOW_ANY, judge_worker_stores},
    {"pool-for-short", "Quick math under a second: use a worker pool", "use a pool",
     {"pool", ARM_EXPRESS_PISCINA}, WINDOW_ANY, judge_pool_for_short},
    {"native-for-heavy", "Heavy algorithms: use a native compute service", "5 times",
     COMPUTE, WINDOW_ANY, judge_native_for_heavy},
    {"queue-for-long", "Long, deferrable work: use a queue", "detach it",
     {ARM_QUEUE_LARGER, ARM_EXPRESS_QUEUE_X10}, WINDOW_ANY, judge_queue_for_long},
};
/* clang-format on */

/* The arm with that name; without the larger job size, the arm with the published one. */
static const struct arm *find(const struct comparison *c, const char *name)
{
    const struct arm *arm = claims_arm(c, name);
    for (size_t i = 0; i < LEN(larger) && arm == NULL; i++) {
        if (strcmp(larger[i][0], name) == 0)
            arm = claims_arm(c, larger[i][1]);
    }
    return arm;
}

static void judge(struct comparison *c, const struct rule *rule, const struct arm *arm)
{
    struct ruling r = {.all = c, .arm = arm};
    struct claim claim = {
        .text = mem_strdup(rule->text),
        .published = mem_strdup_or_null(rule->published),
        .arm = mem_strdup(arm->name),
        .verdict = CLAIM_NOT_COMPARABLE,
    };
    sentence_begin(&r.words, rule->code);
    if (claims_arm_fits(&r.words, arm, rule->window, "it"))
        claim.verdict = rule->judge(&r);
    if (claim.verdict != CLAIM_NOT_COMPARABLE) {
        assert(r.holds_when != NULL);
        sentence_add(&r.words, " (holds if %s)", r.holds_when);
    }
    if (strcmp(arm->name, ARM_THREADS_V8) == 0)
        sentence_add(&r.words, "; the isolate cost of its threads is modelled");
    free(r.holds_when);
    claim.measured = r.measured;
    sentence_end_claim(&r.words, &claim);
    comparison_add_claim(c, &claim);
}

void claims_add(struct comparison *c)
{
    comparison_drop_claims(c);
    for (size_t i = 0; i < LEN(rules); i++) {
        for (size_t k = 0; k < ARMS_MAX && rules[i].arms[k] != NULL; k++) {
            const struct arm *arm = find(c, rules[i].arms[k]);
            if (arm != NULL)
                judge(c, &rules[i], arm);
        }
    }
}
