#include "requests/form.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/str.h"
#include "requests/node.h"
#include "store/file.h"

#define FORM_OPTION "-F/--form"

/* --- the bytes --- */

struct form_part *form_parts_add(struct form_parts *parts)
{
    parts->items = mem_one_more(parts->items, parts->count, sizeof *parts->items);
    struct form_part *part = &parts->items[parts->count++];
    *part = (struct form_part){0};
    return part;
}

void form_parts_fini(struct form_parts *parts)
{
    for (size_t i = 0; i < parts->count; i++) {
        struct form_part *p = &parts->items[i];
        free(p->name);
        free(p->filename);
        free(p->content_type);
        free(p->bytes);
    }
    free(parts->items);
    str_list_fini(&parts->files);
    *parts = (struct form_parts){0};
}

static bool has_boundary(const struct form_parts *parts, const char *boundary)
{
    for (size_t i = 0; i < parts->count; i++) {
        const struct form_part *p = &parts->items[i];
        if (p->len > 0 && memmem(p->bytes, p->len, boundary, strlen(boundary)) != NULL)
            return true;
    }
    return false;
}

/* One that is in no part. The caller frees it. */
static char *make_boundary(const struct form_parts *parts)
{
    char *boundary = mem_strdup("----bench-form-boundary-0");
    for (unsigned long n = 1; has_boundary(parts, boundary); n++) {
        free(boundary);
        boundary = mem_printf("----bench-form-boundary-%lu", n);
    }
    return boundary;
}

static void add_quoted(struct buf *out, const char *text)
{
    buf_puts(out, "\"");
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '"' || *c == '\r' || *c == '\n')
            buf_printf(out, "%%%02X", (unsigned)*c);
        else
            buf_add(out, c, 1);
    }
    buf_puts(out, "\"");
}

static void add_part(const struct form_part *p, const char *boundary, struct buf *out)
{
    buf_printf(out, "--%s\r\nContent-Disposition: form-data; name=", boundary);
    add_quoted(out, p->name);
    if (p->filename != NULL) {
        buf_puts(out, "; filename=");
        add_quoted(out, p->filename);
    }
    if (p->content_type != NULL)
        buf_printf(out, "\r\nContent-Type: %s", p->content_type);
    buf_puts(out, "\r\n\r\n");
    buf_add(out, p->bytes, p->len);
    buf_puts(out, "\r\n");
}

int form_encode(const struct form_parts *parts, struct form *form, struct err *err)
{
    char *boundary = make_boundary(parts);
    buf_init(&form->body, FORM_MAX_BYTES);
    for (size_t i = 0; i < parts->count; i++)
        add_part(&parts->items[i], boundary, &form->body);
    buf_printf(&form->body, "--%s--\r\n", boundary);
    form->content_type = mem_printf("multipart/form-data; boundary=%s", boundary);
    free(boundary);
    return form->body.overflow
               ? err_set(err, ERR_USAGE, "the form is larger than %zu MiB", FORM_MAX_BYTES >> 20)
               : 0;
}

void form_fini(struct form *form)
{
    buf_fini(&form->body);
    free(form->content_type);
    str_list_fini(&form->files);
    *form = (struct form){0};
}

/* --- the fields --- */

/* A field of the form as it is read. */
struct reading {
    struct form_parts *parts;
    struct form_part *part;
    const struct node *field;
    const char *type, *path, *filename, *filepath, *content_type;
    json_t *value;
};

static int read_type(const struct node *n, void *into, struct err *err)
{
    struct reading *r = into;
    if (node_text(n, &r->type, err) < 0)
        return -1;
    if (strcmp(r->type, "text") != 0 && strcmp(r->type, "file") != 0)
        return node_expected(n, "\"text\" or \"file\"", err);
    return 0;
}

static int read_value(const struct node *n, void *into, struct err *err)
{
    struct reading *r = into;
    if (!json_is_string(n->json))
        return node_expected(n, "a text, in quotes", err);
    r->value = n->json;
    return 0;
}

static int read_path(const struct node *n, void *into, struct err *err)
{
    struct reading *r = into;
    return node_text(n, &r->path, err);
}

static int read_filename(const struct node *n, void *into, struct err *err)
{
    struct reading *r = into;
    return node_text(n, &r->filename, err);
}

static int read_filepath(const struct node *n, void *into, struct err *err)
{
    struct reading *r = into;
    return node_text(n, &r->filepath, err);
}

static int read_content_type(const struct node *n, void *into, struct err *err)
{
    struct reading *r = into;
    if (node_text(n, &r->content_type, err) < 0)
        return -1;
    for (const char *c = r->content_type; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || (unsigned char)*c >= 0x7f)
            return node_expected(n, "a media type, such as \"image/png\"", err);
    }
    return 0;
}

static int read_options(const struct node *n, void *into, struct err *err)
{
    static const struct node_key keys[] = {
        {"filename", read_filename},
        {"filepath", read_filepath},
        {"contentType", read_content_type},
        {NULL, NULL},
    };
    return node_keys(n, "\"options\"", keys, into, err);
}

