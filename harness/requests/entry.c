#include "requests/entry.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/units.h"
#include "http/request.h"
#include "http/url.h"

#define THINK_MAX_NS (86400 * NS_PER_S)
#define WEIGHT_MOST  1e15 /* a sum of many is exact enough */

struct reading {
    struct request_entry *entry;
    enum entry_headers rule;
};

/* --- the request line --- */

/* Tries to build a request of it; what is wrong stands at `n`. */
static int try(const struct node *n, const struct request_spec *spec, struct err *err)
{
    struct buf bytes;
    struct url url;
    struct err why;
    struct request_spec whole = *spec;
    if (url_parse("http://localhost/", &url, err) < 0)
        return -1;
    whole.url = &url;
    buf_init(&bytes, BUF_TEXT_MAX);
    int failed = request_build(&whole, &bytes, &why);
    buf_fini(&bytes);
    url_fini(&url);
    return failed < 0 ? node_problem(n, err, "%s", why.text) : 0;
}

int entry_read_method(const struct node *n, struct request_entry *entry, struct err *err)
{
    const char *text = NULL;
    if (node_text(n, &text, err) < 0)
        return -1;
    entry->method = mem_strdup(request_method(text));
    return try(n, &(struct request_spec){.method = entry->method}, err);
}

static int read_method(const struct node *n, void *into, struct err *err)
{
    struct reading *r = into;
    return entry_read_method(n, r->entry, err);
}

/* "/path?query" as it is sent; NULL with err set. */
static char *path_of(const struct node *n, const char *text, struct err *err)
{
    struct url url;
    struct err why;
    if (text[0] != '/') {
        (void)node_problem(n, err,
                           "a path begins with '/'; the URL of the command line says which host");
        return NULL;
    }
    char *whole = mem_printf("http://localhost%s", text);
    int failed = url_parse(whole, &url, &why);
    free(whole);
    if (failed < 0) {
        (void)node_problem(n, err, "%s", why.text);
        return NULL;
    }
    char *path = url.path;
    url.path = NULL;
    url_fini(&url);
    return path;
}

static int read_path(const struct node *n, void *into, struct err *err)
{
    struct reading *r = into;
    const char *text = NULL;
    if (node_text(n, &text, err) < 0)
        return -1;
    r->entry->path = path_of(n, text, err);
    return r->entry->path == NULL ? -1 : 0;
}

/* --- headers --- */

int entry_add_header(const struct node *n, const char *name, const char *value,
                     enum entry_headers rule, struct request_entry *entry, struct err *err)
{
    char *line = mem_printf("%s: %s", name, value);
    struct str_list one = {.items = &line, .count = 1};
    int failed = 0;
    if (strpbrk(name, ":= ") != NULL || name[0] == '\0')
        failed = node_problem(n, err, "'%.60s' is not the name of a header", name);
    else
        failed = try(n,
                     &(struct request_spec){.method = "GET",
                                            .headers = &one,
                                            .body = entry->body,
                                            .body_len = entry->body_len,
                                            .raw_headers = rule == ENTRY_RAW_HEADERS},
                     err);
    if (failed == 0)
        str_list_add(&entry->headers, line);
    free(line);
    return failed;
}

/* One value of the header `into`, or the only one. */
static int read_header_value(const struct node *n, void *into, struct err *err)
{
    struct reading *r = into;
    const char *name = n->key != NULL ? n->key : n->parent->key;
    const char *text = NULL;
    if (json_is_number(n->json)) {
        struct buf number;
        buf_init(&number, BUF_TEXT_MAX);
        node_compact(n, &number);
        int failed = entry_add_header(n, name, number.data, r->rule, r->entry, err);
        buf_fini(&number);
        return failed;
    }
    if (!json_is_string(n->json))
        return node_expected(n, "a text, a number, or a list of them", err);
    if (node_text(n, &text, err) < 0)
        return -1;
    return entry_add_header(n, name, text, r->rule, r->entry, err);
}

static int read_header(const struct node *n, void *into, struct err *err)
{
    if (json_is_array(n->json))
        return node_each(n, read_header_value, into, err);
    return read_header_value(n, into, err);
}

