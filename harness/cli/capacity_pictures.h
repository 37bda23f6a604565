/* capacity_pictures: a search for the capacity as data files, and as its picture, .svg and .png.
 *
 * Errors  as cli/sweep_pictures.h; a search without a trial at a rate: kind INVALID.
 */
#ifndef CLI_CAPACITY_PICTURES_H
#define CLI_CAPACITY_PICTURES_H

#include "cli/drawing.h"
#include "report/plot/capacity.h"

#define CAPACITY_NO_LIMITS                                                                         \
    "--fail: this is a search for the capacity, whose picture has no limits; bench check judges "  \
    "it, as by --fail 'capacity<800/s'"

/* Whether there is a trial at a rate. */
bool capacity_pictures_are_there(const struct capacity *c);
/* Both create the folder, but not its parents, and list on stderr what they wrote. */
int capacity_pictures_write_data(const struct capacity_page *p, const char *folder,
                                 const struct inputs *inputs, struct err *err);
int capacity_pictures_draw(const struct capacity_page *p, const char *folder,
                           const struct inputs *inputs, int *out_signal, struct err *err);
int capacity_pictures_svgs(const struct capacity_page *p, struct drawn **out, size_t *count,
                           struct step_stop *stop, struct err *err);

#endif
