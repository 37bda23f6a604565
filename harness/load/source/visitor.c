#include "load/source/visitor.h"

#include <stdlib.h>

void visitor_init(struct visitor *v, const struct source_list *list, uint32_t number)
{
    *v = (struct visitor){.list = list, .number = number};
    buf_init(&v->out, BUF_TEXT_MAX);
}

void visitor_fini(struct visitor *v)
{
    free(v->variables);
    buf_fini(&v->out);
}

const struct source_entry *visitor_next(struct visitor *v)
{
    const struct source_entry *entry = &v->list->entries[v->next];
    v->next = v->next + 1 == v->list->count ? 0 : v->next + 1;
    return entry;
}

bool visitor_write(struct visitor *v, const struct source_entry *entry, struct buf *out)
{
    (void)v;
    buf_add(out, entry->bytes, entry->len);
    return true;
}
