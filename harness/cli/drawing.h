/* drawing: data files, and the pictures that gnuplot draws from them.
 *
 * Shape   each picture that has something to show is drawn by a gnuplot of its own, with our script
 *         KEY.gp, in a private folder with fixed file names. User input is never part of a gnuplot
 *         program. At most DRAWING_AT_ONCE run at a time, each for DRAWING_SECONDS at most; the
 *         folder is removed however it ends.
 * Owner   everything is borrowed; what drawing_svgs gives is freed with drawn_free.
 * Errors  writing files is all or nothing. Kind USAGE: no gnuplot, a place that cannot be written
 *         to; then existing pictures are kept. Interrupted: kind INTERRUPTED and *out_signal is
 *         set.
 */
#ifndef CLI_DRAWING_H
#define CLI_DRAWING_H

#include <stddef.h>

#include "base/err.h"
#include "report/plot/data.h"
#include "report/plot/picture.h"

#define DRAWING_AT_ONCE 2
#define DRAWING_SECONDS 30 /* it usually takes less than one */

struct drawing {
    const struct plot_file *files;
    const struct picture *pictures;
    const void *what; /* that both are of */
};

/* The next two list on stderr what they wrote. The folder is created, but not its parents. */
int drawing_write_data(const struct drawing *d, const char *folder, struct err *err);
/* KEY.svg and KEY.png of each picture. */
int drawing_write(const struct drawing *d, const char *folder, int *out_signal, struct err *err);
/* The first picture alone, as "svg" or "png". */
int drawing_write_one(const struct drawing *d, const char *kind, const char *path, int *out_signal,
                      struct err *err);

/* A picture as SVG, in memory. */
struct drawn {
    const struct picture *picture;
    char *read, *see; /* its caption */
    char *numbers;    /* the text of KEY.dat; NULL: there is none */
    char *points;     /* its curves (report/plot/points.h); NULL: it has none */
    char *svg;        /* NULL: problem says why */
    size_t len;
    char *problem; /* in one line */
};

/* Each picture that has something to show, in the order of the table. A gnuplot that is missing,
 * fails or hangs is no error: the pictures that could not be drawn have a problem. -1 only when
 * interrupted. */
int drawing_svgs(const struct drawing *d, struct drawn **out, size_t *count, int *out_signal,
                 struct err *err);
/* The same pictures, none of them drawn, all for one reason. */
void drawing_refused(const struct drawing *d, const char *problem, struct drawn **out,
                     size_t *count);
void drawn_free(struct drawn *drawn, size_t count);
/* "plots/latency.svg"; the caller frees it. */
char *drawing_path(const char *folder, const char *name);

#endif
