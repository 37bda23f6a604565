/* hist_hex: encoded histograms, written by hand in hex.
 *
 * Owner   the caller frees each text and histogram.
 */
#ifndef TESTS_HIST_HEX_H
#define TESTS_HIST_HEX_H

#include "base/err.h"
#include "stat/hist.h"

#define PLAIN_MAX 400 /* bytes of the inner part, as the tests write it */

/* The inner part as hex, blanks between the fields:
 * cookie, length of the counts, index offset, digits, lowest, highest, ratio, counts. */
#define HEAD(length, digits, lowest, highest)                                                      \
    "1c849313 " length " 00000000 " digits " " lowest " " highest " 3ff0000000000000 "
#define ONE            "0000000000000001"
#define HOUR           "00000346 30b8a000"
#define HEAD_3(length) HEAD(length, "00000003", ONE, HOUR)

size_t hist_from_hex(const char *hex, uint8_t *out, size_t size);
/* Compresses the inner part and puts it into the outer one, with nothing wrong in between. */
char *hist_wrap(const uint8_t *plain, size_t len);
struct hist *hist_decode_hex(const char *hex, struct err *err);

#endif
