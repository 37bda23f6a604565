/* hist_codec: a histogram as the text that every HdrHistogram library reads.
 *
 * Shape   V2 compressed (cookie 0x1c849304 around zlib around cookie 0x1c849303), then base64.
 * Units   values are nanoseconds, as in the histogram.
 * Owner   the text and the decoded histogram belong to the caller.
 * Errors  decoding takes untrusted text: a wrong cookie, a size past the ceiling, counts that do
 *         not fit or end early, more than HIST_CODEC_COUNT_MAX requests or anything left over are
 *         an error of kind USAGE and leave nothing allocated. `over` is not part of the format and
 *         decodes as 0.
 * Source  HdrHistogram, "V2 encoding" (ZigZag LEB128-64b9B counts, runs of zeros as negatives).
 */
#ifndef STAT_HIST_CODEC_H
#define STAT_HIST_CODEC_H

#include "base/err.h"
#include "stat/hist.h"

/* Up to here every count is exact in a double, which is all that JavaScript's readers have. */
#define HIST_CODEC_COUNT_MAX (UINT64_C(1) << 53)

char *hist_encode(const struct hist *h);
struct hist *hist_decode(const char *base64, struct err *err); /* NULL with err set */

#endif
