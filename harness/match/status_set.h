/* status_set: the statuses that are right, as a text: "200-299,404".
 *
 * Shape   one or more of STATUS, FIRST-LAST and 2xx, with commas between.
 * Owner   the ranges are the expectation's.
 * Errors  kind USAGE, with the place in the text; the expectation has the ranges before it.
 */
#ifndef MATCH_STATUS_SET_H
#define MATCH_STATUS_SET_H

#include <stdbool.h>

#include "base/err.h"
#include "model/request_list.h"

int status_set_parse(const char *text, struct expectation *expect, struct err *err);
/* Without a set any 2xx is. */
bool status_set_has(const struct expectation *expect, int status);

#endif
