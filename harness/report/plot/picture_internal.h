/* picture_internal: the captions of the pictures, by picture; see picture.h. */
#ifndef REPORT_PLOT_PICTURE_INTERNAL_H
#define REPORT_PLOT_PICTURE_INTERNAL_H

#include <stdbool.h>

#include "base/buf.h"

#define PICTURE_CAPTION(key)                                                                       \
    void picture_read_##key(const void *what, struct buf *out);                                    \
    void picture_see_##key(const void *what, struct buf *out);

PICTURE_CAPTION(latency)
PICTURE_CAPTION(compare)
PICTURE_CAPTION(heat)
PICTURE_CAPTION(shift) /* of a struct shift_picture */
PICTURE_CAPTION(blocks)

bool picture_has_heat(const void *what);

#endif
