/* compare/markdown: a comparison as a Markdown page, for a pull request or a README.
 *
 * Shape   the same words and figures as report_comparison: the claims (with their reasons in the
 *         last column), the figures of the arms, the verdicts against the reference, the findings
 *         as a numbered list, what could not be measured, and the warnings. UTF-8.
 * Errors  none. Names, claims, findings and warnings are untrusted: see report/markdown.h.
 */
#ifndef REPORT_COMPARE_MARKDOWN_H
#define REPORT_COMPARE_MARKDOWN_H

#include "base/buf.h"
#include "model/comparison.h"

/* Only the table with its notes, and the warnings: for results that were not measured together. */
void report_arms_markdown(const struct comparison *c, struct buf *out);
void report_comparison_markdown(const struct comparison *c, struct buf *out);

#endif
