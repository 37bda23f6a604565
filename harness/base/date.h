/* date: a point of time as people and scripts write it.
 *
 * Units   nanoseconds since 1970, UTC; years 1970 to 2261.
 * Errors  kind USAGE: says what would do. Nothing is guessed: a time without an offset is an error.
 * Source  RFC 3339, 5.6. Leap seconds (":60") are refused: the clock has none.
 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdint.h>

#include "base/err.h"

/* "2026-11-30T18:05:00Z", "2026-11-30T19:05:00.25+01:00"; digits beyond the ninth are dropped. */
int date_parse(const char *text, int64_t *out_ns, struct err *err);

#endif
