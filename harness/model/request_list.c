#include "model/request_list.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct request_entry *request_list_add(struct request_list *list)
{
    list->items = mem_one_more(list->items, list->count, sizeof *list->items);
    struct request_entry *entry = &list->items[list->count++];
    *entry = (struct request_entry){.weight = NAN};
    return entry;
}

void expectation_add_status(struct expectation *expect, int from, int to)
{
    expect->statuses = mem_one_more(expect->statuses, expect->nstatuses, sizeof *expect->statuses);
    expect->statuses[expect->nstatuses++] = (struct status_range){from, to};
}

void expectation_add_check(struct expectation *expect, enum body_check_kind kind, const char *text,
                           size_t len, int64_t size)
{
    expect->checks = mem_one_more(expect->checks, expect->nchecks, sizeof *expect->checks);
    expect->checks[expect->nchecks++] =
        (struct body_check){kind, text == NULL ? NULL : mem_copy(text, len), len, size};
}

bool expectation_is_empty(const struct expectation *expect)
{
    return expect->nstatuses == 0 && expect->nchecks == 0;
}

void expectation_fini(struct expectation *expect)
{
    for (size_t i = 0; i < expect->nchecks; i++)
        free(expect->checks[i].text);
    free(expect->checks);
    free(expect->statuses);
    *expect = (struct expectation){0};
}

void request_entry_capture(struct request_entry *entry, const char *name, enum capture_from from,
                           const char *what)
{
    entry->captures = mem_one_more(entry->captures, entry->ncaptures, sizeof *entry->captures);
    entry->captures[entry->ncaptures++] =
        (struct capture_spec){mem_strdup(name), from, mem_strdup(what)};
}

static void entry_fini(struct request_entry *entry)
{
    free(entry->name);
    free(entry->method);
    free(entry->path);
    free(entry->body);
    str_list_fini(&entry->headers);
    expectation_fini(&entry->expect);
    for (size_t i = 0; i < entry->ncaptures; i++) {
        free(entry->captures[i].name);
        free(entry->captures[i].what);
    }
    free(entry->captures);
}

char *request_entry_name(const char *method, const char *path)
{
    return mem_printf("%s %.*s", method, (int)strcspn(path, "?"), path);
}

void request_list_fini(struct request_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        entry_fini(&list->items[i]);
    free(list->items);
    free(list->file);
    *list = (struct request_list){0};
}

bool request_list_thinks(const struct request_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].think_max_ns > 0)
            return true;
    }
    return false;
}

bool request_list_captures(const struct request_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].ncaptures > 0)
            return true;
    }
    return false;
}
