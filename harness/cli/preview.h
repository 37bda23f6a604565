/* preview: what a plan would send and record, before anything is started.
 *
 * Owner   request and recorded are caller's storage.
 * Errors  kind USAGE: a URL, a header or a method that cannot be sent; a certificate, a key or a
 *         cipher that TLS cannot use.
 */
#ifndef CLI_PREVIEW_H
#define CLI_PREVIEW_H

#include "base/buf.h"
#include "cli/cmd.h"
#include "cli/run_opts.h"
#include "model/result.h"
#include "store/plan_json.h"

/* The bytes of one request, as HTTP/1.1, without the port of a target that bench will start. */
int preview_request(const struct plan *plan, struct buf *request, struct err *err);
/* For plan_write: a request without secrets, and of its body only how it begins, escaped; with
 * HTTP/2 its header fields, one in a line. The caller frees it. */
char *preview_text(const struct plan *plan, const struct buf *request);
/* For plan_write: this text, and those of different requests. */
void preview_show(const struct plan *plan, const struct buf *request, struct plan_shown *shown);
/* For plan_write: the plan as settings, without secrets. */
void preview_record(const struct run_options *options, const struct opt_line *line,
                    struct result *recorded);

#endif
