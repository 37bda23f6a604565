#include "store/recovery_json.h"

#include "base/clock.h"
#include "store/doc.h"

static json_t *goal_object(const struct recovery_goal *g)
{
    if (!(g->ns > 0))
        return json_null();
    return json_pack("{s:o, s:o, s:b}", "quantile", doc_figure(g->q), "latency_ms",
                     doc_figure(g->ns / (double)NS_PER_MS), "given", g->is_given);
}

static json_t *backlog_object(const struct recovery_backlog *b)
{
    if (b->most == MISSING)
        return json_null();
    return json_pack("{s:o, s:o, s:o, s:o}", "most", doc_count(b->most), "left", doc_count(b->left),
                     "level", doc_figure(b->level), "drained_s", doc_figure(b->drained_s));
}

static json_t *rates_object(const struct recovery_rates *r)
{
    return json_pack("{s:o, s:o, s:o}", "due", doc_figure(r->due), "responses", doc_figure(r->done),
                     "good", doc_figure(r->good));
}

json_t *recovery_to_json(const struct recovery *r)
{
    json_t *object = json_object();
    doc_put(object, "state", json_string(recovery_state_names[r->state]));
    doc_put(object, "reason", doc_text(recovery_reason_names[r->reason]));
    doc_put(object, "goal", goal_object(&r->goal));
    doc_put(object, "spike_from_s", doc_figure(r->from_s));
    doc_put(object, "spike_to_s", doc_figure(r->to_s));
    doc_put(object, "judged_to_s", doc_figure(r->end_s));
    doc_put(object, "peak_rate", doc_figure(r->peak_rps));
    doc_put(object, "rate_after", doc_figure(r->after_rps));
    doc_put(object, "sample_s", doc_figure(r->sample_s));
    doc_put(object, "back_s", doc_figure(r->back_s));
    doc_put(object, "first_back_s", doc_figure(r->first_s));
    doc_put(object, "losses", doc_count(r->losses));
    doc_put(object, "left_s", doc_figure(r->left_s));
    doc_put(object, "requests", backlog_object(&r->requests));
    doc_put(object, "jobs", backlog_object(&r->jobs));
    doc_put(object, "before", rates_object(&r->before));
    doc_put(object, "spike", rates_object(&r->spike));
    doc_put(object, "after", rates_object(&r->after));
    return object;
}
