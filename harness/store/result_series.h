/* result_series: the seconds of a result, merged so that a document can hold them.
 *
 * Shape   a longer run has entries of 2, 4, 8.. seconds each, so that no result is too large to be
 *         stored and read back. Their percentiles are those of the latency histograms over time, to
 *         two digits; MISSING where these have longer intervals, or are not there.
 * Owner   the caller frees what comes back.
 * Errors  none.
 */
#ifndef STORE_RESULT_SERIES_H
#define STORE_RESULT_SERIES_H

#include <stddef.h>

#include "model/result.h"

#define RESULT_SECONDS_MAX 100000 /* more than a day */
/* For all results of a comparison together; but each may always have COMPARISON_SECONDS_LEAST. */
#define COMPARISON_SECONDS_MAX   200000
#define COMPARISON_SECONDS_LEAST 200
/* Of texts of the latency histograms over time, for all results of a comparison together. */
#define COMPARISON_LATENCY_BYTES_MAX ((size_t)8000000)

struct second *result_series_within(const struct result *r, size_t most, size_t *out_count);
/* The histograms over time for a series of at most so many entries, in at most so many bytes of
 * text; NULL when there are none, or a single interval takes more. */
struct hist_series *result_series_latency_within(const struct result *r, size_t most,
                                                 size_t bytes_max);

#endif
