/* compare/report_internal: the sections of a comparison's report.
 *
 * Shape   a section adds its lines of text, or nothing if it does not apply.
 */
#ifndef REPORT_COMPARE_REPORT_INTERNAL_H
#define REPORT_COMPARE_REPORT_INTERNAL_H

#include "report/compare/content.h"

/* The claims with one row per arm, and the reasons. */
void compare_section_claims(const struct comparison *c, const struct report_style *style,
                            struct buf *out);
/* The table with its notes below. */
void compare_section(compare_cells_fn *cells, const struct comparison *c,
                     const struct report_style *style, struct buf *out);
/* One entry per code: the warning of the first run, or of the worst one if it is about a disturbed
 * run, and which other runs have it. */
void compare_section_warnings(const struct comparison *c, const struct report_style *style,
                              struct buf *out);

#endif
