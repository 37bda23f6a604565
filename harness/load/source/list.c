#include "load/source/list.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct source_list *source_list_new(const struct value_names *names)
{
    struct source_list *list = mem_zalloc(sizeof *list);
    list->names = names;
    if (names != NULL && names->variables != NULL)
        list->nvariables = (uint32_t)names->variables->count;
    return list;
}

void source_list_free(struct source_list *list)
{
    if (list == NULL)
        return;
    for (uint32_t i = 0; i < list->count; i++) {
        template_fini(&list->entries[i].template);
        free(list->entries[i].captured);
    }
    free(list->entries);
    free(list);
}

/* Which variables its captures are. */
static void find_variables(const struct source_list *list, struct source_entry *entry)
{
    size_t count = entry->rule == NULL ? 0 : entry->rule->ncaptures;
    entry->captured = mem_array(count, sizeof *entry->captured);
    for (size_t i = 0; i < count; i++) {
        const char *name = entry->rule->captures[i].told->name;
        entry->captured[i] = (uint32_t)(value_of_name(list->names, name, strlen(name)) -
                                        value_of_variable(list->names));
    }
}

void source_list_add(struct source_list *list, const struct source_entry_spec *spec)
{
    double before = list->count == 0 ? 0 : list->entries[list->count - 1].weight_up_to;
    bool is_weighted = !isnan(spec->told->weight);
    list->entries = mem_one_more(list->entries, list->count, sizeof *list->entries);
    struct source_entry *entry = &list->entries[list->count];
    *entry = (struct source_entry){.told = spec->told,
                                   .rule = spec->rule,
                                   .index = list->count,
                                   .name = spec->name,
                                   .is_one_shot = spec->is_one_shot,
                                   .to = spec->to,
                                   .weight_up_to = before + (is_weighted ? spec->told->weight : 0)};
    template_init(&entry->template, spec->bytes, spec->len, list->names, spec->length);
    list->count++;
    list->has_rules = list->has_rules || spec->rule != NULL;
    find_variables(list, entry);
    list->is_weighted = list->is_weighted || is_weighted;
}

/* The first entry whose weights up to it are more than what was drawn. */
const struct source_entry *source_list_draw(const struct source_list *list, struct rng *rng)
{
    double drawn = rng_unit(rng) * list->entries[list->count - 1].weight_up_to;
    uint32_t low = 0;
    uint32_t high = list->count - 1;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (list->entries[middle].weight_up_to > drawn)
            high = middle;
        else
            low = middle + 1;
    }
    return &list->entries[low];
}
