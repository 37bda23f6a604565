/* drawing: data files, and the pictures that gnuplot draws from them.
 *
 * Shape   gnuplot runs our scripts in a private folder with fixed file names. Once all pictures
 *         exist, they are written to their places, each under a temporary name that is then
 *         renamed. User input is never part of a gnuplot program.
 * Owner   everything is borrowed.
 * Errors  kind USAGE: no gnuplot, a place that cannot be written to. On failure existing pictures
 *         are kept. Interrupted: kind INTERRUPTED and *out_signal is set.
 */
#ifndef CLI_DRAWING_H
#define CLI_DRAWING_H

#include "base/err.h"
#include "report/plot/data.h"

#define DRAWING_SCRIPTS_MAX  3
#define DRAWING_PICTURES_MAX 6

struct drawing {
    const struct plot_file *files;
    const void *what;           /* that the files are of */
    const char *const *scripts; /* "latency.gp"; both lists end with NULL */
    const char *const *pictures;
};

/* Both list on stderr what they wrote. The folder is created, but not its parents. */
int drawing_write_data(const struct drawing *d, const char *folder, struct err *err);
/* Writes each picture to the path of the same index. */
int drawing_draw(const struct drawing *d, char *const *paths, int *out_signal, struct err *err);
/* "plots/latency.svg"; the caller frees it. */
char *drawing_path(const char *folder, const char *name);

#endif
