/* session_rates: how often whole verdicts are right: sessions of five gates with known truths,
 * built as a measurement would fill them, and judged block by block by verdict_make.
 *
 *     session_rates [SESSIONS]        as: session_rates 2000
 *
 * Noise as it was measured on a machine of two shared cores, in blocks of 12 slices of 1 s, and
 * multiples of it. Prints two tables: equal arms at the default gates, with what they cost in
 * blocks; and a change of the size to detect, by metric and noise, with what the forecast said.
 * Seeded: the same count gives the same tables.
 */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/verdict/verdict.h"
#include "base/mem.h"
#include "tests/perf/noise.h"

#define SECONDS    6
#define REQUESTS   6000
#define LATENCY_NS 1500.0
/* Few buckets, of half a percent, so that they are quickly made and read. */
#define LATENCY_MAX    32768
#define LATENCY_DIGITS 2
#define CPU_US         300.0
#define MEMORY         60e6

static const char *const shapes[NOISE_SHAPES] = {"normal", "bursts", "skewed"};

/* The sd of d of a block. */
struct truth {
    double rps, cpu, p99;          /* noise */
    double rps_by, cpu_by, p99_by; /* how much worse head is */
};
/* The ends of what was measured. */
static const struct truth quiet = {.rps = .027, .cpu = .018, .p99 = .09};
static const struct truth loud = {.rps = .09, .cpu = .038, .p99 = .11};

static void need(int status, const struct err *err)
{
    if (status == 0)
        return;
    fprintf(stderr, "%s\n", err->text);
    abort();
}

static void fill(struct result *r, double rps, double cpu, double p99, double memory, int64_t lost)
{
    r->duration_s = SECONDS * exp(rps);
    r->accounting.sent = REQUESTS;
    r->accounting.completed = REQUESTS - lost;
    r->accounting.failed[LOSS_RESET] = lost;
    r->latency = hist_new(LATENCY_MAX, LATENCY_DIGITS);
    hist_record_n(r->latency, llround(LATENCY_NS * exp(p99)), (uint64_t)(REQUESTS - lost));
    r->has_server = true;
    r->server.total.cpu_per_request_us = CPU_US * exp(cpu);
    r->server.total.rss_peak_bytes = llround(MEMORY * exp(memory));
}

/* Both arms get half of the variance; throughput and the tail share half of theirs. Memory comes in
 * steps; one block in ten loses a few requests. */
static void add_block(struct session *s, struct rng *r, enum noise_shape shape,
                      const struct truth *t)
{
    struct session_block *block = session_add_block(s);
    for (size_t arm = 0; arm < 2; arm++) {
        double is_head = arm == 1 ? 1 : 0;
        double common = noise_arm(r, shape);
        double rps = t->rps * (common + noise_arm(r, shape)) / 2;
        double p99 = t->p99 * (common + noise_arm(r, shape)) / 2;
        double cpu = t->cpu * noise_arm(r, shape) / sqrt(2);
        double memory = .005 * round(noise_arm(r, shape));
        int64_t lost = rng_unit(r) < .1 ? (int64_t)(rng_unit(r) * 12) : 0;
        fill(&block->sides[arm].result, rps + is_head * t->rps_by, cpu + is_head * t->cpu_by,
             p99 + is_head * t->p99_by, memory, lost);
    }
}

struct outcome {
    enum verdict_state state;
    enum verdict_state first_gate;
    bool is_decidable; /* by the first gate's forecast after six blocks, or it was decided then */
    double caught;     /* what the verdict says of the first gate after six blocks */
    size_t blocks;
};

static bool judge(const struct session *s, struct outcome *out)
{
    struct verdict v;
    struct err err;
    need(verdict_make(s, &v, &err), &err);
    bool goes_on = verdict_goes_on(&v);
    *out = (struct outcome){
        .state = v.state,
        .first_gate = v.gates[0].state,
        .is_decidable = out->is_decidable,
        .caught = out->caught,
        .blocks = s->nblocks,
    };
    if (s->nblocks == LOOKS_BLOCKS_LEAST)
        out->is_decidable = v.gates[0].can_be_decided;
    verdict_fini(&v);
    return goes_on;
}

/* Only the blocks of looks are judged: between them a verdict decides nothing. */
static struct outcome run(struct rng *r, enum noise_shape shape, const struct truth *t,
                          const char *detect)
{
    struct session s;
    struct err err;
    struct outcome outcome = {.state = VERDICT_OPEN};
    session_init(&s);
    session_add_arm(&s, "base", "base");
    session_add_arm(&s, "head", "head");
    if (detect == NULL)
        change_add_defaults(&s);
    else
        need(change_add_detections(&s, detect, &err), &err);
    do {
        for (int more = verdict_next_look(&s); more > 0; more--)
            add_block(&s, r, shape, t);
    } while (judge(&s, &outcome));
    session_fini(&s);
    return outcome;
}

