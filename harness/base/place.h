/* place: where something stands in a text that somebody wrote, for messages about it.
 *
 * Shape   "requests.jsonl:3:17: a weight is a number above 0": lines and columns count from 1, a
 *         column is a character.
 * Owner   everything is borrowed.
 * Errors  kind USAGE.
 */
#ifndef BASE_PLACE_H
#define BASE_PLACE_H

#include <stdarg.h>
#include <stddef.h>

#include "base/err.h"

struct written {
    const char *name; /* of the file, or of the option that it is the value of */
    const char *bytes;
    size_t len;
};

struct place {
    long line, column;
};

/* How far a text has been looked through; begins as PLACE_MARK_START. */
struct place_mark {
    size_t at;
    struct place place;
};
#define PLACE_MARK_START ((struct place_mark){0, {1, 1}})

struct place place_of(const struct written *text, size_t at);
/* The same for places in their order: only what lies between them is looked at. */
struct place place_next(const struct written *text, struct place_mark *mark, size_t at);
/* Returns -1, as err_set does. */
__attribute__((format(printf, 4, 5))) int place_error(const struct written *text, size_t at,
                                                      struct err *err, const char *format, ...);
__attribute__((format(printf, 4, 0))) int place_verror(const struct written *text, size_t at,
                                                       struct err *err, const char *format,
                                                       va_list args);

#endif
