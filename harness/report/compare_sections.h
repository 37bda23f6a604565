/* compare_sections: the parts of a comparison's report that have a file of their own.
 *
 * Shape   each adds its lines, or nothing when it has nothing to say.
 */
#ifndef REPORT_COMPARE_SECTIONS_H
#define REPORT_COMPARE_SECTIONS_H

#include "base/buf.h"
#include "model/comparison.h"
#include "report/style.h"

/* The table, a row an arm, and what must be known to read it. */
void section_arms(const struct comparison *c, const struct report_style *style, struct buf *out);

/* One entry a code: what a run was warned of, and which others were. */
void section_warnings(const struct comparison *c, const struct report_style *style,
                      struct buf *out);

/* The arm's name for one line: what the style can show of it, and not too long. Returns text,
 * which should hold COMPARE_NAME bytes. */
#define COMPARE_NAME 128
char *compare_name(const struct arm *arm, const struct report_style *style, char *text,
                   size_t size);

#endif
