#include "requests/har_body.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/str.h"
#include "requests/entry.h"
#include "requests/form.h"

static void drop_content_type(struct request_entry *entry)
{
    struct str_list kept = {0};
    for (size_t i = 0; i < entry->headers.count; i++) {
        if (strncasecmp(entry->headers.items[i], "Content-Type:", strlen("Content-Type:")) != 0)
            str_list_add(&kept, entry->headers.items[i]);
    }
    str_list_fini(&entry->headers);
    entry->headers = kept;
}

static bool has_content_type(const struct request_entry *entry)
{
    for (size_t i = 0; i < entry->headers.count; i++) {
        if (strncasecmp(entry->headers.items[i], "Content-Type:", strlen("Content-Type:")) == 0)
            return true;
    }
    return false;
}

/* --- params --- */

static int text_of(const struct node *param, const char *key, const char **out, struct err *err)
{
    struct node n = node_member(param, key);
    *out = NULL;
    return n.json == NULL || json_is_null(n.json) ? 0 : node_text(&n, out, err);
}

static int read_param(const struct node *n, void *into, struct err *err)
{
    const char *name = NULL;
    const char *value = NULL;
    const char *file = NULL;
    const char *type = NULL;
    if (text_of(n, "name", &name, err) < 0 || text_of(n, "value", &value, err) < 0 ||
        text_of(n, "fileName", &file, err) < 0 || text_of(n, "contentType", &type, err) < 0)
        return -1;
    if (name == NULL)
        return node_problem(n, err, "a param has a \"name\"");
    if (type != NULL && type[strcspn(type, "\r\n")] != '\0')
        return node_problem(n, err, "a media type has no line break");
    struct form_part *part = form_parts_add(into);
    part->name = mem_strdup(name);
    part->filename = mem_strdup_or_null(file);
    part->content_type = mem_strdup_or_null(type);
    part->bytes = mem_strdup(value == NULL ? "" : value);
    part->len = strlen(part->bytes);
    return 0;
}

static void add_escaped(struct buf *out, const char *text)
{
    static const char plain[] = "*-._";
    for (const char *c = text; *c != '\0'; c++) {
        bool alnum =
            (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9');
        if (alnum || strchr(plain, *c) != NULL)
            buf_add(out, c, 1);
        else if (*c == ' ')
            buf_puts(out, "+");
        else
            buf_printf(out, "%%%02X", (unsigned)(unsigned char)*c);
    }
}

static void take_urlencoded(const struct form_parts *parts, struct request_entry *entry)
{
    struct buf body;
    buf_init(&body, FORM_MAX_BYTES);
    for (size_t i = 0; i < parts->count; i++) {
        buf_puts(&body, i > 0 ? "&" : "");
        add_escaped(&body, parts->items[i].name);
        buf_puts(&body, "=");
        add_escaped(&body, parts->items[i].bytes);
    }
    entry->body_len = body.len;
    entry->body = buf_take(&body);
    buf_fini(&body);
}

static int take_multipart(const struct form_parts *parts, struct request_entry *entry,
                          struct err *err)
{
    struct form form = {0};
    int failed = form_encode(parts, &form, err);
    if (failed == 0) {
        entry->body_len = form.body.len;
        entry->body = buf_take(&form.body);
        drop_content_type(entry);
        char *line = mem_printf("Content-Type: %s", form.content_type);
        str_list_add(&entry->headers, line);
        free(line);
    }
    form_fini(&form);
    return failed;
}

static int read_params(const struct node *params, const char *type, struct request_entry *entry,
                       struct err *err)
{
    static const char multipart[] = "multipart/form-data";
    struct form_parts parts = {0};
    int failed = node_each(params, read_param, &parts, err);
    if (failed == 0 && strncasecmp(type, multipart, strlen(multipart)) == 0)
        failed = take_multipart(&parts, entry, err);
    else if (failed == 0)
        take_urlencoded(&parts, entry);
    form_parts_fini(&parts);
    return failed;
}

/* --- the whole --- */

int har_body_read(const struct node *post_data, struct request_entry *entry, struct err *err)
{
    const char *type = NULL;
    struct node text = node_member(post_data, "text");
    struct node params = node_member(post_data, "params");
    struct node mime = node_member(post_data, "mimeType");
    int failed = 0;
    if (!json_is_object(post_data->json))
        return node_expected(post_data, "an object", err);
    if (text_of(post_data, "mimeType", &type, err) < 0)
        return -1;
    bool has_text = json_is_string(text.json) && json_string_length(text.json) > 0;
    if (has_text) {
        entry->body_len = json_string_length(text.json);
        entry->body = mem_copy(json_string_value(text.json), entry->body_len);
    } else if (json_array_size(params.json) > 0) {
        failed = read_params(&params, type == NULL ? "" : type, entry, err);
    } else {
        return 0;
    }
    if (failed == 0 && type != NULL && type[0] != '\0' && !has_content_type(entry))
        failed = entry_add_header(&mime, "Content-Type", type, ENTRY_CHECKED_HEADERS, entry, err);
    return failed;
}
