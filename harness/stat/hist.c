#include "stat/hist.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

/* Values below 2^(half_bits + 1) have a slot each. From there on every doubling of the value has
 * 2^half_bits slots, each twice as wide as before: at least 10^digits of them, hence the precision.
 * The counts come zeroed from the kernel and an empty slot is never written, so that an untouched
 * page of them takes no memory. */
struct hist {
    int64_t max_ns;
    uint64_t unit_mask; /* all values that have a slot each */
    unsigned half_bits;
    int digits;
    uint64_t over;
    size_t slots;
    uint64_t counts[];
};

/* The number of the highest set bit: 63 - clz, written so that compilers see it is one instruction
 * on x86. */
static unsigned top_bit(uint64_t value)
{
    return 63U ^ (unsigned)__builtin_clzll(value);
}

/* How often the slots have doubled in width where value_ns is. */
static unsigned doublings(const struct hist *h, uint64_t value_ns)
{
    return top_bit(value_ns | h->unit_mask) - h->half_bits;
}

static size_t slot_of(const struct hist *h, int64_t value_ns)
{
    uint64_t value = (uint64_t)value_ns;
    unsigned shift = doublings(h, value);
    return ((size_t)shift << h->half_bits) + (size_t)(value >> shift);
}

static struct hist_bucket bucket_at(const struct hist *h, size_t slot)
{
    size_t half = slot >> h->half_bits;
    unsigned shift = half > 0 ? (unsigned)half - 1 : 0;
    uint64_t low = (uint64_t)(slot - ((size_t)shift << h->half_bits)) << shift;
    uint64_t width = UINT64_C(1) << shift;
    return (struct hist_bucket){
        .low_ns = (int64_t)low,
        .high_ns = (int64_t)(low + (width - 1)),
        .count = h->counts[slot],
    };
}

/* HdrHistogram's "median equivalent value": the middle, rounded up. */
static int64_t middle_ns(const struct hist_bucket *b)
{
    return b->low_ns + (b->high_ns - b->low_ns + 1) / 2;
}

struct hist *hist_new(int64_t max_ns, int digits)
{
    assert(max_ns >= 1 && digits >= HIST_DIGITS_MIN && digits <= HIST_DIGITS_MAX);
    uint64_t units = 2;
    for (int i = 0; i < digits; i++)
        units *= 10;
    unsigned half_bits = top_bit(units - 1);
    uint64_t unit_mask = (UINT64_C(2) << half_bits) - 1;
    unsigned shift = top_bit((uint64_t)max_ns | unit_mask) - half_bits;
    size_t slots = (size_t)(shift + 2) << half_bits;
    struct hist *h = mem_zalloc(sizeof *h + slots * sizeof h->counts[0]);
    h->max_ns = max_ns;
    h->unit_mask = unit_mask;
    h->half_bits = half_bits;
    h->digits = digits;
    h->slots = slots;
    return h;
}

struct hist *hist_new_latency(void)
{
    return hist_new(HIST_MAX_NS, HIST_DIGITS);
}

struct hist *hist_copy(const struct hist *h)
{
    struct hist *copy = hist_new(h->max_ns, h->digits);
    hist_merge(copy, h);
    return copy;
}

void hist_free(struct hist *h)
{
    free(h);
}

void hist_reset(struct hist *h)
{
    for (size_t i = 0; i < h->slots; i++) {
        if (h->counts[i] > 0)
            h->counts[i] = 0;
    }
    h->over = 0;
}

/* What does not fit: a negative value is 0, one above max_ns is over. */
static void record_outside(struct hist *h, int64_t value_ns, uint64_t count)
{
    if (value_ns < 0)
        h->counts[0] += count;
    else
        h->over += count;
}

void hist_record(struct hist *h, int64_t value_ns)
{
    /* As unsigned, a negative value is above every max: one branch for both ends. */
    if (__builtin_expect((uint64_t)value_ns > (uint64_t)h->max_ns, 0))
        record_outside(h, value_ns, 1);
    else
        h->counts[slot_of(h, value_ns)]++;
}

void hist_record_n(struct hist *h, int64_t value_ns, uint64_t count)
{
    if ((uint64_t)value_ns > (uint64_t)h->max_ns)
        record_outside(h, value_ns, count);
    else
        h->counts[slot_of(h, value_ns)] += count;
}

static void merge_reshaped(struct hist *into, const struct hist *from)
{
    struct hist_bucket b;
    for (size_t at = 0; hist_next(from, &at, &b);)
        hist_record_n(into, middle_ns(&b), b.count);
}

void hist_merge(struct hist *into, const struct hist *from)
{
    into->over += from->over;
    if (!hist_same_shape(into, from)) {
        merge_reshaped(into, from);
        return;
    }
    for (size_t i = 0; i < from->slots; i++) {
        if (from->counts[i] > 0)
            into->counts[i] += from->counts[i];
    }
}

static uint64_t drop(uint64_t from, uint64_t count)
{
    return from > count ? from - count : 0;
}

