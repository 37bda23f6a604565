#include "store/plan_json.h"

#include <jansson.h>

#include "store/doc.h"
#include "store/result_json.h"

void plan_write(const struct plan *plan, const struct result *recorded, const char *request,
                struct buf *out)
{
    json_t *doc =
        json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "schema", "bench.plan/1", "url",
                  doc_text(recorded->url), "strategy", doc_text(plan->strategy), "command",
                  doc_text(plan->command), "workers", doc_count(plan->workers), "config",
                  result_config_to_json(recorded), "request", doc_text(request));
    doc_dump(doc, DOC_INDENTED, out);
    json_decref(doc);
}
