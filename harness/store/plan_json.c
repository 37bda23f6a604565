#include "store/plan_json.h"

#include <jansson.h>
#include <stdlib.h>

#include "store/doc.h"
#include "store/result_json.h"

void plan_shown_fini(struct plan_shown *shown)
{
    free(shown->request);
    str_list_fini(&shown->requests);
}

static json_t *requests_array(const struct plan *plan, const struct str_list *requests)
{
    json_t *array = json_array();
    for (size_t i = 0; i < requests->count; i++)
        (void)json_array_append_new(array, json_pack("{s:o, s:o}", "name",
                                                     doc_text(plan->requests.items[i].name),
                                                     "request", doc_text(requests->items[i])));
    return array;
}

json_t *plan_object(const struct plan *plan, const struct result *recorded,
                    const struct plan_shown *shown)
{
    json_t *object =
        json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "schema", "bench.plan/1", "url",
                  doc_text(recorded->url), "scheme", doc_text(plan_scheme(plan)), "strategy",
                  doc_text(plan->strategy), "original", doc_text(plan->original), "command",
                  doc_text(plan->command), "workers", doc_count(plan->workers), "config",
                  result_config_to_json(recorded), "request", doc_text(shown->request));
    if (shown->requests.count > 0)
        doc_put(object, "requests", requests_array(plan, &shown->requests));
    return object;
}

void plan_write(const struct plan *plan, const struct result *recorded,
                const struct plan_shown *shown, struct buf *out)
{
    json_t *doc = plan_object(plan, recorded, shown);
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
        (void)json_array_append_new(arms, json_pack("{s:o, s:o}", "name", doc_text(c->arms[i].name),
                                                    "plan",
                                                    plan_object(p->plan, &p->recorded, &p->shown)));
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
