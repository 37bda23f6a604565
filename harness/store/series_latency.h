/* series_latency: the latency histograms over time as a value in a document.
 *
 * Shape   {unit, digits, interval, histograms}: a text of stat/hist_text.h for every `interval`
 *         entries of "series"; null when there are none, and no such key in older files.
 * Owner   values and series belong to the caller.
 * Errors  reading and checking take untrusted values: kind USAGE, naming the key.
 */
#ifndef STORE_SERIES_LATENCY_H
#define STORE_SERIES_LATENCY_H

#include <jansson.h>

#include "base/err.h"
#include "model/result.h"

json_t *series_latency_to_json(const struct hist_series *s); /* NULL is null */
/* From the whole document, once its series is in `r`. */
int series_latency_from_json(const json_t *doc, struct result *r, struct err *err);
/* Whether each interval holds the requests of its entries, and all of them together what the
 * latency histogram of the run holds, bucket by bucket. After the series was checked: its requests
 * are those of the accounting. */
int series_latency_check(const struct result *r, struct err *err);

#endif
