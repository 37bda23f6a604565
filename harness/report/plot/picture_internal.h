/* picture_internal: the captions of the pictures, by picture, and whether there is something to
 * show; see picture.h. What they are of is a struct comparison, but for shift (a struct
 * shift_picture), blocks (a struct session_picture), sweep and map (a struct ranking), and capacity
 * (a struct capacity_page). */
#ifndef REPORT_PLOT_PICTURE_INTERNAL_H
#define REPORT_PLOT_PICTURE_INTERNAL_H

#include <stdbool.h>

#include "base/buf.h"
#include "report/plot/points.h"

#define PICTURES(X)                                                                                \
    X(latency)                                                                                     \
    X(percentiles)                                                                                 \
    X(heat)                                                                                        \
    X(rate)                                                                                        \
    X(server)                                                                                      \
    X(parts)                                                                                       \
    X(probe)                                                                                       \
    X(queue)                                                                                       \
    X(generator)                                                                                   \
    X(compare)                                                                                     \
    X(shift)                                                                                       \
    X(blocks)                                                                                      \
    X(sweep)                                                                                       \
    X(map)                                                                                         \
    X(capacity)

#define X(key)                                                                                     \
    bool picture_has_##key(const void *what);                                                      \
    void picture_read_##key(const void *what, struct buf *out);                                    \
    void picture_see_##key(const void *what, struct buf *out);
PICTURES(X)
#undef X

/* Of the pictures of curves; each ends with one without a name. */
extern const struct plot_panel panels_latency[], panels_percentiles[], panels_rate[],
    panels_server[], panels_probe[], panels_queue[], panels_shift[];

#endif
