#include "support/gate_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"

struct hist *gate_ramp(uint64_t count)
{
    struct hist *h = hist_new_latency();
    for (uint64_t k = 1; k <= count; k++)
        hist_record(h, (int64_t)k * NS_PER_MS);
    return h;
}

void gate_full_run(struct result *r)
{
    struct accounting *a = &r->accounting;
    result_init(r);
    r->duration_s = 10;
    r->connections = 50;
    *a = (struct accounting){
        .sent = 1000, .completed = 1000, .oldest_in_flight_ns = MISSING, .gone_after_ns = MISSING};
    a->statuses[200] = 930;
    a->statuses[404] = 50;
    a->statuses[500] = 20;
    a->non_2xx = 70;
    a->mismatches = 3;
    a->bytes_received = 2000000;
    a->connected = 50;
    a->due = 1000;
    a->unsent = 0;
    a->held = 5;
    r->latency = gate_ramp(1000);
    r->service = gate_ramp(1000);
    r->slip = gate_ramp(1000);
    r->wait = gate_ramp(1000);
    r->work = gate_ramp(1000);
    r->first_byte = gate_ramp(1000);
    r->connect = gate_ramp(1000);
    r->handshake = gate_ramp(1000);
    r->has_server = true;
    r->server.total.cpu_user_s = 0.2;
    r->server.total.cpu_system_s = 0.05;
    r->server.total.cpu_per_request_us = 250;
    r->server.total.rss_peak_bytes = 64 << 20;
    r->server.total.threads_peak = 12;
    r->server.total.threads_started = 800;
    r->server.total.switches_voluntary = 9000;
    r->server.total.switches_involuntary = 500;
    r->server.total.run_wait_s = 1.5;
    r->fairness = (struct fairness){.starved = 5, .jain = 0.75};
    r->has_probe = true;
    r->probe = gate_ramp(1000);
    r->probe_new = gate_ramp(1000);
    r->probe_counts.all = (struct probe_fate){
        .due = 2010, .completed = 2000, .timed_out = 4, .non_2xx = 5, .failed = 1};
    r->probe_counts.opened = (struct probe_fate){.due = 1000, .completed = 1000};
    r->probe_unfinished = hist_new_latency();
    hist_record_n(r->probe_unfinished, NS_PER_MS, 4);
}

struct gate_threshold gate_threshold_of(const char *text)
{
    struct gate_threshold threshold;
    struct err err;
    if (gate_parse(text, GATE_FAIL, &threshold, &err) < 0)
        fail_msg("%s: %s", text, err.text);
    return threshold;
}

struct gate_outcome gate_judged(const char *text, const struct result *r)
{
    static struct gate_threshold threshold; /* outlives the outcome */
    threshold = gate_threshold_of(text);
    return gate_judge(&threshold, r, &(struct gate_policy){.allow_errors = true});
}

void gate_expect(const struct result *r, const char *text, enum gate_verdict want)
{
    struct gate_outcome o = gate_judged(text, r);
    if (o.verdict != want)
        fail_msg("%s: verdict %d instead of %d, reason '%s', measured %g to %g", text, o.verdict,
                 want, gate_reason_codes[o.reason], o.measured.low, o.measured.high);
}

void gate_expect_reason(const struct result *r, const char *text, enum gate_reason want)
{
    struct gate_outcome o = gate_judged(text, r);
    if (o.reason != want)
        fail_msg("%s: '%s' instead of '%s', measured %g to %g", text, gate_reason_codes[o.reason],
                 gate_reason_codes[want], o.measured.low, o.measured.high);
}

void gate_queue_up(struct result *r)
{
    r->has_queue = true;
    r->job = gate_ramp(1000);
    r->queue.accepted = 900;
    r->queue.completed = 450;
    r->queue.failed = 6;
    r->queue.backlog_start = 0;
    r->queue.backlog_end = 444;
    r->queue.completed_per_s = 45;
    r->queue.drain = DRAIN_MEASURED;
    r->queue.drain_s = 9.5;
    r->queue.drain_left = 0;
}