static const char *type_of(const char *path)
{
    static const struct {
        const char *ending, *type;
    } types[] = {
        {".txt", "text/plain"},        {".csv", "text/csv"},        {".html", "text/html"},
        {".json", "application/json"}, {".xml", "application/xml"}, {".pdf", "application/pdf"},
        {".zip", "application/zip"},   {".gz", "application/gzip"}, {".png", "image/png"},
        {".jpg", "image/jpeg"},        {".jpeg", "image/jpeg"},     {".gif", "image/gif"},
        {".svg", "image/svg+xml"},     {".webp", "image/webp"},     {".mp4", "video/mp4"},
    };
    const char *ending = strrchr(path, '.');
    for (size_t i = 0; ending != NULL && i < LEN(types); i++) {
        if (strcasecmp(types[i].ending, ending) == 0)
            return types[i].type;
    }
    return "application/octet-stream";
}

static int take_file(struct reading *r, struct err *err)
{
    struct buf bytes;
    struct err why;
    if (r->path == NULL)
        return node_problem(r->field, err, "a field of type \"file\" has a \"path\"");
    if (r->value != NULL)
        return node_problem(r->field, err,
                            "a field of type \"file\" has a \"path\" and no \"value\"");
    buf_init(&bytes, FORM_MAX_BYTES);
    if (store_file_read(r->path, &bytes, &why) < 0) {
        buf_fini(&bytes);
        return node_problem(r->field, err, "%s", why.text);
    }
    str_list_add(&r->parts->files, r->path);
    const char *slash = strrchr(r->path, '/');
    const char *name = slash == NULL ? r->path : slash + 1;
    if (r->filename != NULL)
        name = r->filename;
    if (r->filepath != NULL)
        name = r->filepath;
    r->part->filename = mem_strdup(name);
    r->part->content_type = mem_strdup(r->content_type != NULL ? r->content_type : type_of(name));
    r->part->len = bytes.len;
    r->part->bytes = buf_take(&bytes);
    buf_fini(&bytes);
    return 0;
}

static int take_text(struct reading *r, struct err *err)
{
    if (r->value == NULL || r->path != NULL || r->filename != NULL || r->filepath != NULL)
        return node_problem(r->field, err,
                            "a field of type \"text\" has a \"value\", and nothing of a file");
    r->part->content_type = mem_strdup_or_null(r->content_type);
    r->part->len = json_string_length(r->value);
    r->part->bytes = mem_copy(json_string_value(r->value), r->part->len);
    return 0;
}

static int read_field(const struct node *n, void *into, struct err *err)
{
    static const struct node_key keys[] = {
        {"type", read_type},       {"value", read_value}, {"path", read_path},
        {"options", read_options}, {NULL, NULL},
    };
    struct reading r = {.parts = into, .part = form_parts_add(into), .field = n};
    r.part->name = mem_strdup(n->key);
    if (node_keys(n, "a field", keys, &r, err) < 0)
        return -1;
    if (r.type == NULL)
        return node_problem(n, err, "a field has a \"type\", which is \"text\" or \"file\"");
    return strcmp(r.type, "file") == 0 ? take_file(&r, err) : take_text(&r, err);
}

static int parse(const struct written *text, struct form_parts *parts, struct err *err)
{
    struct node root;
    size_t end = 0;
    if (node_check_size(text, err) < 0 || node_parse(text, 0, &root, &end, err) < 0)
        return -1;
    int failed = 0;
    end = node_skip_blanks(text, end);
    if (end < text->len)
        failed = place_error(text, end, err, "nothing may follow the form");
    else if (!json_is_object(root.json) || json_object_size(root.json) == 0)
        failed = node_problem(&root, err,
                              "a form is an object of fields, as in {\"name\": {\"type\": "
                              "\"text\", \"value\": \"x\"}}");
    else
        failed = node_each(&root, read_field, parts, err);
    node_free(&root);
    return failed;
}

int form_read(const char *what, struct form *form, struct err *err)
{
    struct form_parts parts = {0};
    struct buf file;
    struct written text = {.name = FORM_OPTION, .bytes = what, .len = strlen(what)};
    int failed = 0;
    *form = (struct form){0};
    buf_init(&file, FORM_MAX_BYTES);
    if (what[strspn(what, " \t\r\n")] != '{') {
        failed = store_file_read(what, &file, err) < 0 ? err_wrap(err, FORM_OPTION) : 0;
        size_t bom = file.len == 0 ? 0 : str_bom(file.data, file.len);
        text = (struct written){what, file.len == 0 ? "" : file.data + bom, file.len - bom};
    }
    if (failed == 0)
        failed = parse(&text, &parts, err);
    if (failed == 0)
        failed = form_encode(&parts, form, err);
    if (failed == 0) {
        form->files = parts.files;
        parts.files = (struct str_list){0};
    }
    form_parts_fini(&parts);
    buf_fini(&file);
    if (failed < 0)
        form_fini(form);
    return failed;
}
