/* pictures: a comparison as data files, and as pictures that gnuplot draws from them.
 *
 * Shape   gnuplot runs our scripts in a private folder with fixed file names. Once all pictures
 *         exist, they are written to the requested folder, each under a temporary name that is then
 *         renamed. User input is never part of a gnuplot program.
 * Errors  kind USAGE: no gnuplot, a folder that cannot be written to. On failure existing pictures
 *         are kept. Interrupted: kind INTERRUPTED and *out_signal is set.
 */
#ifndef CLI_PICTURES_H
#define CLI_PICTURES_H

#include "base/err.h"
#include "model/comparison.h"

#define PICTURE_ARMS_MAX 20

/* Both create the folder, but not its parents, and list on stderr what they wrote. */
int pictures_write_data(const struct comparison *c, const char *folder, struct err *err);
int pictures_draw(const struct comparison *c, const char *folder, int *out_signal, struct err *err);

#endif
