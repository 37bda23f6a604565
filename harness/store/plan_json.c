#include "store/plan_json.h"

#include <jansson.h>

#include "store/doc.h"
#include "store/result_json.h"

json_t *plan_object(const struct plan *plan, const struct result *recorded, const char *request)
{
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "schema", "bench.plan/1",
                     "url", doc_text(recorded->url), "scheme", doc_text(plan_scheme(plan)),
                     "strategy", doc_text(plan->strategy), "original", doc_text(plan->original),
                     "command", doc_text(plan->command), "workers", doc_count(plan->workers),
                     "config", result_config_to_json(recorded), "request", doc_text(request));
}

void plan_write(const struct plan *plan, const struct result *recorded, const char *request,
                struct buf *out)
{
    json_t *doc = plan_object(plan, recorded, request);
    doc_dump(doc, DOC_INDENTED, out);
    json_decref(doc);
}

void comparison_plan_write(const struct comparison *c, const struct arm_preview *previews,
                           struct buf *out)
{
    json_t *arms = json_array();
    json_t *order = json_array();
    for (size_t i = 0; i < c->narms; i++) {
        const struct arm_preview *p = &previews[i];
        (void)json_array_append_new(
            arms, json_pack("{s:o, s:o}", "name", doc_text(c->arms[i].name), "plan",
                            plan_object(p->plan, &p->recorded, p->request)));
    }
    for (size_t i = 0; i < c->ntrials; i++)
        (void)json_array_append_new(order, doc_text(c->arms[c->trials[i].arm].name));
    json_t *doc = json_pack("{s:s, s:o, s:o, s:o, s:o}", "schema", "bench.comparison-plan/1",
                            "seed", doc_count((int64_t)c->seed), "rounds", doc_count(c->rounds),
                            "arms", arms, "order", order);
    if (c->reference != NULL)
        doc_put(doc, "reference", doc_text(c->arms[c->reference->arm].name));
    doc_dump(doc, DOC_INDENTED, out);
    json_decref(doc);
}
