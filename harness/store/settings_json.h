/* settings_json: a plan as it was run, as the "config" of a document.
 *
 * Owner   settings belong to the caller, also after a failure.
 * Errors  reading takes untrusted values: kind USAGE, naming the key.
 */
#ifndef STORE_SETTINGS_JSON_H
#define STORE_SETTINGS_JSON_H

#include <jansson.h>

#include "base/err.h"
#include "model/result.h"

json_t *settings_to_json(const struct setting *settings, size_t count);
/* Adds those under the object's "config". */
int settings_from_json(const json_t *object, const char *where, struct setting **settings,
                       size_t *count, struct err *err);

#endif
