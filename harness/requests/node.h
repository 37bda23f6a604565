/* node: a JSON value that knows where it stands in its text, for messages about it.
 *
 * Shape   jansson parses; a place is found again only when there is something to say about it.
 * Owner   node_parse gives the root, whose value is freed by node_free; all others borrow from
 *         their parents, which lie on the stack.
 * Errors  kind USAGE, with file, line and column: what is not JSON, a key that comes twice, and
 *         whatever a reader finds wrong.
 */
#ifndef REQUESTS_NODE_H
#define REQUESTS_NODE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/place.h"

struct node {
    const struct written *text;
    json_t *json;    /* NULL: there is none */
    const char *key; /* of a member; NULL: an item, or the root */
    const struct node *parent;
    size_t ordinal; /* among the members of the parent */
    size_t at;      /* of the root and of items: where it begins in the text */
};

/* To be asked about a whole text first: small values take much memory. */
int node_check_size(const struct written *text, struct err *err);
/* The value that begins at `at`; *end: where it has ended. */
int node_parse(const struct written *text, size_t at, struct node *root, size_t *end,
               struct err *err);
void node_free(struct node *root);

struct node node_member(const struct node *object, const char *key);

typedef int node_read_fn(const struct node *child, void *into, struct err *err);
/* Each item or member, until one is refused; of another value there is none. */
int node_each(const struct node *parent, node_read_fn *read, void *into, struct err *err);

/* What an object may have; the last row has no key. */
struct node_key {
    const char *key;
    node_read_fn *read;
};
/* `what` names such an object: "a request". Unknown keys are refused. */
int node_keys(const struct node *object, const char *what, const struct node_key *rows, void *into,
              struct err *err);

/* Where the value begins, in the text. */
size_t node_at(const struct node *n);
/* Messages about a value and about its key. Each returns -1. */
__attribute__((format(printf, 3, 4))) int node_problem(const struct node *n, struct err *err,
                                                       const char *format, ...);
__attribute__((format(printf, 3, 4))) int node_key_problem(const struct node *n, struct err *err,
                                                           const char *format, ...);
/* "'weight' must be a number above 0". */
int node_expected(const struct node *n, const char *what, struct err *err);

/* A text without NULs; borrowed. */
int node_text(const struct node *n, const char **out, struct err *err);
/* The bytes of the value as they are written, without the blanks between its parts. */
void node_compact(const struct node *n, struct buf *out);

/* Where the blanks at this place of the text end; the text need not end with a NUL. */
size_t node_skip_blanks(const struct written *text, size_t at);

#endif
