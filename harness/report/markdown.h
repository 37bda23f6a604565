/* markdown: untrusted text in a page of markdown, as a pull request or a README shows it.
 *
 * Shape   every call adds to a buf, whose owner prints it. UTF-8.
 * Errors  none. Whatever sign might mean something to markdown, HTML or the site becomes its number
 *         (&#124;), and what no terminal should see becomes '?'. So no text can end a table cell,
 *         start a block, link or name somebody.
 * Source  GitHub Flavored Markdown 0.29: 4.5 fenced code blocks, 4.10 tables, 6.2 entities.
 */
#ifndef REPORT_MARKDOWN_H
#define REPORT_MARKDOWN_H

#include "base/buf.h"

void markdown_text(struct buf *out, const char *text); /* within a line that has begun */
/* What a paragraph or an entry of a list begins with; a line of its own in the text stays one. */
void markdown_block(struct buf *out, const char *text);
void markdown_cell(struct buf *out, const char *text); /* " text |": behind the bar before it */
/* Text as it is, in lines of equal letters. It has no controls; it may have any signs. */
void markdown_fence(struct buf *out, const char *text);

#endif
