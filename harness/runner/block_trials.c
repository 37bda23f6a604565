#include "runner/block_trials.h"

#include <math.h>
#include <string.h>

#include "analysis/warnings.h"
#include "base/clock.h"
#include "base/mem.h"
#include "model/result_sum.h"
#include "runner/meter.h"
#include "runner/trial.h"

/* The arm that is being measured. */
struct watched {
    const struct block_spec *spec;
    size_t arm;
};

static void on_second(void *ctx, const struct second *second)
{
    const struct watched *watched = ctx;
    watched->spec->on_second(watched->spec->ctx, watched->arm, second);
}

static void on_left(void *ctx, int64_t jobs_left, int64_t waited_ns)
{
    (void)ctx;
    (void)jobs_left;
    (void)waited_ns;
}

static const char *warning_text(const struct result *r, const char *code)
{
    for (size_t i = 0; i < r->nwarnings; i++) {
        if (strcmp(r->warnings[i].code, code) == 0)
            return r->warnings[i].message;
    }
    return NULL;
}

static const char *words_on_hosts(struct result *r)
{
    static const char *const codes[] = {"hosts-silent",      "host-lost",         "host-incomplete",
                                        "host-started-late", "host-offered-less", "saturated"};
    const char *words = NULL;
    warnings_add(r);
    for (size_t i = 0; i < LEN(codes) && words == NULL; i++)
        words = warning_text(r, codes[i]);
    return words;
}

/* A server that did not outlive its trial; or of several hosts, one that did not do its share. */
static void note_death(struct result *r, struct block_outcome *out)
{
    const char *words = warning_text(r, "target-died");
    if (words == NULL && r->target_end == NULL && !r->valid)
        words = words_on_hosts(r);
    out->how = BLOCK_DIED;
    out->words = mem_strdup_or_null(words);
    (void)err_set(&out->err, ERR_INVALID, "%s",
                  words != NULL ? words : "its memory exceeded --max-rss");
}

static void keep(const struct result *r, const struct plan *plan, double throttled_s,
                 struct session_side *side)
{
    struct result *sum = &side->result;
    result_sum_add(sum, r);
    sum->connections = plan->connections;
    sum->pipelining = plan->pipelining;
    sum->workers = plan->workers;
    warnings_judge_client(sum);
    merged_sum(&sum->merged, r->merged);
    sum->has_server = r->has_server;
    sum->server.total = r->server.total;
    if (!(r->duration_s >= METER_LEAST_S))
        return;
    side->share.stolen = r->machine.stolen_cores;
    side->share.foreign = r->machine.other_cpu_cores;
    side->share.throttled = throttled_s / r->duration_s;
}

static void measure_arm(const struct block_spec *spec, size_t arm, struct session_side *side,
                        struct block_outcome *out)
{
    struct watched watched = {spec, arm};
    const struct trial_view view = {&watched, on_second, on_left};
    const struct session *s = spec->session;
    struct plan plan =
        block_plan(&spec->arms->items[arm], s, spec->number, arm, s->slice_ns * s->slices);
    struct result r;
    out->arm = arm;
    spec->on_place(spec->ctx, &(struct block_place){.arm = arm});
    side->padding_bytes = plan.url == NULL ? plan.padding_bytes : 0;
    result_init(&r);
    double throttled_s = meter_throttled_s();
    int failed = trial_run(&plan, &view, &r, &out->signal, &out->err);
    throttled_s = meter_throttled_s() - throttled_s;
    if (out->signal != 0 || (failed < 0 && out->err.kind == ERR_INTERRUPTED)) {
        out->how = BLOCK_INTERRUPTED;
        (void)err_set(&out->err, ERR_INTERRUPTED, "interrupted");
    } else if (failed < 0) {
        out->how = BLOCK_NOT_STARTED;
    } else if (!r.valid || r.target_end != NULL) {
        note_death(&r, out);
    } else {
        keep(&r, &plan, throttled_s, side);
        out->rss_bytes[arm] = r.server.total.rss_peak_bytes;
    }
    result_fini(&r);
}

void block_trials_measure(const struct block_spec *spec, struct session_side *sides,
                          struct block_outcome *out)
{
    const struct session *s = spec->session;
    bool mirrored = session_is_mirrored(s->seed, spec->number);
    *out = (struct block_outcome){.pilot_latency_ns = MISSING,
                                  .lengths = {s->slices, s->slice_ns, s->guard_ns}};
    for (size_t i = 0; i < s->narms; i++) {
        out->idle_cores[i] = NAN;
        out->rss_bytes[i] = MISSING;
    }
    for (size_t i = 0; i < s->narms && out->how == BLOCK_MEASURED; i++) {
        size_t arm = mirrored ? s->narms - 1 - i : i;
        measure_arm(spec, arm, &sides[arm], out);
    }
}
