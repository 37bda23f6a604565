/* flaw: whether a block of a session must be measured again. Pure; it looks at no figure of the
 * arms.
 *
 * Shape   a block is flawed if the machine treated its arms unequally, if the wall clock was set
 *         while it ran, or if a server died or answered nothing. It is measured again, twice at
 *         most. When the same arm was worse off three times running, the arms cause it themselves:
 *         from then on unequal shares are kept.
 * Units   cores.
 * Owner   a flaw borrows its text.
 * Errors  none.
 * Source  docs/verdicts.md.
 */
#ifndef RUNNER_FLAW_H
#define RUNNER_FLAW_H

#include <stdbool.h>

#include "base/clock.h"
#include "model/session.h"

#define FLAW_IMBALANCE_CORES 0.05
#define FLAW_CLOCK_NS        (100 * NS_PER_MS)
#define FLAW_REDO_MAX        2 /* of one block */
#define FLAW_ROW             3 /* the same arm so often running */

bool flaw_is_imbalance(enum session_flaw flaw);
/* The largest difference between the shares of two arms, if it is too large. A share that is not
 * known differs from none. Fills flaw, arm and imbalance. */
bool flaw_find_imbalance(const struct session_side *sides, size_t nsides, struct session_redo *out);

enum flaw_ruling {
    FLAW_KEEP,        /* the block counts */
    FLAW_KEEP_TURNED, /* it counts, and the session is one-sided from now on */
    FLAW_REDO,
    FLAW_KEEP_INVALID /* it was redone often enough, and is still flawed */
};
/* The last block of the session was just measured; found: what is wrong with it, or NULL. */
enum flaw_ruling flaw_rule(const struct session *s, const struct session_redo *found);

#endif
