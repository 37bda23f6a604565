#include "requests/complete.h"

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

static bool uses(const struct request_entry *entry, const char *name)
{
    char *mark = mem_printf("{%s}", name);
    bool found = strstr(entry->path, mark) != NULL;
    for (size_t i = 0; i < entry->headers.count && !found; i++)
        found = strstr(entry->headers.items[i], mark) != NULL;
    if (!found && entry->body != NULL)
        found = memmem(entry->body, entry->body_len, mark, strlen(mark)) != NULL;
    free(mark);
    return found;
}

static bool captures(const struct request_entry *entry, const char *name)
{
    for (size_t i = 0; i < entry->ncaptures; i++) {
        if (strcmp(entry->captures[i].name, name) == 0)
            return true;
    }
    return false;
}

/* An entry before the first one that makes the capture. */
static int check_order(const struct request_list *list, const char *name, struct err *err)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct request_entry *entry = &list->items[i];
        if (uses(entry, name))
            return err_set(err, ERR_USAGE,
                           "%s:%d: this request needs {%s}, which only a later request captures, "
                           "so it would never be sent",
                           list->file, entry->line, name);
        if (captures(entry, name))
            break;
    }
    return 0;
}

static int check_capture(const struct request_list *list, const struct request_entry *entry,
                         const char *name, const struct feed *feed, struct err *err)
{
    for (size_t i = 0; feed != NULL && i < feed_columns(feed); i++) {
        if (strcmp(feed_column(feed, i), name) == 0)
            return err_set(err, ERR_USAGE,
                           "%s:%d: the capture '%s' has the name of a column of --feed; give it "
                           "another one",
                           list->file, entry->line, name);
    }
    return list->is_weighted ? 0 : check_order(list, name, err);
}

static int check_captures(const struct request_list *list, const struct feed *feed, struct err *err)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct request_entry *entry = &list->items[i];
        for (size_t k = 0; k < entry->ncaptures; k++) {
            if (check_capture(list, entry, entry->captures[k].name, feed, err) < 0)
                return -1;
        }
    }
    return 0;
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
