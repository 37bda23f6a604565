/* visitor: who a connection is to the server, when it sends the requests of a list.
 *
 * Shape   its place in the list, and its variables: what it captured from replies, which later
 *         requests send. They are kept when the connection is opened again, and forgotten when the
 *         list begins anew.
 *         visitor_next moves on; visitor_write adds the bytes of an entry, which may need a variable
 *         that is not bound: then nothing is added.
 * Units   bytes.
 * Owner   the conn's; visitor_fini frees the variables. The list is borrowed.
 */
#ifndef LOAD_SOURCE_VISITOR_H
#define LOAD_SOURCE_VISITOR_H

#include "base/buf.h"
#include "load/source/list.h"

struct visitor_variable {
    char *bytes; /* grows */
    size_t len, size;
    bool is_bound;
};

struct visitor {
    const struct source_list *list;
    struct visitor_variable *variables; /* one for each name that the list captures */
    uint32_t number;                    /* of the connection, over all threads */
    uint32_t next;                      /* entry */
    struct buf out;                     /* what was written last, with HTTP/1.1 */
};

void visitor_init(struct visitor *v, const struct source_list *list, uint32_t number);
void visitor_fini(struct visitor *v);
const struct source_entry *visitor_next(struct visitor *v);
bool visitor_write(struct visitor *v, const struct source_entry *entry, struct buf *out);

#endif
