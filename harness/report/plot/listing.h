/* listing: what each arm has, in the order of the arms, so that nothing is ranked:
 * "pool 329 ms; offload 388 ms; and 3 others".
 *
 * Errors  none: any name is made printable, and cut.
 */
#ifndef REPORT_PLOT_LISTING_H
#define REPORT_PLOT_LISTING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "model/arm_figure.h"

/* Adds what the arm has; nothing: it is left out. */
typedef void (*listing_fn)(const struct arm *arm, const void *ctx, struct buf *out);

/* How many arms have something; 0, and nothing is added, when none has. */
size_t listing_add(const struct comparison *c, listing_fn value, const void *ctx, struct buf *out);
/* The same of one figure's medians; a latency of responses that came before the work was done says
 * so. */
size_t listing_add_figure(const struct comparison *c, const char *key, struct buf *out);
/* Its median; nothing when it was not measured. */
void listing_figure(const struct arm *arm, const struct arm_figure *figure, struct buf *out);
/* "329 ms", "at least 9.17 s" */
void listing_value(double value, enum metric_unit unit, bool is_bound, struct buf *out);
void listing_name(const struct arm *arm, struct buf *out);

#endif
