/* spread: the distribution of a latency, with marks that say how far to trust each figure.
 *
 * Shape   a histogram, and the value from which its figures are only lower bounds. An unfinished
 *         request counts with the time elapsed so far, so every figure above the shortest of these
 *         times could be higher.
 * Owner   call spread_init before use and spread_fini after; the result must outlive the spread.
 * Source  few: fewer than 10 samples beyond the percentile, towards its nearer end.
 */
#ifndef REPORT_SPREAD_H
#define REPORT_SPREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/result.h"
#include "report/style.h"

struct spread {
    const struct hist *hist; /* NULL or empty: nothing was measured */
    int64_t bound_from_ns;   /* INT64_MAX: no bound */
    struct hist *owned;
};

struct spread_column {
    const char *name;
    double q;
};
#define SPREAD_COLUMNS 5
extern const struct spread_column spread_columns[SPREAD_COLUMNS]; /* 50% to 99.9% */

void spread_init(struct spread *s, const struct hist *h);
/* Latency including unfinished requests with the time elapsed so far. Empty unless that is worse
 * than the completed requests alone: by more than 1 % in a column with enough samples, or by a
 * factor of two in the maximum. */
void spread_init_unfinished(struct spread *s, const struct result *r);
/* The same, but always includes the unfinished ones. */
void spread_init_all(struct spread *s, const struct hist *finished, const struct hist *unfinished);
void spread_fini(struct spread *s);

uint64_t spread_samples(const struct spread *s);
bool spread_is_few(const struct spread *s, double q);
const char *spread_bound_sign(const struct report_style *style);
/* "322 ms", or "≥322 ms" for a bound; text must hold 40 bytes. Each returns text. */
char *spread_percentile(const struct spread *s, double q, const struct report_style *style,
                        char *text, size_t size);
char *spread_max(const struct spread *s, const struct report_style *style, char *text, size_t size);
char *spread_mean(const struct spread *s, const struct report_style *style, char *text,
                  size_t size);
char *spread_stddev(const struct spread *s, char *text, size_t size);

#endif
