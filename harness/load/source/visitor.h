/* visitor: who a connection is to the server, when it sends the requests of a list.
 *
 * Shape   its place in the list, and its variables: what was captured from replies, which later
 *         requests send. They are kept when the connection is opened again, and forgotten when the
 *         list begins anew. With weights entries are drawn: each visitor draws the same ones in
 *         every run of one seed.
 *         visitor_next moves on; visitor_write adds the bytes of an entry, which may need a
 * variable that is not bound: then nothing is added. Units   nanoseconds of clock_now_ns, bytes.
 * Owner   the conn's; visitor_fini frees the variables. The list is borrowed, and the values are
 *         those of its thread.
 */
#ifndef LOAD_SOURCE_VISITOR_H
#define LOAD_SOURCE_VISITOR_H

#include "base/buf.h"
#include "load/source/list.h"

#define VISITOR_VARIABLE_MAX 65536 /* bytes of one */

struct visitor {
    const struct source_list *list;
    struct values *values;
    struct value *variables; /* one for each that is captured; bytes NULL: not bound */
    struct buf *kept;        /* their bytes */
    struct rng rng;
    uint32_t number;  /* of the connection, over all threads */
    uint32_t next;    /* entry */
    uint32_t unbound; /* entries in a row that could not be sent */
    struct buf out;   /* what was written last, with HTTP/1.1 */
};

void visitor_init(struct visitor *v, const struct source_list *list, struct values *values,
                  uint32_t number, uint64_t seed);
void visitor_fini(struct visitor *v);
/* The same on the heap. */
struct visitor *visitor_new(const struct source_list *list, struct values *values, uint32_t number,
                            uint64_t seed);
void visitor_free(struct visitor *v); /* NULL is fine */
const struct source_entry *visitor_next(struct visitor *v);
bool visitor_write(struct visitor *v, const struct source_entry *entry, struct buf *out);
/* Binds variable `which` of the list's names; NULL, or more than VISITOR_VARIABLE_MAX bytes, leave
 * it unbound. */
void visitor_bind(struct visitor *v, uint32_t which, const char *bytes, size_t len);
/* What it captures from now on is for a new round of the list. */
void visitor_forget(struct visitor *v);
/* A time drawn from the entry's; 0: it has none. */
int64_t visitor_think_ns(struct visitor *v, const struct source_entry *entry);

#endif
