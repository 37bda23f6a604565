/* recovery_json: how a server came back from a spike, as an object of a result's document.
 *
 * Owner   a new value, for the caller.
 * Errors  none. It is written and never read: a reader derives it from the series.
 */
#ifndef STORE_RECOVERY_JSON_H
#define STORE_RECOVERY_JSON_H

#include <jansson.h>

#include "model/recovery.h"

json_t *recovery_to_json(const struct recovery *r);

#endif
