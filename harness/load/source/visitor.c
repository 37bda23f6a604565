#include "load/source/visitor.h"

#include <stdlib.h>

#include "base/mem.h"

void visitor_init(struct visitor *v, const struct source_list *list, struct values *values,
                  uint32_t number, uint64_t seed)
{
    *v = (struct visitor){.list = list, .values = values, .number = number};
    v->variables = mem_array(list->nvariables, sizeof *v->variables);
    v->kept = mem_array(list->nvariables, sizeof *v->kept);
    for (uint32_t i = 0; i < list->nvariables; i++)
        buf_init(&v->kept[i], VISITOR_VARIABLE_MAX);
    buf_init(&v->out, BUF_TEXT_MAX);
    /* Seeds that follow one another give sequences that overlap: they are mixed first. */
    rng_init(&v->rng, seed ^ ((uint64_t)number << 32));
    rng_init(&v->rng, rng_next(&v->rng));
}

void visitor_fini(struct visitor *v)
{
    for (uint32_t i = 0; i < v->list->nvariables; i++)
        buf_fini(&v->kept[i]);
    free(v->kept);
    free(v->variables);
    buf_fini(&v->out);
}

struct visitor *visitor_new(const struct source_list *list, struct values *values, uint32_t number,
                            uint64_t seed)
{
    struct visitor *v = mem_zalloc(sizeof *v);
    visitor_init(v, list, values, number, seed);
    return v;
}

void visitor_free(struct visitor *v)
{
    if (v != NULL)
        visitor_fini(v);
    free(v);
}

void visitor_forget(struct visitor *v)
{
    for (uint32_t i = 0; i < v->list->nvariables; i++)
        v->variables[i] = (struct value){0};
}

const struct source_entry *visitor_next(struct visitor *v)
{
    if (v->list->is_weighted)
        return source_list_draw(v->list, &v->rng);
    if (v->next == v->list->count) {
        v->next = 0;
        visitor_forget(v);
    }
    return &v->list->entries[v->next++];
}

bool visitor_write(struct visitor *v, const struct source_entry *entry, struct buf *out)
{
    const struct template *t = &entry->template;
    values_make(v->values, t->used, v->number);
    if (!template_write(t, v->values->items, v->variables, out))
        return false;
    values_sent(v->values);
    return true;
}

void visitor_bind(struct visitor *v, uint32_t which, const char *bytes, size_t len)
{
    struct buf *kept = &v->kept[which];
    buf_clear(kept);
    if (bytes != NULL)
        buf_add(kept, bytes, len);
    bool is_bound = bytes != NULL && !kept->overflow;
    v->variables[which] = is_bound ? (struct value){kept->data, len} : (struct value){0};
}

int64_t visitor_think_ns(struct visitor *v, const struct source_entry *entry)
{
    int64_t least = entry->told->think_min_ns;
    int64_t most = entry->told->think_max_ns;
    return most <= least ? least : least + (int64_t)(rng_unit(&v->rng) * (double)(most - least));
}
