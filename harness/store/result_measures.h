/* result_measures: the parts of a bench.result/1 document that are measurements, read back.
 *
 * Shape   each takes the whole document and fills its part of the result.
 * Owner   what they fill belongs to the result, also after a failure.
 * Errors  kind USAGE, naming the key: the document is untrusted.
 */
#ifndef STORE_RESULT_MEASURES_H
#define STORE_RESULT_MEASURES_H

#include <jansson.h>

#include "base/err.h"
#include "model/result.h"

int result_read_hists(const json_t *doc, struct result *r, struct err *err);
int result_read_warnings(const json_t *doc, struct result *r, struct err *err);
int result_read_series(const json_t *doc, struct result *r, struct err *err);
int result_read_client(const json_t *doc, struct result *r, struct err *err);
int result_read_client(const json_t *doc, struct result *r, struct err *err);
int result_read_server(const json_t *doc, struct result *r, struct err *err);
int result_read_probe(const json_t *doc, struct result *r, struct err *err);
int result_read_machine(const json_t *doc, struct result *r, struct err *err);
int result_read_queue(const json_t *doc, struct result *r, struct err *err);

#endif
