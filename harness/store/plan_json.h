/* plan_json: what --dry-run prints: the plan and the bytes of one request, as bench.plan/1; for a
 * comparison its arms' plans, seed and order, as bench.comparison-plan/1.
 *
 * Owner   everything is borrowed for the call.
 * Errors  none.
 */
#ifndef STORE_PLAN_JSON_H
#define STORE_PLAN_JSON_H

#include <jansson.h>

#include "base/buf.h"
#include "model/comparison.h"
#include "model/plan.h"
#include "model/result.h"

/* What is sent, as it may be shown. */
struct plan_shown {
    char *request;
    struct str_list requests; /* of a plan that has different ones, the first of them */
};

void plan_shown_fini(struct plan_shown *shown);

/* `recorded` holds the plan as settings and its URL without secrets, as its result would. */
void plan_write(const struct plan *plan, const struct result *recorded,
                const struct plan_shown *shown, struct buf *out);

json_t *plan_object(const struct plan *plan, const struct result *recorded,
                    const struct plan_shown *shown);

/* The plans of a comparison's arms, in the order of its arms. */
struct arm_preview {
    const struct plan *plan;
    struct result recorded;
    struct plan_shown shown; /* the owner of the preview frees it */
};
/* `c` has arms, seed and rounds; its trials are the planned ones. */
void comparison_plan_write(const struct comparison *c, const struct arm_preview *previews,
                           struct buf *out);

#endif
