/* values: what placeholders stand for, in the request that a thread makes now.
 *
 * Shape   a value has a number: those that bench makes come first, then the columns of the
 *         feed, then the variables that replies are captured into, which are the visitor's. Names
 *         lead to numbers before the run (struct value_names); then only numbers are used.
 *         A value is the same wherever it stands in one request. values_make makes those that a
 *         request uses.
 * Units   {ts} is milliseconds since 1970.
 * Owner   one for each thread, which values_init initialises and values_fini frees; the names and
 *         the feed are borrowed. The bytes of a value stay until the next values_make.
 * Errors  a column of a row that cannot be read is not bound.
 * Source  RFC 9562, 5.4: UUIDs of version 4. [<id>] is autocannon's: 22 random characters, a dash
 *         and 10 digits that count. What must not come twice in two runs ([<id>], {uuid}) begins
 *         with the system's random bytes; {rand} comes from the seed of the run.
 */
#ifndef LOAD_SOURCE_VALUES_H
#define LOAD_SOURCE_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rng.h"
#include "base/str.h"
#include "feed/feed.h"
#include "model/placeholder.h"

/* The first ones are those of enum placeholder_built_in. */
enum value_number {
    VALUE_ID = PLACEHOLDER_BUILT_INS,
    VALUE_NAMED, /* the first column of the feed */
};

#define VALUE_ID_LEN 33

/* bytes NULL: it is not bound. */
struct value {
    const char *bytes;
    size_t len;
};

/* Names that stand for values in a run. */
struct value_names {
    const struct feed *feed;          /* its columns; NULL: there is none */
    const struct str_list *variables; /* NULL: nothing is captured */
};

/* The number of the value that a placeholder of this name has ("seq", without braces); -1: it is no
 * placeholder. */
int value_of_name(const struct value_names *names, const char *name, size_t len);
/* The number of the first variable. */
int value_of_variable(const struct value_names *names);

struct values {
    struct value *items; /* by number, without variables */
    uint64_t seq, step;  /* the next request's number, and by how much it grows */
    size_t ncolumns;
    struct feed_cursor *rows; /* NULL: there is no feed */
    struct rng rand, unique;
    char id[VALUE_ID_LEN + 1];
    char numbers[VALUE_NAMED][24];
    char uuid[37];
};

struct values_spec {
    const struct feed *feed; /* NULL: there is none */
    uint64_t seed;           /* of this thread */
    uint32_t first, step;    /* of the numbers of requests and of the feed's rows, that it has */
};

void values_init(struct values *v, const struct values_spec *spec);
void values_fini(struct values *v);
/* For a request of connection `conn` that uses the values of this set (1 << number; all columns
 * have the bit of VALUE_NAMED). */
void values_make(struct values *v, uint32_t used, uint32_t conn);
/* The request was written: its number is used up. */
void values_sent(struct values *v);

#endif
