/* result_check: whether the figures of a result that was read agree with each other.
 *
 * Shape   the counts of the histograms and of the seconds, the histograms over time, CPU per
 *         request, the rates, and the "latency", "requests" and "throughput" of the document,
 *         each against what it was derived from. Only what holds for every result that bench has
 *         written, also of older versions and of runs that were interrupted.
 * Owner   nothing is kept.
 * Errors  kind USAGE, naming the key and what it contradicts.
 */
#ifndef STORE_RESULT_CHECK_H
#define STORE_RESULT_CHECK_H

#include <jansson.h>

#include "base/err.h"
#include "model/result.h"

int result_check(const json_t *doc, const struct result *r, struct err *err);
/* The figures under this key of the document are these, which are freed. */
int result_check_derived(const json_t *doc, const char *name, json_t *figures, struct err *err);

#endif
