/* sweep_pictures: a sweep as data files, and as the picture of it: curves over one option, a map
 * over two, .svg and .png.
 *
 * Errors  as cli/drawing.h; a sweep without a result: kind INVALID. More arms than a picture can
 *         show: kind USAGE, and of sweep_pictures_svgs the problem.
 */
#ifndef CLI_SWEEP_PICTURES_H
#define CLI_SWEEP_PICTURES_H

#include "cli/drawing.h"
#include "report/plot/sweep.h"

/* Both create the folder, but not its parents, and list on stderr what they wrote. */
int sweep_pictures_write_data(const struct ranking *r, const char *folder,
                              const struct inputs *inputs, struct err *err);
int sweep_pictures_draw(const struct ranking *r, const char *folder, const struct inputs *inputs,
                        int *out_signal, struct err *err);
int sweep_pictures_svgs(const struct ranking *r, struct drawn **out, size_t *count,
                        struct step_stop *stop, struct err *err);

#endif
