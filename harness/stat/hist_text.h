/* hist_text: a histogram of two digits as a short text, which any program can take apart.
 *
 * Shape   counts of the buckets from bucket 0 upwards, with a space between: "7" is the count of
 *         the next bucket, "+7" passes over seven empty ones. "+812 1 3 +3 20" holds 1 in bucket
 *         812, 3 in 813 and 20 in 817. Bucket HIST_TEXT_OVER is what lies above an hour. A
 *         histogram has one text; that of an empty one is empty.
 * Units   buckets of nanoseconds; counts are requests.
 * Owner   the histograms and the buf are the caller's.
 * Errors  reading takes untrusted text: anything but such counts, buckets past the last one and
 *         more than HIST_CODEC_COUNT_MAX requests are an error of kind USAGE.
 * Source  the buckets are HdrHistogram's (stat/hist.h). With e = max(b / 128 - 1, 0), rounded down,
 *         bucket b begins at (b - 128 e) 2^e ns and is 2^e ns wide.
 */
#ifndef STAT_HIST_TEXT_H
#define STAT_HIST_TEXT_H

#include "base/buf.h"
#include "base/err.h"
#include "stat/hist.h"

#define HIST_TEXT_DIGITS 2
#define HIST_TEXT_OVER   4608 /* the number of buckets, and that of the one behind them */
/* No text is longer: every bucket with a count of 16 digits. */
#define HIST_TEXT_MAX ((size_t)17 * (HIST_TEXT_OVER + 1))

struct hist *hist_text_new(void); /* an empty histogram of the shape that a text holds */
/* Adds what `from` holds, of as many digits or more and up to an hour. A bucket of more digits lies
 * within one of these, so no request gets into another bucket than its own. */
void hist_text_coarsen(struct hist *into, const struct hist *from);
/* Appends. `h` is of the shape of hist_text_new. */
void hist_text_write(const struct hist *h, struct buf *out);
/* Adds what the text counts to `into`, of the same shape; after an error a part of it. */
int hist_text_read(const char *text, struct hist *into, struct err *err);

#endif
