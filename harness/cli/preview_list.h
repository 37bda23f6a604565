/* preview_list: the first requests of a plan that has different ones.
 *
 * Owner   the caller frees the texts.
 * Errors  kind USAGE: one that cannot be sent, with the line of its file.
 */
#ifndef CLI_PREVIEW_LIST_H
#define CLI_PREVIEW_LIST_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "http/url.h"
#include "model/plan.h"

#define PREVIEW_LIST_MAX 1000 /* texts */

/* Makes a text of a request of this plan; the caller frees it. */
typedef char *preview_text_fn(const struct plan *plan, const struct buf *request);

/* Adds the first request of each entry, with its placeholders replaced, unless it needs what a
 * reply has to give. `text` NULL: they are only checked. */
int preview_list(const struct plan *plan, const struct url *url, preview_text_fn *text,
                 struct str_list *texts, struct err *err);

#endif
