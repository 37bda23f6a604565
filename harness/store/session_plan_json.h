/* session_plan_json: what --dry-run prints of a check that measures: bench.session-plan/1.
 *
 * Owner   everything is borrowed for the call.
 * Errors  none: the gates of the session parse.
 */
#ifndef STORE_SESSION_PLAN_JSON_H
#define STORE_SESSION_PLAN_JSON_H

#include "base/buf.h"
#include "model/session.h"
#include "store/plan_json.h"

/* load_s: of each arm in a block; NAN: the first block chooses it. dropped: default gates that the
 * arms cannot measure, as a list; NULL: none. A preview per arm. */
void session_plan_write(const struct session *s, const struct arm_preview *previews, double load_s,
                        const char *dropped, struct buf *out);

#endif
