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
/* One row per arm with the figures that decide; the marks are those of compare_cells. */
void compare_key_cells(const struct comparison *c, const struct report_style *style,
                       struct table *t);
/* The verdicts that are worse, and then those that are better. */
void compare_moved_cells(const struct comparison *c, const struct report_style *style,
                         struct table *t);
/* The table with its notes below. */
void compare_section(compare_cells_fn *cells, const struct comparison *c,
                     const struct report_style *style, struct buf *out);
/* One entry per code: the warning of the first run, or of the worst one if it is about a disturbed
 * run, and which other runs have it. */
void compare_section_warnings(const struct comparison *c, const struct report_style *style,
                              struct buf *out);
void compare_tls(const struct comparison *c, struct buf *text); /* "" without TLS */
/* The finding that leads, or what stands in for it, as one line. */
void compare_lead(const struct comparison *c, struct buf *out);

#endif