static struct truth times(const struct truth *t, double factor)
{
    return (struct truth){.rps = factor * t->rps, .cpu = factor * t->cpu, .p99 = factor * t->p99};
}

static void print_equal(const char *detect, const char *title, int sessions)
{
    printf("Equal arms, %s: %% FAIL / PASS / inconclusive, and blocks on average\n"
           "  noise       shape    FAIL    PASS   inconcl.  blocks\n",
           title);
    static const struct {
        const char *name;
        const struct truth *truth;
        double factor;
    } cases[] = {
        {"quiet", &quiet, 1}, {"loud", &loud, 1}, {"loud x 2", &loud, 2}, {"loud x 3", &loud, 3}};
    for (size_t i = 0; i < LEN(cases); i++)
        for (enum noise_shape shape = 0; shape < NOISE_SHAPES; shape++) {
            struct rng r;
            rng_init(&r, 201);
            struct truth t = times(cases[i].truth, cases[i].factor);
            int states[VERDICT_STATE_COUNT] = {0};
            double blocks = 0;
            for (int k = 0; k < sessions; k++) {
                struct outcome o = run(&r, shape, &t, detect);
                states[o.state]++;
                blocks += (double)o.blocks;
            }
            printf("  %-10s  %s  %6.2f  %6.2f  %6.2f    %5.1f\n", cases[i].name, shapes[shape],
                   100.0 * states[VERDICT_FAIL] / sessions, 100.0 * states[VERDICT_PASS] / sessions,
                   100.0 * states[VERDICT_INCONCLUSIVE] / sessions, blocks / sessions);
            (void)fflush(stdout);
        }
}

static void print_power(int sessions)
{
    printf("\nA change of the size to detect: %% FAIL; %% that the forecast after 6 blocks calls "
           "decidable, and FAIL of these; blocks\n"
           "  gate                  sd    shape    FAIL   decidable  FAIL of these  blocks\n");
    static const struct {
        const char *gate;
        struct truth truth;
    } cases[] = {
        {"cpu_per_request 10%", {.cpu = .018, .cpu_by = .0953}},
        {"cpu_per_request 10%", {.cpu = .038, .cpu_by = .0953}},
        {"rps 10%", {.rps = .027, .rps_by = .0953}},
        {"rps 10%", {.rps = .060, .rps_by = .0953}},
        {"rps 10%", {.rps = .090, .rps_by = .0953}},
        {"p99 20%", {.p99 = .09, .p99_by = .1823}},
        {"p99 20%", {.p99 = .11, .p99_by = .1823}},
        {"p99 10%", {.p99 = .09, .p99_by = .0953}},
    };
    int all_decidable = 0;
    int all_caught = 0;
    for (size_t i = 0; i < LEN(cases); i++)
        for (enum noise_shape shape = 0; shape < NOISE_SHAPES; shape++) {
            struct rng r;
            rng_init(&r, 202);
            int failed = 0;
            int decidable = 0;
            int caught = 0;
            double blocks = 0;
            for (int k = 0; k < sessions; k++) {
                struct outcome o = run(&r, shape, &cases[i].truth, cases[i].gate);
                failed += o.state == VERDICT_FAIL;
                decidable += o.is_decidable;
                caught += o.is_decidable && o.state == VERDICT_FAIL;
                blocks += (double)o.blocks;
            }
            const struct truth *t = &cases[i].truth;
            printf("  %-20s  %4.1f%%  %s  %6.2f   %6.2f     %6.2f         %4.1f\n", cases[i].gate,
                   100 * (t->cpu + t->rps + t->p99), shapes[shape], 100.0 * failed / sessions,
                   100.0 * decidable / sessions, decidable == 0 ? NAN : 100.0 * caught / decidable,
                   blocks / sessions);
            (void)fflush(stdout);
            all_decidable += decidable;
            all_caught += caught;
        }
    printf("  mean FAIL of those that the forecast calls decidable: %.2f\n",
           100.0 * all_caught / all_decidable);
}

int main(int argc, char **argv)
{
    int sessions = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 2000;
    if (argc > 2 || sessions < 10) {
        fprintf(stderr, "usage: session_rates [SESSIONS, at least 10]\n");
        return 2;
    }
    print_equal(NULL, "at the default gates", sessions);
    printf("\n");
    print_equal("10%", "with --detect 10%", sessions);
    print_power(sessions);
    return 0;
}
