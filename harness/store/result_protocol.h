/* result_protocol: what the connections spoke, TLS and HTTP/2, as parts of bench.result/1.
 *
 * Shape   an object, or null for a run without it; older files have neither.
 * Owner   the texts that are read belong to the result, also after a failure.
 * Errors  kind USAGE, naming the key: the document is untrusted.
 */
#ifndef STORE_RESULT_PROTOCOL_H
#define STORE_RESULT_PROTOCOL_H

#include <jansson.h>

#include "base/err.h"
#include "model/result.h"

json_t *result_tls_to_json(const struct result *r);
json_t *result_http2_to_json(const struct result *r);
/* Needs the accounting and the histograms. */
int result_read_protocol(const json_t *doc, struct result *r, struct err *err);

#endif
