/* easel: the pictures of one drawing while gnuplot draws them.
 *
 * Shape   each is a sheet, drawn by a gnuplot of its own, with our script KEY.gp, in a private
 * folder with fixed file names. User input is never part of a gnuplot program. At most
 *         DRAWING_AT_ONCE run at a time, each for DRAWING_SECONDS at most; after one that takes
 *         longer no more are started.
 * Owner   easel_fini frees all; easel_close removes the folder. The caller holds signals back from
 *         easel_draw to easel_close.
 * Errors  of a sheet: kind USAGE, gnuplot is missing, fails, hangs, or its picture is cut short.
 *         The texts do not depend on the name of the private folder.
 */
#ifndef CLI_EASEL_H
#define CLI_EASEL_H

#include "base/buf.h"
#include "cli/drawing.h"
#include "proc/folder.h"
#include "proc/step.h"

#define EASEL_ARGUMENTS 10 /* of the shell, with the NULL at the end */

struct sheet {
    const struct picture *picture;
    char *script; /* its path */
    char *argv[EASEL_ARGUMENTS];
    struct err end; /* kind NONE: it was drawn */
};

struct easel {
    struct sheet *sheets;
    size_t count;
    struct folder *folder; /* private; NULL: there is none */
    bool has_axes;         /* the scripts say where the axes are, too: the kind "axes" */
    struct step_stop stop;
};

/* A sheet for each picture that has something to show. */
struct easel easel_of(const struct drawing *d);
void easel_fini(struct easel *e);
/* Draws what can be drawn, as the kinds of file "svg png". */
void easel_draw(struct easel *e, const struct drawing *d, const char *kinds);
/* None of them can be drawn, for one reason. */
void easel_fail(struct easel *e, const struct err *err);
/* What gnuplot made of a sheet. `out` is initialised, and finished by the caller, in any case. */
int easel_read(const struct easel *e, const struct sheet *sheet, const char *kind, struct buf *out,
               struct err *err);
void easel_close(struct easel *e);

#endif
