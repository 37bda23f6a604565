/* hist_series: the latency histograms of the seconds of a run, in a memory that does not grow.
 *
 * Shape   one text of hist_text.h for each interval. An interval is `step` entries (seconds, unless
 *         those were merged too). The step is 1, and doubles as often as more than
 *         HIST_SERIES_INTERVALS_MAX intervals or HIST_SERIES_BYTES_MAX bytes would be needed:
 *         neighbours are added up, bucket by bucket, so nothing is lost but the time within an
 *         interval. The texts are kept as a document has them: the bound of the memory is that of
 *         the file.
 * Units   nanoseconds, requests, entries.
 * Owner   new, copied and regrouped ones belong to the caller. One thread adds.
 * Errors  adding a histogram cannot fail; adding a text takes untrusted text: kind USAGE.
 */
#ifndef STAT_HIST_SERIES_H
#define STAT_HIST_SERIES_H

#include "base/err.h"
#include "stat/hist.h"

/* With the quotes and the indentation of a document's lines, less than a megabyte. */
#define HIST_SERIES_INTERVALS_MAX 4096
#define HIST_SERIES_BYTES_MAX     ((size_t)900000)

struct hist_series {
    size_t step;     /* entries of an interval, a power of two; the last one may have fewer */
    size_t nentries; /* of all intervals */
    char **texts;    /* one for each interval */
    size_t count;
    size_t bytes; /* of all texts */
};

struct hist_series *hist_series_new(void);
void hist_series_free(struct hist_series *s); /* NULL is fine */
/* The next entry, of as many digits as hist_text.h keeps or more. */
void hist_series_add(struct hist_series *s, const struct hist *h);
/* The next interval, from a document. The caller knows the entries, and sets step and nentries. */
int hist_series_add_text(struct hist_series *s, const char *text, struct err *err);
/* Adds the intervals from `first` on, `count` of them or as many as there are, to `into`, which is
 * of the shape of hist_text_new. */
void hist_series_sum(const struct hist_series *s, size_t first, size_t count, struct hist *into);
/* The same when every `merged` entries, a power of two, have become one, in at most `bytes_max`
 * bytes of text. NULL when a single interval takes more. */
struct hist_series *hist_series_regroup(const struct hist_series *s, size_t merged,
                                        size_t bytes_max);

#endif
