/* run/markdown: a run as a Markdown page, for a pull request or a README.
 *
 * Shape   one line with what matters, one table of the latencies, and the whole report in a fold.
 * Units   `most` bytes at most; 0: COMMENT_BYTES.
 * Errors  none. Names, URLs and warnings are untrusted: see report/comment.h.
 */
#ifndef REPORT_RUN_MARKDOWN_H
#define REPORT_RUN_MARKDOWN_H

#include "base/buf.h"
#include "model/result.h"
#include "report/style.h"

/* Of the style, the tables that were asked for; the report in the fold has them. */
void report_run_markdown(const struct result *r, const struct report_style *tables, size_t most,
                         struct buf *out);

#endif
