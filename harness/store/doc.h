/* doc: JSON documents, written and read in one way everywhere.
 *
 * Shape   jansson values; what is missing is null. A real keeps DOC_DIGITS significant digits.
 * Owner   a new value belongs to the caller (or to the container that it is put in with _new).
 * Errors  writing cannot fail: each byte that is not UTF-8 becomes U+FFFD, because jansson would
 *         drop the whole text; control and invisible characters are escaped, so that a document can
 *         be shown on a terminal. Parsing takes untrusted bytes: kind USAGE, with the place.
 * Source  RFC 8259; a key that comes twice is refused.
 */
#ifndef STORE_DOC_H
#define STORE_DOC_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "model/result.h"

#define DOC_DIGITS RESULT_DIGITS
/* The largest whole number that every JSON reader holds exactly: 2^53 - 1. */
#define DOC_COUNT_MAX INT64_C(9007199254740991)
/* The smallest number above 0 that a document may have. */
#define DOC_REAL_LEAST 1e-100
#define DOC_ERRNO_MAX  4095 /* of Linux */
/* Limits for a document that is read: its values, and the objects and arrays among them, which take
 * most of the memory, at most 2 GB. The largest one that bench writes is below half of both. */
#define DOC_VALUES_MAX     12000000
#define DOC_CONTAINERS_MAX 1000000

enum doc_layout { DOC_INDENTED, DOC_LINE };

json_t *doc_text(const char *text); /* NULL is null */
json_t *doc_count(int64_t n);       /* MISSING is null */
json_t *doc_real(double x);         /* NAN is null */
json_t *doc_texts(char *const *texts, size_t count);
/* A figure that was derived, to nine digits: the same when it is derived from a document. */
json_t *doc_figure(double x);
/* Takes the value over. */
void doc_put(json_t *object, const char *key, json_t *value);
/* x as it is after writing and reading, so that figures derived from x are the same then. */
double doc_rounded(double x);

/* Ends with a newline. The buf's ceiling must be large enough; see buf.overflow. */
void doc_dump(const json_t *doc, enum doc_layout layout, struct buf *out);
/* Writes `what`, indented, or on one line if that is too long indented. What is too long on one
 * line as well is written whole, so that no measurement is lost, and false tells that no reader of
 * ours takes it. Inits `out`. */
typedef void doc_writer(const void *what, enum doc_layout layout, struct buf *out);
bool doc_write(doc_writer *write, const void *what, size_t max_bytes, struct buf *out);
/* More values than these bytes may have, if they are JSON. */
bool doc_is_oversized(const char *bytes, size_t len);
json_t *doc_parse(const char *bytes, size_t len, struct err *err); /* NULL with err set */
/* The same of a file; errors name it. */
json_t *doc_load(const char *path, size_t max_bytes, struct err *err);

#endif
