/* agree: figures of a document that must fit each other.
 *
 * Shape   bench writes some figures twice, and others next to what they were derived from. A
 *         document in which they differ was damaged or edited, and no verdict may rest on it.
 * Owner   nothing is kept.
 * Errors  kind USAGE, naming the key and what it contradicts.
 */
#ifndef STORE_AGREE_H
#define STORE_AGREE_H

#include "base/err.h"
#include "model/result.h"

/* Whether the figure of a document is the derived one, but for rounding. Two that are not known
 * agree. `scale` is the size of what it was derived from, where that is larger than the figure. */
bool agree_figure(double said, double derived, double scale);

/* `where`, `key`: a histogram that has to hold so many. NULL, not measured, holds none. */
int agree_hist(const char *key, const struct hist *h, int64_t count, const char *what,
               struct err *err);
/* One of the replies that have a latency. */
int agree_timed(const char *key, const struct hist *h, const struct result *r, struct err *err);
/* The latency and unfinished histograms hold what the accounting counts. */
int agree_requests(const struct result *r, struct err *err);
/* cpu_per_request_us is the processor time of each whole reply in the window. */
int agree_cpu(const char *where, double cpu_s, double per_request_us, int64_t replies,
              struct err *err);

#endif
