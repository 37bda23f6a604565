/* annotation: commands to GitHub's runner that show a message beside a step.
 *
 * Shape   "::error title=bench check::p99 +7.9% ..." on a line of its own. GitHub shows ten of each
 *         kind in a step; the tenth says how many are left out.
 * Owner   the titles and texts are copied at once; annotations_end writes what is left to say.
 * Errors  none. No text can end its line or become a command: % CR LF are escaped, and in a title
 *         : and , too; other control characters become '?'.
 * Source  docs.github.com, "Workflow commands for GitHub Actions"; the escapes are those of
 *         actions/toolkit, packages/core/src/command.ts.
 */
#ifndef REPORT_ANNOTATION_H
#define REPORT_ANNOTATION_H

#include <stddef.h>

#include "base/buf.h"

#define ANNOTATIONS_MOST 10 /* of each kind */

enum annotation_kind {
    ANNOTATION_ERROR,
    ANNOTATION_WARNING,
    ANNOTATION_NOTICE,
    ANNOTATION_KIND_COUNT
};

/* One line, whatever the number. */
void annotation_write(struct buf *out, enum annotation_kind kind, const char *title,
                      const char *text);

struct annotations {
    struct buf *out;
    size_t counts[ANNOTATION_KIND_COUNT];
    struct buf last[ANNOTATION_KIND_COUNT]; /* the tenth: held back until its number is known */
};

void annotations_begin(struct annotations *a, struct buf *out);
void annotations_add(struct annotations *a, enum annotation_kind kind, const char *title,
                     const char *text);
void annotations_end(struct annotations *a);

#endif
