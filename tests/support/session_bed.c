#include "support/session_bed.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"

#define SECONDS     10
#define REQUESTS    10000
#define LATENCY_NS  1000
#define CPU_US      100
#define MEMORY      (100 << 20)
#define ERROR_BASIS 40 /* the reference loses so many, so that an arm can lose fewer */

/* Its responses are compared with an expected body. */
static void add_arm(struct session *s, const char *name, const char *command)
{
    struct session_arm *arm = session_add_arm(s, name, command);
    arm->config = mem_array(1, sizeof *arm->config);
    arm->config[0] = (struct setting){
        .name = mem_strdup("expect_body"), .kind = SETTING_TEXT, .text = mem_strdup("ok")};
    arm->nconfig = 1;
}

void bed_session(struct session *s)
{
    session_init(s);
    add_arm(s, "base", "./base --port {port}");
    add_arm(s, "head", "./head --port {port}");
    s->seed = 1;
}

void bed_session_with_control(struct session *s)
{
    bed_session(s);
    add_arm(s, "control", "./base --port {port}");
    s->has_control = true;
}

void bed_gate(struct session *s, enum session_gate_kind kind, const char *text)
{
    session_add_gate(s, kind, text, false);
}

static void full_side(struct result *r)
{
    r->duration_s = SECONDS;
    r->connections = 16;
    r->accounting.sent = REQUESTS;
    r->accounting.completed = REQUESTS;
    r->accounting.statuses[200] = REQUESTS;
    r->latency = hist_new_latency();
    hist_record_n(r->latency, LATENCY_NS, REQUESTS);
    r->has_server = true;
    r->server.total.cpu_per_request_us = CPU_US;
    r->server.total.rss_peak_bytes = MEMORY;
}

struct session_block *bed_block(struct session *s)
{
    struct session_block *block = session_add_block(s);
    for (size_t i = 0; i < s->narms; i++)
        full_side(&block->sides[i].result);
    s->measured_s += 30;
    return block;
}

void bed_blocks(struct session *s, int count)
{
    for (int i = 0; i < count; i++)
        (void)bed_block(s);
}

static struct result *side(struct session *s, size_t block, enum bed_arm arm)
{
    return &s->blocks[block].sides[arm].result;
}

void bed_set(struct session *s, size_t block, enum bed_arm arm, const char *metric, double d)
{
    struct result *r = side(s, block, arm);
    if (strcmp(metric, "rps") == 0) {
        r->duration_s = SECONDS * exp(d);
    } else if (strcmp(metric, "cpu_per_request") == 0) {
        r->server.total.cpu_per_request_us = CPU_US * exp(d);
    } else if (strcmp(metric, "rss") == 0) {
        r->server.total.rss_peak_bytes = llround(MEMORY * exp(d));
    } else if (strcmp(metric, "p99") == 0) {
        hist_reset(r->latency);
        hist_record_n(r->latency, llround(LATENCY_NS * exp(d)), REQUESTS);
    } else if (strcmp(metric, "errors") == 0) {
        bed_losses(s, block, arm, ERROR_BASIS + llround(REQUESTS * d));
    } else {
        fail_msg("no such metric: %s", metric);
    }
}

void bed_differences(struct session *s, const char *metric, const double *d, int count)
{
    for (int i = 0; i < count; i++) {
        (void)bed_block(s);
        if (strcmp(metric, "errors") == 0)
            bed_set(s, s->nblocks - 1, BED_BASE, metric, 0);
        bed_set(s, s->nblocks - 1, BED_HEAD, metric, d[i]);
    }
}

void bed_shift(struct session *s, const char *metric, double d, int count)
{
    for (int i = 0; i < count; i++)
        bed_differences(s, metric, &d, 1);
}

void bed_non_2xx(struct session *s, size_t block, enum bed_arm arm, int64_t count)
{
    struct accounting *a = &side(s, block, arm)->accounting;
    a->non_2xx = count;
    a->statuses[500] = count;
    a->statuses[200] = a->completed - count;
}

void bed_mismatches(struct session *s, size_t block, enum bed_arm arm, int64_t count)
{
    side(s, block, arm)->accounting.mismatches = count;
}

void bed_losses(struct session *s, size_t block, enum bed_arm arm, int64_t count)
{
    struct accounting *a = &side(s, block, arm)->accounting;
    a->failed[LOSS_RESET] = count;
    a->completed = a->sent - count;
    a->statuses[200] = a->completed;
}

void bed_redo(struct session *s, size_t block, enum session_flaw flaw, enum bed_arm arm)
{
    struct session_redo redo = {
        .block = block,
        .flaw = flaw,
        .arm = arm,
        .imbalance = flaw == SESSION_FLAW_DIED ? NAN : 0.12,
        .text = NULL,
    };
    session_add_redo(s, &redo);
    s->blocks[block].is_valid = false;
}

/* --- verdicts --- */

struct verdict bed_verdict(const struct session *s)
{
    struct verdict v;
    struct err err;
    if (verdict_make(s, &v, &err) < 0)
        fail_msg("%s", err.text);
    return v;
}

void bed_expect(const struct verdict *v, size_t gate, enum verdict_state state,
                enum verdict_reason reason, int blocks)
{
    const struct verdict_gate *g = &v->gates[gate];
    if (g->state != state || g->reason != reason || g->blocks != blocks)
        fail_msg("%s: %s (%s) after %d blocks instead of %s (%s) after %d; %g [%g, %g]",
                 g->gate.text, verdict_state_names[g->state], verdict_reason_codes[g->reason],
                 g->blocks, verdict_state_names[state], verdict_reason_codes[reason], blocks,
                 g->interval.estimate, g->interval.lo, g->interval.hi);
}

void bed_expect_all(const struct verdict *v, enum verdict_state state, bool goes_on)
{
    if (v->state != state || verdict_goes_on(v) != goes_on)
        fail_msg("overall %s, going on: %d, instead of %s and %d", verdict_state_names[v->state],
                 verdict_goes_on(v), verdict_state_names[state], goes_on);
}

void bed_judge(const struct session *s, enum verdict_state state, enum verdict_reason reason,
               int blocks)
{
    struct verdict v = bed_verdict(s);
    bed_expect(&v, 0, state, reason, blocks);
    bed_expect_all(&v, state, state == VERDICT_OPEN);
    verdict_fini(&v);
}
