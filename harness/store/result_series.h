/* result_series: the seconds of a result, merged so that a document can hold them.
 *
 * Shape   a longer run has entries of several seconds each, so that no result is too large to be
 *         stored and read back. Their percentiles are null.
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

struct second *result_series_within(const struct result *r, size_t most, size_t *out_count);

#endif
