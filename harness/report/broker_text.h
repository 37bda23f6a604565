/* broker_text: which broker the figures of a queue are of: without its name two of them cannot be
 * compared.
 */
#ifndef REPORT_BROKER_TEXT_H
#define REPORT_BROKER_TEXT_H

#include "base/buf.h"
#include "base/str.h"
#include "model/comparison.h"
#include "report/style.h"

/* "redis (redis://127.0.0.1:6379)"; nothing when there was no queue. */
void broker_text(const struct result *r, struct buf *out);
/* "queue, queue-x10: the broker is sqlite (..)": one for each of them in the comparison. */
void broker_notes(const struct comparison *c, const struct report_style *style,
                  struct str_list *notes);

#endif
