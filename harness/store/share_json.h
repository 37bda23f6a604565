/* share_json: a run's share of a plan, and the shares that a merged result is made of, in
 * documents.
 *
 * Shape   the keys "share" and "merged" of bench.result/1; absent where a result has none.
 * Owner   values belong to the caller.
 * Errors  reading takes untrusted values: kind USAGE, naming the key. The counts of the parts must
 *         add up to those of the result.
 */
#ifndef STORE_SHARE_JSON_H
#define STORE_SHARE_JSON_H

#include <jansson.h>

#include "base/err.h"
#include "model/result.h"

json_t *share_to_json(const struct share *s);
json_t *merged_to_json(const struct merged *m);
/* Only "share" of a line of bench.second/1: which one, and its host. */
int share_head_from_json(const json_t *line, struct share *out, struct err *err);
/* "merged" alone, once the counts are in `r`: connections and workers that
 * are MISSING there are not compared. */
int merged_from_json(const json_t *doc, struct result *r, struct err *err);
/* Both keys. */
int shares_from_json(const json_t *doc, struct result *r, struct err *err);

#endif
