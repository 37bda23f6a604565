/* units: numbers with units as people write and read them.
 *
 * Units   time is int64_t ns, size is int64_t bytes, a count is int64_t.
 * Errors  the whole text must be a number with a unit that is known; the error (kind USAGE) says
 *         what would do. No guessing: "0x10", "1e3x", "" and "nan" are errors.
 * Source  a time may be as autocannon takes it (timestring of npm): several numbers, each with its
 *         word. Months and years are none: their lengths differ.
 */
#ifndef BASE_UNITS_H
#define BASE_UNITS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* "10" is seconds; "500ms", "20us", "1.5s", "2m", "1h 30m", "1 second", "2 weeks" say their unit.
 */
int units_parse_time(const char *text, int64_t *out_ns, struct err *err);
/* "500", "2k", "1.5M", "10G": decimal thousands. */
int units_parse_count(const char *text, int64_t *out_count, struct err *err);
/* "500", "0.5", "2.5k": requests per second. */
int units_parse_rate(const char *text, double *out_rps, struct err *err);
/* "4096", "64k" and "64KiB" (1024), "64kB" (1000), "8.3MiB", "2G". */
int units_parse_size(const char *text, int64_t *out_bytes, struct err *err);

/* Each writes at most size bytes and returns text: "1.24 ms", "12.3k", "27.9 MB". */
char *units_format_time(int64_t ns, char *text, size_t size);
/* "190 s", "36 min", "2.5 h": rounded for reading. */
char *units_format_long(double ns, char *text, size_t size);
char *units_format_count(double count, char *text, size_t size);
char *units_format_bytes(double bytes, char *text, size_t size);

/* To nine digits, so that a figure computed from a stored document (15 digits) is the same again.
 * Twelve come first: a whole number of ns that ends with 5 may have been a little less before. */
double units_settle(double x);

#endif
