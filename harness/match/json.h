/* json: steps through the bytes of a JSON document that was not parsed.
 *
 * Shape   a place is a pointer into the bytes; each step gives the place of a value, or NULL if it
 *         is not there, or what leads there is not JSON. Where a value has no bearing on the way it
 *         is passed over: brackets are counted and strings respected, no more.
 * Units   bytes.
 * Owner   the caller; no byte at or past end is read.
 * Errors  NULL, or false.
 * Source  RFC 8259.
 */
#ifndef MATCH_JSON_H
#define MATCH_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* To the first value. */
const char *json_start(const char *json, const char *end);
/* In an object: to the value of the first member of this name. */
const char *json_member(const char *p, const char *end, const char *name, size_t len);
/* In an array: to an item, from 0. */
const char *json_item(const char *p, const char *end, size_t index);
/* The value, into an emptied buf: a string without quotes and escapes, all else as it stands. False
 * for a null too. */
bool json_take(const char *p, const char *end, struct buf *value);

#endif
