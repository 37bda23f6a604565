/* markdown: untrusted text on a Markdown page, such as a pull request or a README.
 *
 * Shape   every call adds to a buf, whose owner prints it. UTF-8.
 * Errors  none. A character that could mean something to Markdown, HTML or the site becomes a
 *         numeric entity (&#124;), and a control character becomes '?'. So no text can end a table
 *         cell, start a block, make a link, mention a user or name an issue.
 * Source  GitHub Flavored Markdown 0.29: 4.5 fenced code blocks, 4.10 tables, 6.2 entities.
 */
#ifndef REPORT_MARKDOWN_H
#define REPORT_MARKDOWN_H

#include "base/buf.h"

void markdown_text(struct buf *out, const char *text); /* inside a line that already started */
/* The start of a paragraph or list entry; line breaks in the text are kept. */
void markdown_block(struct buf *out, const char *text);
void markdown_cell(struct buf *out, const char *text); /* " text |"; the bar before it is there */
/* A fenced code block. The text must not hold control characters; anything else is fine. */
void markdown_fence(struct buf *out, const char *text);

#endif
