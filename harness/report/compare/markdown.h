/* compare/markdown: a comparison as a Markdown page, for a pull request or a README.
 *
 * Shape   the same words and figures as report_comparison: one line with what it comes down to (the
 *         claims, the arms that are worse than the reference, or the leading finding), one table of
 *         what decides, and in folds the findings, what could not be measured, the warnings, how it
 *         was measured, and all figures. UTF-8.
 * Units   `most` bytes at most; 0: COMMENT_BYTES.
 * Errors  none. Names, claims, findings and warnings are untrusted: see report/comment.h.
 */
#ifndef REPORT_COMPARE_MARKDOWN_H
#define REPORT_COMPARE_MARKDOWN_H

#include "base/buf.h"
#include "model/comparison.h"

/* Results that were not measured together, as an arm each, and how many more there are. */
void report_arms_markdown(const struct comparison *c, size_t more, size_t most, struct buf *out);
void report_comparison_markdown(const struct comparison *c, size_t most, struct buf *out);

#endif
