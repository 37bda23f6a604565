/* hist: latency counts in buckets of bounded relative width.
 *
 * Shape   one uint64_t count per bucket; `digits` (1..5) significant decimal digits are kept.
 * Units   nanoseconds in and out; counts are requests.
 * Owner   hist_new gives the histogram to the caller, who frees it. One thread records into one
 *         histogram; merge after the threads are joined.
 * Errors  recording cannot fail. A value above max_ns is counted in `over` and reported as such;
 *         it is never squeezed into the last bucket. A negative value counts as 0.
 * Source  HdrHistogram bucket layout (lowest discernible value 1); percentile is Hyndman & Fan
 *         (1996), definition 1, answered with the highest value that the bucket stands for, as
 *         HdrHistogram does.
 */
#ifndef STAT_HIST_H
#define STAT_HIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

#define HIST_DIGITS_MIN 1
#define HIST_DIGITS_MAX 5
#define HIST_DIGITS     3
#define HIST_MAX_NS     (3600 * NS_PER_S)

struct hist;

struct hist *hist_new(int64_t max_ns, int digits); /* max_ns at least 1 */
struct hist *hist_new_latency(void); /* HIST_MAX_NS, HIST_DIGITS: what every result holds */
struct hist *hist_copy(const struct hist *h);
void hist_free(struct hist *h); /* NULL is fine */
void hist_reset(struct hist *h);

void hist_record(struct hist *h, int64_t value_ns);
void hist_record_n(struct hist *h, int64_t value_ns, uint64_t count);
/* Of one shape the sum is exact; of two, the counts of `from` enter at the middle of its buckets.
 */
void hist_merge(struct hist *into, const struct hist *from);
/* What came since `before`, an earlier copy of h; a bucket never goes below 0. Same shape. */
void hist_subtract(struct hist *h, const struct hist *before);
/* into += h - seen, then seen = h: what was recorded since the last call, for a live interval.
 * All three of one shape. */
void hist_take_delta(struct hist *into, const struct hist *h, struct hist *seen);

int hist_digits(const struct hist *h);
int64_t hist_max_trackable_ns(const struct hist *h);
bool hist_same_shape(const struct hist *a, const struct hist *b);
/* The shape of hist_new_latency: one that was decoded can be merged with those of a result. */
bool hist_is_latency_shape(const struct hist *h);

/* Nothing of this is kept while recording: each call walks the buckets. */
uint64_t hist_count(const struct hist *h); /* without `over` */
uint64_t hist_over(const struct hist *h);
/* q in [0, 1]; -1 when empty. q = 0 is hist_min_ns. The rank is ceil(q * n) of n = count + over,
 * where a product within rounding error of a whole number is that number: 0.07 * 100 has rank 7.
 * `over` lies above everything else: a rank in it answers hist_max_ns, which is then a lower bound.
 */
int64_t hist_percentile_ns(const struct hist *h, double q);
/* The same, with n = hist_count(h) + hist_over(h), for a caller that asks for many. */
int64_t hist_percentile_of_ns(const struct hist *h, uint64_t n, double q);
/* That rank: 1 to n. */
uint64_t hist_rank_of(double q, uint64_t n);
/* The ends of the first and last bucket in use; -1 when empty. With anything in `over`, the max is
 * at least the end of the bucket of max_ns: the real one is higher. */
int64_t hist_min_ns(const struct hist *h);
int64_t hist_max_ns(const struct hist *h);
/* Each bucket counts at its middle; without `over`. NAN when nothing else was recorded. */
double hist_mean_ns(const struct hist *h);
double hist_stddev_ns(const struct hist *h); /* of the population */

/* The buckets that hold anything, upwards: start with *at = 0; false at the end. */
struct hist_bucket {
    int64_t low_ns, high_ns; /* both inclusive */
    uint64_t count;
};
bool hist_next(const struct hist *h, size_t *at, struct hist_bucket *out);

/* For a codec. A slot is a bucket by number, from 0; after hist_next it is *at - 1. */
size_t hist_slots(const struct hist *h);
void hist_add_at(struct hist *h, size_t slot, uint64_t count);

#endif
