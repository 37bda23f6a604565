/* session_json: struct session as a bench.session/1 document, and back.
 *
 * Shape   a document that is read and written again is the same text, byte for byte.
 * Owner   documents and sessions belong to the caller.
 * Errors  writing cannot fail. Reading takes untrusted documents: kind USAGE, naming the key. A
 *         session that failed to be read is empty and needs no session_fini.
 * Source  docs/bench.session.1.schema.json
 */
#ifndef STORE_SESSION_JSON_H
#define STORE_SESSION_JSON_H

#include <jansson.h>

#include "base/err.h"
#include "model/session.h"

json_t *session_to_json(const struct session *s);
int session_from_json(const json_t *doc, struct session *out, struct err *err);

#endif
