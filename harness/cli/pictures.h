/* pictures: a comparison as data files, and as pictures that gnuplot draws from them.
 *
 * Shape   gnuplot runs our scripts in a private folder with fixed names; the pictures are moved to
 *         where they were asked for once all of them are there, each under a temporary name that is
 *         then renamed. Nothing of a user's is ever part of a gnuplot program.
 * Errors  kind USAGE: no gnuplot, a folder that cannot be written to. On failure the pictures that
 *         were there stay as they are. Interrupted: kind INTERRUPTED and *out_signal is set.
 */
#ifndef CLI_PICTURES_H
#define CLI_PICTURES_H

#include "base/err.h"
#include "model/comparison.h"

#define PICTURE_ARMS_MAX 20

/* Both make the folder, but not its parents, and name on stderr what they wrote. */
int pictures_write_data(const struct comparison *c, const char *folder, struct err *err);
int pictures_draw(const struct comparison *c, const char *folder, int *out_signal, struct err *err);

#endif
