/* server_text: what the server of a result does with a request, in plain sentences.
 *
 * Shape   of a bundled strategy with its own settings, of a program of the article; of a server of
 *         the user's only its command or its URL is known.
 * Owner   the caller's buf.
 * Errors  none.
 * Source  docs/strategies.md, docs/article.md.
 */
#ifndef REPORT_PAGE_SERVER_TEXT_H
#define REPORT_PAGE_SERVER_TEXT_H

#include "base/buf.h"
#include "model/result.h"

void server_text(const struct result *r, struct buf *out);

#endif
