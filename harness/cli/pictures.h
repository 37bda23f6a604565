/* pictures: a comparison as data files, and as pictures that gnuplot draws from them.
 *
 * Shape   four pictures in one folder, as drawing.h makes them.
 * Errors  as there; more arms than a picture can show: kind USAGE.
 */
#ifndef CLI_PICTURES_H
#define CLI_PICTURES_H

#include "base/err.h"
#include "model/comparison.h"

#define PICTURE_ARMS_MAX 20

/* Refuses what no picture can show, before the rest of it is read. */
int pictures_check_arms(const struct comparison *c, struct err *err);
/* Both create the folder, but not its parents, and list on stderr what they wrote. */
int pictures_write_data(const struct comparison *c, const char *folder, struct err *err);
int pictures_draw(const struct comparison *c, const char *folder, int *out_signal, struct err *err);

#endif
