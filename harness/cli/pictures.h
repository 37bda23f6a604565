/* pictures: a comparison as data files, and as pictures that gnuplot draws from them.
 *
 * Shape   the pictures of comparison_pictures (report/plot/picture.h), as drawing.h makes them.
 * Errors  as there; more arms than a picture can show: kind USAGE, and of pictures_svgs the problem
 *         of each.
 */
#ifndef CLI_PICTURES_H
#define CLI_PICTURES_H

#include "base/err.h"
#include "cli/drawing.h"
#include "model/comparison.h"

#define PICTURE_ARMS_MAX 20

/* Refuses what no picture can show, before the rest of it is read. */
int pictures_check_arms(const struct comparison *c, struct err *err);
/* The same of what was measured together, which is given alone. */
int pictures_check_count(size_t narms, struct err *err);
/* Both create the folder, but not its parents, and list on stderr what they wrote. */
int pictures_write_data(const struct comparison *c, const char *folder, const struct inputs *inputs,
                        struct err *err);
/* The same for another drawing of these arms. */
int pictures_write_columns(const struct drawing *d, const struct comparison *c, const char *folder,
                           struct err *err);
int pictures_draw(const struct comparison *c, const char *folder, const struct inputs *inputs,
                  int *out_signal, struct err *err);
int pictures_svgs(const struct comparison *c, struct drawn **out, size_t *count,
                  struct step_stop *stop, struct err *err);

#endif
