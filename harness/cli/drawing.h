/* drawing: data files, and the pictures that gnuplot draws from them.
 *
 * Shape   each picture that has something to show is drawn on a sheet of an easel (cli/easel.h).
 * Owner   everything is borrowed; what drawing_svgs gives is freed with drawn_free.
 * Errors  writing files is all or nothing. Kind USAGE: no gnuplot, a place that cannot be written
 *         to; then existing pictures are kept. Interrupted: kind INTERRUPTED and *out_signal is
 *         set.
 */
#ifndef CLI_DRAWING_H
#define CLI_DRAWING_H

#include <stddef.h>

#include "base/err.h"
#include "proc/step.h"
#include "report/plot/data.h"
#include "report/plot/picture.h"
#include "store/batch.h"

#define DRAWING_AT_ONCE 2
#define DRAWING_SECONDS 30 /* it usually takes less than one */

struct drawing {
    const struct plot_file *files;
    const struct picture *pictures;
    const void *what;            /* that both are of */
    const struct inputs *inputs; /* the files it was read from, none of which is replaced */
};

/* The next two list on stderr what they wrote. The folder is created, but not its parents. */
int drawing_write_data(const struct drawing *d, const char *folder, struct err *err);
/* KEY.svg and KEY.png of each picture. */
int drawing_write(const struct drawing *d, const char *folder, int *out_signal, struct err *err);
/* The first picture alone, as "svg" or "png". */
int drawing_write_one(const struct drawing *d, const char *kind, const char *path, int *out_signal,
                      struct err *err);

/* The two halves of drawing_write_data, for those who write more beside it. */
int drawing_add_data(const struct drawing *d, const char *folder, struct batch *into,
                     struct err *err);
void drawing_say_data(const struct drawing *d, const char *folder);

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
 * interrupted. Of several drawings all have one `stop`, which begins as {0}: after a gnuplot that
 * hung none is started for the others. */
int drawing_svgs(const struct drawing *d, struct drawn **out, size_t *count, struct step_stop *stop,
                 struct err *err);
/* The same pictures, none of them drawn, all for one reason. */
void drawing_refused(const struct drawing *d, const char *problem, struct drawn **out,
                     size_t *count);
void drawn_free(struct drawn *drawn, size_t count);
/* "plots/latency.svg"; the caller frees it. */
char *drawing_path(const char *folder, const char *name);

#endif
