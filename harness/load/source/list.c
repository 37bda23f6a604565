#include "load/source/list.h"

#include <stdlib.h>

#include "base/mem.h"

struct source_list *source_list_new(void)
{
    return mem_zalloc(sizeof(struct source_list));
}

void source_list_free(struct source_list *list)
{
    if (list == NULL)
        return;
    for (uint32_t i = 0; i < list->count; i++)
        free(list->entries[i].bytes);
    free(list->entries);
    free(list);
}

void source_list_add(struct source_list *list, const struct source_entry_spec *spec)
{
    list->entries = mem_one_more(list->entries, list->count, sizeof *list->entries);
    list->entries[list->count] = (struct source_entry){.bytes = mem_copy(spec->bytes, spec->len),
                                                       .len = spec->len,
                                                       .told = spec->told,
                                                       .rule = spec->rule,
                                                       .index = list->count,
                                                       .name = spec->name,
                                                       .is_one_shot = spec->is_one_shot,
                                                       .to = spec->to};
    list->count++;
    list->has_rules = list->has_rules || spec->rule != NULL;
}