/* They are read last, because a Content-Length must be that of the body. */
static int check_headers(const struct node *n, void *into, struct err *err)
{
    (void)into;
    return json_is_object(n->json) ? 0
                                   : node_expected(n, "an object, as in {\"X-Key\": \"1\"}", err);
}

/* --- the rest --- */

static int read_body(const struct node *n, void *into, struct err *err)
{
    struct reading *r = into;
    if (json_is_null(n->json))
        return node_expected(n, "a text or another JSON value than null; leave it out for none",
                             err);
    if (json_is_string(n->json)) {
        r->entry->body_len = json_string_length(n->json);
        r->entry->body = mem_copy(json_string_value(n->json), r->entry->body_len);
        return 0;
    }
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    node_compact(n, &text);
    r->entry->body_len = text.len;
    r->entry->body = buf_take(&text);
    buf_fini(&text);
    return 0;
}

static int read_name(const struct node *n, void *into, struct err *err)
{
    struct reading *r = into;
    const char *text = NULL;
    if (node_text(n, &text, err) < 0)
        return -1;
    if (text[0] == '\0')
        return node_expected(n, "a text that is not empty", err);
    r->entry->name = mem_strdup(text);
    return 0;
}

static int read_weight(const struct node *n, void *into, struct err *err)
{
    struct reading *r = into;
    r->entry->weight = json_number_value(n->json); /* 0 of what is none */
    if (!(r->entry->weight > 0) || r->entry->weight > WEIGHT_MOST)
        return node_expected(n, "a number above 0, at most 1e15", err);
    return 0;
}

/* "500ms": a number alone would be seconds here, and milliseconds where it is no text. */
static int parse_think(const char *text, int64_t *ns)
{
    struct err err;
    size_t len = strlen(text);
    bool has_unit = len > 0 && strchr("0123456789.", text[len - 1]) == NULL;
    if (!has_unit || units_parse_time(text, ns, &err) < 0 || *ns < 0 || *ns > THINK_MAX_NS)
        return -1;
    return 0;
}

static int think_of_text(const char *text, struct request_entry *entry)
{
    const char *dash = strchr(text, '-');
    char *from = mem_strndup(text, dash == NULL ? strlen(text) : (size_t)(dash - text));
    int failed = parse_think(from, &entry->think_min_ns);
    entry->think_max_ns = entry->think_min_ns;
    if (failed == 0 && dash != NULL)
        failed = parse_think(dash + 1, &entry->think_max_ns);
    free(from);
    return failed < 0 || entry->think_min_ns > entry->think_max_ns ? -1 : 0;
}

static int read_think(const struct node *n, void *into, struct err *err)
{
    struct reading *r = into;
    double ms = json_is_number(n->json) ? json_number_value(n->json) : -1;
    const char *text = NULL;
    int failed = -1;
    if (json_is_string(n->json)) {
        if (node_text(n, &text, err) < 0)
            return -1;
        failed = think_of_text(text, r->entry);
    } else if (ms >= 0 && ms * NS_PER_MS <= (double)THINK_MAX_NS) {
        r->entry->think_min_ns = r->entry->think_max_ns = (int64_t)(ms * NS_PER_MS);
        failed = 0;
    }
    return failed == 0 ? 0
                       : node_expected(n,
                                       "a time of at most a day: \"500ms\", \"1s-3s\", or a "
                                       "number of milliseconds",
                                       err);
}

static int read_expect(const struct node *n, void *into, struct err *err)
{
    struct reading *r = into;
    return entry_read_expect(n, &r->entry->expect, err);
}

static int read_captures(const struct node *n, void *into, struct err *err)
{
    struct reading *r = into;
    return entry_read_captures(n, r->entry, err);
}

int entry_read(const struct node *object, enum entry_headers rule, struct request_entry *entry,
               struct err *err)
{
    static const struct node_key keys[] = {
        {"method", read_method},    {"path", read_path},
        {"headers", check_headers}, {"body", read_body},
        {"name", read_name},        {"weight", read_weight},
        {"think", read_think},      {"expect", read_expect},
        {"capture", read_captures}, {NULL, NULL},
    };
    struct reading r = {.entry = entry, .rule = rule};
    if (node_keys(object, "a request", keys, &r, err) < 0)
        return -1;
    struct node headers = node_member(object, "headers");
    return headers.json == NULL ? 0 : node_each(&headers, read_header, &r, err);
}
