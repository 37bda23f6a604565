/* broker_text: names the broker behind a queue's figures. Figures from different brokers cannot be
 * compared, so every report names it.
 */
#ifndef REPORT_BROKER_TEXT_H
#define REPORT_BROKER_TEXT_H

#include "base/buf.h"
#include "base/str.h"
#include "model/comparison.h"
#include "report/style.h"

/* "redis (redis://127.0.0.1:6379)"; empty without a queue. */
void broker_text(const struct result *r, struct buf *out);
/* "queue, queue-x10: the broker is sqlite (..)": one note per broker in the comparison. */
void broker_notes(const struct comparison *c, const struct report_style *style,
                  struct str_list *notes);

#endif
