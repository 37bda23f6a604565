/* hist_json: a histogram as a value in a document.
 *
 * Shape   {unit, digits, count, over, data}, or null for one that was not measured.
 * Owner   values and histograms belong to the caller.
 * Errors  reading takes untrusted values: kind USAGE, naming the key; *out is not written then, nor
 *         for a null.
 */
#ifndef STORE_HIST_JSON_H
#define STORE_HIST_JSON_H

#include <jansson.h>

#include "base/err.h"
#include "stat/hist.h"

json_t *hist_to_json(const struct hist *h); /* NULL is null */
/* From an object of histograms, which `parent` names in errors: "histograms". */
int hist_from_json(const json_t *hists, const char *parent, const char *name, struct hist **out,
                   struct err *err);

#endif
