/* session_rates: how often whole verdicts are right: sessions of five gates with known truths,
 * built as a measurement would fill them, and judged block by block by verdict_make.
 *
 *     session_rates [SESSIONS [BLOCKS]]       as: session_rates 2000 results/verdicts/blocks.tsv
 *
 * With BLOCKS, the noise of each block is one of those that were measured between equal arms
 * (measured_noise.h), and multiples of it. Without, it has the sd of a machine of two shared cores,
 * in blocks of 12 slices of 1 s, and several shapes. Prints tables: equal arms at the default gates
 * and with --detect 10%, with what they cost in blocks; and a change of the size to detect, by
 * metric and noise, with what the forecast said. Seeded: the same count gives the same tables.
 */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/verdict/verdict.h"
#include "base/mem.h"
#include "tests/perf/measured_noise.h"
#include "tests/perf/noise.h"

#define SECONDS    6
#define REQUESTS   6000
#define LATENCY_NS 1500.0
/* Few buckets, of half a percent, so that they are quickly made and read. */
#define LATENCY_MAX    32768
#define LATENCY_DIGITS 2
#define CPU_US         300.0
#define MEMORY         60e6

/* The last is no shape, but what was measured. */
#define MEASURED NOISE_SHAPES
static const char *const shapes[NOISE_SHAPES + 1] = {"normal", "bursts", "skewed", "measured"};

