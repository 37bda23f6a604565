#include "requests/unfilled.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/placeholder.h"

#define NAME_HAS  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-."
#define NAME_MOST 60 /* bytes */

enum where { IN_HEAD, IN_BODY };

static void add_captures(const struct request_list *list, struct str_list *names)
{
    for (size_t i = 0; i < list->count; i++) {
        for (size_t k = 0; k < list->items[i].ncaptures; k++)
            str_list_add(names, list->items[i].captures[k].name);
    }
}

/* All names that are filled in, and a NULL behind them for str_nearest. */
static const char **known_names(const struct unfilled_in *in, struct str_list *names)
{
    for (size_t i = 0; i < PLACEHOLDER_BUILT_INS; i++)
        str_list_add(names, placeholder_built_ins[i]);
    for (size_t i = 0; in->feed != NULL && i < feed_columns(in->feed); i++)
        str_list_add(names, feed_column(in->feed, i));
    add_captures(in->list, names);
    const char **known = mem_array(names->count + 1, sizeof *known);
    for (size_t i = 0; i < names->count; i++)
        known[i] = names->items[i];
    return known;
}

static bool is_known(const char *const *known, const char *name)
{
    bool any = false;
    for (; *known != NULL; known++)
        any |= strcmp(*known, name) == 0;
    return any;
}

static char *tell(const char *name, const char *const *known, enum where where)
{
    const char *nearest = str_nearest(name, known);
    if (is_known(known, name) || (nearest == NULL && where == IN_BODY))
        return NULL;
    if (nearest != NULL)
        return mem_printf("'{%s}' is sent as it stands there; did you mean '{%.60s}'?", name,
                          nearest);
    return mem_printf("'{%s}' is sent as it stands there: no column of --feed and no capture has "
                      "this name",
                      name);
}

/* The first name in braces that is worth a word. */
static char *look(const char *text, const char *const *known, enum where where)
{
    char *told = NULL;
    for (const char *p = strchr(text, '{'); p != NULL && told == NULL; p = strchr(p + 1, '{')) {
        size_t len = strspn(p + 1, NAME_HAS);
        if (len == 0 || len > NAME_MOST || p[1 + len] != '}')
            continue;
        char *name = mem_strndup(p + 1, len);
        told = tell(name, known, where);
        free(name);
    }
    return told;
}

static char *look_at_headers(const struct str_list *headers, const char *const *known)
{
    char *told = NULL;
    for (size_t i = 0; i < headers->count && told == NULL; i++)
        told = look(headers->items[i], known, IN_HEAD);
    return told;
}

static char *look_at_entry(const struct request_entry *entry, const char *const *known)
{
    char *told = look(entry->path, known, IN_HEAD);
    if (told == NULL)
        told = look_at_headers(&entry->headers, known);
    if (told == NULL && entry->body != NULL)
        told = look(entry->body, known, IN_BODY);
    return told;
}

char *unfilled_text(const struct unfilled_in *in)
{
    struct str_list names = {0};
    const char **known = known_names(in, &names);
    char *told = look_at_headers(in->headers, known);
    for (size_t i = 0; i < in->list->count && told == NULL; i++)
        told = look_at_entry(&in->list->items[i], known);
    free(known);
    str_list_fini(&names);
    return told;
}
