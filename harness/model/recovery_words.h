/* recovery_words: what a recovery says, in sentences without a full stop.
 *
 * Shape   each adds to a buf, in ASCII; nothing where it is not known.
 * Owner   the buf is the caller's.
 * Errors  none.
 */
#ifndef MODEL_RECOVERY_WORDS_H
#define MODEL_RECOVERY_WORDS_H

#include "base/buf.h"
#include "model/recovery.h"

/* "p99<200 ms held again 3.00 s after the spike (10.0 s to 15.0 s, up to 1k/s), and to the end" */
void recovery_words(const struct recovery *r, struct buf *out);
/* "p99<200 ms, as given" */
void recovery_goal_words(const struct recovery *r, struct buf *out);
/* "at most 4,100 requests waited; from 3.00 s after the spike on no more than 20" */
void recovery_backlog_words(const struct recovery *r, struct buf *out);
/* "98/s within the goal before the spike; 180/s in it, of 1k/s that were due; 99/s after it" */
void recovery_goodput_words(const struct recovery *r, struct buf *out);

#endif