struct truth {
    double rps, cpu, p99;          /* noise: the sd of d of a block; or a multiple of what was
                                    * measured */
    double rps_by, cpu_by, p99_by; /* how much worse head is */
};
/* Where noise comes from. */
struct source {
    struct rng r;
    int shape;
    const struct measured_noise *measured;
    size_t session; /* of the measured ones */
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

/* The noise of an arm. By shape, both arms get half of the variance, and throughput and the tail
 * share half of theirs. A measured difference is head's alone. */
static struct truth draw(struct source *from, const struct truth *t, size_t arm,
                         const struct measured_block *difference)
{
    struct rng *r = &from->r;
    if (from->shape == MEASURED)
        return arm == 0 ? (struct truth){0}
                        : (struct truth){.rps = t->rps * difference->rps,
                                         .cpu = t->cpu * difference->cpu,
                                         .p99 = t->p99 * difference->p99};
    double common = noise_arm(r, from->shape);
    double rps = t->rps * (common + noise_arm(r, from->shape)) / 2;
    double p99 = t->p99 * (common + noise_arm(r, from->shape)) / 2;
    return (struct truth){
        .rps = rps, .p99 = p99, .cpu = t->cpu * noise_arm(r, from->shape) / sqrt(2)};
}

/* Memory comes in steps; one block in ten loses a few requests. */
static void add_block(struct session *s, struct source *from, const struct truth *t)
{
    struct session_block *block = session_add_block(s);
    struct measured_block difference = {0};
    if (from->shape == MEASURED)
        difference = measured_noise_block(from->measured, from->session, &from->r);
    for (size_t arm = 0; arm < 2; arm++) {
        double is_head = arm == 1 ? 1 : 0;
        struct truth noise = draw(from, t, arm, &difference);
        enum noise_shape shape = from->shape == MEASURED ? NOISE_NORMAL : from->shape;
        double memory = .005 * round(noise_arm(&from->r, shape));
        int64_t lost = rng_unit(&from->r) < .1 ? (int64_t)(rng_unit(&from->r) * 12) : 0;
        fill(&block->sides[arm].result, noise.rps + is_head * t->rps_by,
             noise.cpu + is_head * t->cpu_by, noise.p99 + is_head * t->p99_by, memory, lost);
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
static struct outcome run(struct source *from, const struct truth *t, const char *detect)
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
    if (from->shape == MEASURED)
        from->session = measured_noise_session(from->measured, &from->r);
    do {
        for (int more = verdict_next_look(&s); more > 0; more--)
            add_block(&s, from, t);
    } while (judge(&s, &outcome));
    session_fini(&s);
    return outcome;
}

static struct truth times(const struct truth *t, double factor)
{
    struct truth product = *t;
    product.rps *= factor;
    product.cpu *= factor;
    product.p99 *= factor;
    return product;
}

/* --- equal arms --- */

struct equal_case {
    const char *name;
    struct truth truth;
};

static void print_equal_row(const struct equal_case *c, const char *detect, struct source from,
                            int sessions)
{
    int states[VERDICT_STATE_COUNT] = {0};
    double blocks = 0;
    rng_init(&from.r, 201);
    for (int k = 0; k < sessions; k++) {
        struct outcome o = run(&from, &c->truth, detect);
        states[o.state]++;
        blocks += (double)o.blocks;
    }
    printf("  %-10s  %-8s  %6.2f  %6.2f  %6.2f    %5.1f\n", c->name, shapes[from.shape],
           100.0 * states[VERDICT_FAIL] / sessions, 100.0 * states[VERDICT_PASS] / sessions,
           100.0 * states[VERDICT_INCONCLUSIVE] / sessions, blocks / sessions);
    (void)fflush(stdout);
}

static void print_equal(const char *detect, const char *title,
                        const struct measured_noise *measured, int sessions)
{
    printf("Equal arms, %s: %% FAIL / PASS / inconclusive, and blocks on average\n"
           "  noise       shape       FAIL    PASS   inconcl.  blocks\n",
           title);
    static const struct truth once = {.rps = 1, .cpu = 1, .p99 = 1};
    const struct equal_case drawn[] = {{"quiet", quiet},
                                       {"loud", loud},
                                       {"loud x 2", times(&loud, 2)},
                                       {"loud x 3", times(&loud, 3)}};
    const struct equal_case as_measured[] = {
        {"x 1", once}, {"x 2", times(&once, 2)}, {"x 3", times(&once, 3)}};
    for (size_t i = 0; measured == NULL && i < LEN(drawn); i++)
        for (int shape = 0; shape < NOISE_SHAPES; shape++)
            print_equal_row(&drawn[i], detect, (struct source){.shape = shape}, sessions);
    for (size_t i = 0; measured != NULL && i < LEN(as_measured); i++)
        print_equal_row(&as_measured[i], detect,
                        (struct source){.shape = MEASURED, .measured = measured}, sessions);
}

/* --- a change --- */

struct power_case {
    const char *gate;
    struct truth truth;
};
struct power {
    int decidable, caught;
};

static void print_power_row(const struct power_case *c, struct source from, int sessions,
                            struct power *sum)
{
    int failed = 0;
    int decidable = 0;
    int caught = 0;
    double blocks = 0;
    rng_init(&from.r, 202);
    for (int k = 0; k < sessions; k++) {
        struct outcome o = run(&from, &c->truth, c->gate);
        failed += o.state == VERDICT_FAIL;
        decidable += o.is_decidable;
        caught += o.is_decidable && o.state == VERDICT_FAIL;
        blocks += (double)o.blocks;
    }
    char noise[32];
    double size = c->truth.cpu + c->truth.rps + c->truth.p99;
    (void)snprintf(noise, sizeof noise, from.shape == MEASURED ? "x %.0f" : "%4.1f%%",
                   from.shape == MEASURED ? size / 3 : 100 * size);
    printf("  %-20s  %5s  %-8s  %6.2f   %6.2f     %6.2f         %4.1f\n", c->gate, noise,
           shapes[from.shape], 100.0 * failed / sessions, 100.0 * decidable / sessions,
           decidable == 0 ? NAN : 100.0 * caught / decidable, blocks / sessions);
    (void)fflush(stdout);
    sum->decidable += decidable;
    sum->caught += caught;
}

static void print_power_drawn(int sessions, struct power *sum)
{
    static const struct power_case cases[] = {
        {"cpu_per_request 10%", {.cpu = .018, .cpu_by = .0953}},
        {"cpu_per_request 10%", {.cpu = .038, .cpu_by = .0953}},
        {"rps 10%", {.rps = .027, .rps_by = .0953}},
        {"rps 10%", {.rps = .060, .rps_by = .0953}},
        {"rps 10%", {.rps = .090, .rps_by = .0953}},
        {"p99 20%", {.p99 = .09, .p99_by = .1823}},
        {"p99 20%", {.p99 = .11, .p99_by = .1823}},
        {"p99 10%", {.p99 = .09, .p99_by = .0953}},
    };
    for (size_t i = 0; i < LEN(cases); i++)
        for (int shape = 0; shape < NOISE_SHAPES; shape++)
            print_power_row(&cases[i], (struct source){.shape = shape}, sessions, sum);
}

static void print_power_measured(const struct measured_noise *measured, int sessions,
                                 struct power *sum)
{
    static const struct power_case cases[] = {
        {"cpu_per_request 10%", {1, 1, 1, .cpu_by = .0953}},
        {"rps 10%", {1, 1, 1, .rps_by = .0953}},
        {"p99 10%", {1, 1, 1, .p99_by = .0953}},
        {"p99 20%", {1, 1, 1, .p99_by = .1823}},
    };
    for (size_t i = 0; i < LEN(cases); i++)
        for (int factor = 1; factor <= 3; factor++) {
            struct power_case c = {cases[i].gate, times(&cases[i].truth, factor)};
            print_power_row(&c, (struct source){.shape = MEASURED, .measured = measured}, sessions,
                            sum);
        }
}

static void print_power(const struct measured_noise *measured, int sessions)
{
    struct power sum = {0};
    printf("\nA change of the size to detect: %% FAIL; %% that the forecast after 6 blocks calls "
           "decidable, and FAIL of these; blocks\n"
           "  gate                  noise  shape       FAIL   decidable  FAIL of these  blocks\n");
    if (measured == NULL)
        print_power_drawn(sessions, &sum);
    else
        print_power_measured(measured, sessions, &sum);
    printf("  mean FAIL of those that the forecast calls decidable: %.2f\n",
           100.0 * sum.caught / sum.decidable);
}

int main(int argc, char **argv)
{
    int sessions = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 2000;
    struct measured_noise noise = {0};
    const struct measured_noise *measured = argc > 2 ? &noise : NULL;
    if (argc > 3 || sessions < 10) {
        fprintf(stderr, "usage: session_rates [SESSIONS, at least 10 [BLOCKS]]\n");
        return 2;
    }
    if (measured != NULL && measured_noise_load(argv[2], &noise) < 0)
        return 2;
    print_equal(NULL, "at the default gates", measured, sessions);
    printf("\n");
    print_equal("10%", "with --detect 10%", measured, sessions);
    print_power(measured, sessions);
    measured_noise_fini(&noise);
    return 0;
}
