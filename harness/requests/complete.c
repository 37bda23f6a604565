#include "requests/complete.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void complete(struct request_entry *entry, const struct complete_with *with)
{
    if (entry->method == NULL)
        entry->method = mem_strdup(with->method);
    entry->inherits_path = entry->path == NULL;
    entry->inherits_name = entry->name == NULL;
    if (entry->path == NULL)
        entry->path = mem_strdup(with->path);
    if (entry->body == NULL && with->body != NULL) {
        entry->body = mem_copy(with->body, with->body_len);
        entry->body_len = with->body_len;
    }
    if (entry->name == NULL)
        entry->name = request_entry_name(entry->method, entry->path);
}

/* --- captures --- */

/* The captures of a list: by each name, the number of the first entry that makes it. */
struct captures {
    const struct request_list *list;
    json_t *first;
};

/* An error about an entry. */
__attribute__((format(printf, 4, 5))) static int refuse(const struct captures *c, size_t i,
                                                        struct err *err, const char *format, ...)
{
    const struct request_entry *entry = &c->list->items[i];
    char what[sizeof err->text];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(what, sizeof what, format, args);
    va_end(args);
    return err_set(err, ERR_USAGE, "%s:%ld:%ld: %s", c->list->file, entry->line, entry->column,
                   what);
}

static bool is_column(const struct feed *feed, const char *name)
{
    for (size_t i = 0; feed != NULL && i < feed_columns(feed); i++) {
        if (strcmp(feed_column(feed, i), name) == 0)
            return true;
    }
    return false;
}

static int add_captures(struct captures *c, size_t i, const struct feed *feed, struct err *err)
{
    const struct request_entry *entry = &c->list->items[i];
    for (size_t k = 0; k < entry->ncaptures; k++) {
        const char *name = entry->captures[k].name;
        if (json_object_get(c->first, name) != NULL)
            continue;
        if (is_column(feed, name))
            return refuse(c, i, err,
                          "the capture '%s' has the name of a column of --feed; give it another "
                          "one",
                          name);
        if (json_object_size(c->first) == COMPLETE_MAX_CAPTURES)
            return refuse(c, i, err,
                          "'%s' is one name of a capture more than %d, which is the most that a "
                          "list may have",
                          name, COMPLETE_MAX_CAPTURES);
        if (json_object_set_new(c->first, name, json_integer((json_int_t)i)) < 0)
            return refuse(c, i, err, "'%s' cannot be the name of a capture", name);
    }
    return 0;
}

/* Whether the entry needs what only a later one captures, or itself. */
static int check_text(const struct captures *c, size_t i, const char *text, size_t len,
                      struct err *err)
{
    const char *end = text + len;
    const char *open = text;
    while ((open = memchr(open, '{', (size_t)(end - open))) != NULL) {
        const char *name = ++open;
        while (open < end && *open != '{' && *open != '}')
            open++;
        json_t *first = open < end && *open == '}'
                            ? json_object_getn(c->first, name, (size_t)(open - name))
                            : NULL;
        if (first == NULL || json_integer_value(first) < (json_int_t)i)
            continue;
        char *word = mem_strndup(name, (size_t)(open - name));
        (void)refuse(c, i, err,
                     "this request needs {%s}, which only a later request captures, so it would "
                     "never be sent",
                     word);
        free(word);
        return -1;
    }
    return 0;
}

static int check_order(const struct captures *c, size_t i, struct err *err)
{
    const struct request_entry *entry = &c->list->items[i];
    int failed = check_text(c, i, entry->path, strlen(entry->path), err);
    for (size_t k = 0; k < entry->headers.count && failed == 0; k++)
        failed = check_text(c, i, entry->headers.items[k], strlen(entry->headers.items[k]), err);
    if (failed == 0 && entry->body != NULL)
        failed = check_text(c, i, entry->body, entry->body_len, err);
    return failed;
}

static int check_captures(const struct request_list *list, const struct feed *feed, struct err *err)
{
    struct captures c = {list, json_object()};
    int failed = 0;
    for (size_t i = 0; i < list->count && failed == 0; i++)
        failed = add_captures(&c, i, feed, err);
    bool is_ordered = !list->is_weighted && json_object_size(c.first) > 0;
    for (size_t i = 0; i < list->count && is_ordered && failed == 0; i++)
        failed = check_order(&c, i, err);
    json_decref(c.first);
    return failed;
}

int requests_complete(struct request_list *list, const struct complete_with *with, struct err *err)
{
    size_t bytes = 0;
    for (size_t i = 0; i < list->count; i++) {
        bytes += list->items[i].body != NULL ? list->items[i].body_len : with->body_len;
        if (bytes > COMPLETE_MAX_BYTES)
            return err_set(err, ERR_USAGE, "the bodies of the requests have more than %zu MiB",
                           COMPLETE_MAX_BYTES >> 20);
        complete(&list->items[i], with);
    }
    return check_captures(list, with->feed, err);
}
