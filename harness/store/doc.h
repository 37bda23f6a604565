/* doc: JSON documents as we write and read them all.
 *
 * Shape   jansson values; what is missing is null. A real keeps DOC_DIGITS significant digits.
 * Owner   a new value belongs to the caller (or to the container that it is put in with _new).
 * Errors  writing cannot fail: bytes that are not UTF-8 become U+FFFD, one for each, because
 * jansson would drop the whole text; control and invisible characters are escaped, so that a
 * document can be shown on a terminal. Parsing takes untrusted bytes: kind USAGE, with the place.
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

#define DOC_DIGITS 15
/* The whole numbers that every JSON reader holds exactly: 2^53 - 1. */
#define DOC_COUNT_MAX INT64_C(9007199254740991)
/* Values of a document that is read, and the objects and arrays among them. They take most memory,
 * 2 GB at the most; the largest document that bench writes has fewer than half of both. */
#define DOC_VALUES_MAX     12000000
#define DOC_CONTAINERS_MAX 1000000

enum doc_layout { DOC_INDENTED, DOC_LINE };

json_t *doc_text(const char *text); /* NULL is null */
json_t *doc_count(int64_t n);       /* MISSING is null */
json_t *doc_real(double x);         /* NAN is null */
json_t *doc_texts(char *const *texts, size_t count);
/* Takes the value over. */
void doc_put(json_t *object, const char *key, json_t *value);
/* x as a document gives it back, so that what is derived from x is the same after reading. */
double doc_rounded(double x);

/* Ends with a newline. The buf's ceiling must be large enough; see buf.overflow. */
void doc_dump(const json_t *doc, enum doc_layout layout, struct buf *out);
/* Writes `what`, indented, or on one line if that is too long indented. What is too long on one
 * line as well is written whole, so that no measurement is lost, and false tells that no reader of
 * ours takes it. Inits `out`. */
typedef void doc_writer(const void *what, enum doc_layout layout, struct buf *out);
bool doc_write(doc_writer *write, const void *what, size_t max_bytes, struct buf *out);
json_t *doc_parse(const char *bytes, size_t len, struct err *err); /* NULL with err set */

#endif