void hist_subtract(struct hist *h, const struct hist *before)
{
    assert(hist_same_shape(h, before));
    for (size_t i = 0; i < before->slots; i++) {
        if (before->counts[i] > 0)
            h->counts[i] = drop(h->counts[i], before->counts[i]);
    }
    h->over = drop(h->over, before->over);
}

void hist_take_delta(struct hist *into, const struct hist *h, struct hist *seen)
{
    assert(hist_same_shape(into, h) && hist_same_shape(h, seen));
    for (size_t i = 0; i < h->slots; i++) {
        if (h->counts[i] != seen->counts[i]) {
            into->counts[i] += h->counts[i] - seen->counts[i];
            seen->counts[i] = h->counts[i];
        }
    }
    into->over += h->over - seen->over;
    seen->over = h->over;
}

int hist_digits(const struct hist *h)
{
    return h->digits;
}

int64_t hist_max_trackable_ns(const struct hist *h)
{
    return h->max_ns;
}

bool hist_same_shape(const struct hist *a, const struct hist *b)
{
    return a->max_ns == b->max_ns && a->digits == b->digits;
}

bool hist_is_latency_shape(const struct hist *h)
{
    return h->max_ns == HIST_MAX_NS && h->digits == HIST_DIGITS;
}

uint64_t hist_count(const struct hist *h)
{
    uint64_t count = 0;
    for (size_t i = 0; i < h->slots; i++)
        count += h->counts[i];
    return count;
}

uint64_t hist_over(const struct hist *h)
{
    return h->over;
}

/* ceil(q * n) in 1..n. q is a decimal fraction that a double only comes near, so q * n may end up
 * just above the whole number that is meant (0.07 * 100 is 7.000000000000001): a plain ceil would
 * skip a rank. Two roundings, of q and of the product, are off by less than 2 * DBL_EPSILON. */
uint64_t hist_rank_of(double q, uint64_t n)
{
    double rank = q * (double)n;
    double whole = round(rank);
    if (fabs(rank - whole) > 2 * DBL_EPSILON * rank)
        whole = ceil(rank);
    if (whole >= (double)n)
        return n;
    return whole < 1 ? 1 : (uint64_t)whole;
}

int64_t hist_percentile_ns(const struct hist *h, double q)
{
    return hist_percentile_of_ns(h, hist_count(h) + h->over, q);
}

int64_t hist_percentile_of_ns(const struct hist *h, uint64_t n, double q)
{
    if (n == 0)
        return -1;
    if (!(q > 0))
        return hist_min_ns(h);
    uint64_t rank = hist_rank_of(q, n);
    uint64_t passed = 0;
    struct hist_bucket b;
    for (size_t at = 0; hist_next(h, &at, &b);) {
        passed += b.count;
        if (passed >= rank)
            return b.high_ns;
    }
    return hist_max_ns(h);
}

int64_t hist_min_ns(const struct hist *h)
{
    struct hist_bucket b;
    size_t at = 0;
    return hist_next(h, &at, &b) ? b.low_ns : hist_max_ns(h);
}

int64_t hist_max_ns(const struct hist *h)
{
    size_t slot = h->slots;
    while (slot > 0 && h->counts[slot - 1] == 0)
        slot--;
    int64_t max_ns = slot > 0 ? bucket_at(h, slot - 1).high_ns : -1;
    if (h->over == 0)
        return max_ns;
    /* Other libraries' histograms may hold values past their own max, up to the last slot. */
    int64_t floor_ns = bucket_at(h, slot_of(h, h->max_ns)).high_ns;
    return floor_ns > max_ns ? floor_ns : max_ns;
}

double hist_mean_ns(const struct hist *h)
{
    double sum = 0;
    uint64_t count = 0;
    struct hist_bucket b;
    for (size_t at = 0; hist_next(h, &at, &b);) {
        sum += (double)middle_ns(&b) * (double)b.count;
        count += b.count;
    }
    return count > 0 ? sum / (double)count : NAN;
}

double hist_stddev_ns(const struct hist *h)
{
    double mean = hist_mean_ns(h);
    double squares = 0;
    uint64_t count = 0;
    struct hist_bucket b;
    for (size_t at = 0; hist_next(h, &at, &b);) {
        double off = (double)middle_ns(&b) - mean;
        squares += off * off * (double)b.count;
        count += b.count;
    }
    return count > 0 ? sqrt(squares / (double)count) : NAN;
}

bool hist_next(const struct hist *h, size_t *at, struct hist_bucket *out)
{
    while (*at < h->slots && h->counts[*at] == 0)
        ++*at;
    if (*at >= h->slots)
        return false;
    *out = bucket_at(h, (*at)++);
    return true;
}

size_t hist_slots(const struct hist *h)
{
    return h->slots;
}

void hist_add_at(struct hist *h, size_t slot, uint64_t count)
{
    assert(slot < h->slots);
    if (count > 0)
        h->counts[slot] += count;
}
