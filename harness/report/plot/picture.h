/* picture: what pictures there are of a comparison, of a session, of a difference, of a sweep and
 * of a search for the capacity: the script of each, and a caption that is made from the figures.
 *
 * Shape   a row is one picture. KEY.gp draws KEY.svg and KEY.png from the data files of the same
 *         comparison or session (docs/pictures.md). A caption is plain text in two sentences: how
 *         to read the picture, and what is to be seen in this one.
 * Owner   rows are static; a caption is added to the caller's buf.
 * Errors  none: any text is made printable, and a name is cut to what fits in a line.
 *         Where it goes into HTML it is escaped there.
 */
#ifndef REPORT_PLOT_PICTURE_H
#define REPORT_PLOT_PICTURE_H

#include <stdbool.h>

#include "base/buf.h"
#include "report/plot/points.h"

struct picture {
    const char *key;                              /* "latency": the name of the script and files */
    const char *title;                            /* "Latency by percentile" */
    bool (*has)(const void *what);                /* there is something to show; NULL: always */
    void (*read)(const void *what, struct buf *); /* how to read it */
    void (*see)(const void *what, struct buf *);  /* what is to be seen, from the figures */
    const struct plot_panel *panels;              /* its curves; NULL: it has none */
    enum plot_across across;
};

/* Each ends with one without a key. What they are of: */
extern const struct picture comparison_pictures[]; /* a struct comparison */
extern const struct picture session_pictures[];    /* a struct session_picture */
extern const struct picture shift_pictures[];      /* a struct shift_picture, of bench diff */
extern const struct picture sweep_pictures[];      /* a struct ranking, over one option */
extern const struct picture map_pictures[];        /* the same over two */
extern const struct picture capacity_pictures[];   /* a struct capacity_page */

#endif
