/* comparison_json: struct comparison as a bench.comparison/1 document, and back.
 *
 * Shape   the results are whole bench.result/1 objects. A document that is read and written again
 *         is the same text, byte for byte. Findings and claims are read as stored: they say what
 *         bench said when it measured, not what this version would say. Of the reference only the
 *         name is read: analysis/reference.h judges the results again, and gives what is stored.
 * Owner   documents and comparisons belong to the caller.
 * Errors  writing cannot fail. Reading takes untrusted documents: kind USAGE, naming the key. A
 *         comparison that failed to be read is empty and needs no comparison_fini.
 * Source  docs/bench.comparison.1.schema.json
 */
#ifndef STORE_COMPARISON_JSON_H
#define STORE_COMPARISON_JSON_H

#include <jansson.h>

#include "base/err.h"
#include "model/comparison.h"
#include "store/fields.h"
#include "store/result_json.h"

json_t *comparison_to_json(const struct comparison *c);
/* How much of its course over time each result may have: no limit when all of them fit. */
struct result_room comparison_room(const struct comparison *c);
/* `room` is what each result may have. */
json_t *comparison_to_json_within(const struct comparison *c, struct result_room room);
int comparison_from_json(const json_t *doc, struct comparison *out, struct err *err);
/* The same, of as many arms as `most`. */
int comparison_from_json_of(const json_t *doc, size_t most, struct comparison *out,
                            struct err *err);

json_t *reference_to_json(const struct comparison *c); /* null without one */
int reference_from_json(const json_t *doc, struct comparison *c, struct err *err);

/* Which key is which member, for both ways. */
extern const struct field comparison_rows[]; /* struct comparison */
extern const struct field divided_rows[];    /* struct comparison; older files lack it */
extern const struct field comparer_rows[];   /* struct comparison: its "tool" */
extern const struct field problem_rows[];    /* struct trial_problem */
extern const struct field finding_rows[];    /* struct finding */
extern const struct field figure_rows[];     /* struct figure */
extern const struct field claim_rows[];      /* struct claim: the keys before its verdict */
extern const struct field claim_why_rows[];  /* struct claim: the keys after its verdict */

#endif
