#include "requests/har.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/str.h"
#include "requests/entry.h"
#include "requests/har_body.h"
#include "requests/request_file.h"

#define ORIGINS_SHOWN 5

struct origin {
    char *text;
    size_t entries;
};

struct har {
    struct request_list *list;
    char *wanted;          /* "https://example.org"; NULL: that of the first entry */
    struct origin *others; /* that are left out */
    size_t nothers, nentries;
    struct place_mark mark; /* of the last entry */
};

/* --- origins --- */

static char *origin_of(const struct url *url)
{
    char *text = mem_printf("%s://%s", url->scheme, url->authority);
    for (char *c = text; *c != '\0'; c++) {
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    }
    return text;
}

/* Takes the text over. */
static void leave_out(struct har *h, char *origin)
{
    for (size_t i = 0; i < h->nothers; i++) {
        if (strcmp(h->others[i].text, origin) == 0) {
            h->others[i].entries++;
            free(origin);
            return;
        }
    }
    h->others = mem_one_more(h->others, h->nothers, sizeof *h->others);
    h->others[h->nothers++] = (struct origin){origin, 1};
}

/* "https://a.example (3), data: (1) and 2 more" */
static char *list_others(const struct har *h)
{
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    for (size_t i = 0; i < h->nothers && i < ORIGINS_SHOWN; i++)
        buf_printf(&text, "%s%.80s (%zu)", i > 0 ? ", " : "", h->others[i].text,
                   h->others[i].entries);
    if (h->nothers > ORIGINS_SHOWN)
        buf_printf(&text, " and %zu more", h->nothers - ORIGINS_SHOWN);
    char *list = buf_take(&text);
    buf_fini(&text);
    return list;
}

static void har_fini(struct har *h)
{
    for (size_t i = 0; i < h->nothers; i++)
        free(h->others[i].text);
    free(h->others);
    free(h->wanted);
}

/* --- one entry --- */

/* The URL of an entry, if it is one that is sent; 0 and no host: of something else, "data:". */
static int read_url(const struct node *n, struct har *h, struct url *url, struct err *err)
{
    struct err why;
    const char *text = NULL;
    *url = (struct url){0};
    if (node_text(n, &text, err) < 0)
        return -1;
    if (!str_starts_as_scheme(text, "http://") && !str_starts_as_scheme(text, "https://")) {
        leave_out(h, mem_strndup(text, strcspn(text, ":") + (strchr(text, ':') != NULL)));
        return 0;
    }
    return url_parse(text, url, &why) < 0 ? node_problem(n, err, "%s", why.text) : 0;
}

static bool is_wanted(struct har *h, const struct url *url)
{
    char *origin = origin_of(url);
    if (h->wanted == NULL)
        h->wanted = mem_strdup(origin);
    bool same = strcmp(origin, h->wanted) == 0;
    if (same)
        free(origin);
    else
        leave_out(h, origin);
    return same;
}

/* Those of HTTP/2 that are no headers, those of one connection, and those that bench makes. */
static bool is_dropped(const char *name)
{
    static const char *const dropped[] = {
        "Connection",       "Content-Length",   "Host",
        "HTTP2-Settings",   "Keep-Alive",       "TE",
        "Trailer",          "Upgrade",          "Proxy-Authorization",
        "Proxy-Connection", "Transfer-Encoding"};
    for (size_t i = 0; i < LEN(dropped); i++) {
        if (strcasecmp(name, dropped[i]) == 0)
            return true;
    }
    return name[0] == ':';
}

static int read_header(const struct node *n, void *into, struct err *err)
{
    const char *name = NULL;
    const char *value = NULL;
    struct node name_node = node_member(n, "name");
    struct node value_node = node_member(n, "value");
    if (name_node.json == NULL || value_node.json == NULL)
        return node_problem(n, err, "a header has a \"name\" and a \"value\"");
    if (node_text(&name_node, &name, err) < 0 || node_text(&value_node, &value, err) < 0)
        return -1;
    if (is_dropped(name))
        return 0;
    return entry_add_header(&value_node, name, value, ENTRY_CHECKED_HEADERS, into, err);
}

static int read_method(const struct node *request, struct request_entry *entry, struct err *err)
{
    struct node n = node_member(request, "method");
    if (n.json == NULL)
        return node_problem(request, err, "a request has a \"method\"");
    return entry_read_method(&n, entry, err);
}

static int read_request(const struct node *request, const struct url *url, struct har *h,
                        struct err *err)
{
    if (h->list->count == REQUESTS_MOST)
        return node_problem(request, err, "more than %d requests", REQUESTS_MOST);
    struct request_entry *entry = request_list_add(h->list);
    struct node headers = node_member(request, "headers");
    struct place place = place_next(request->text, &h->mark, node_at(request));
    entry->line = place.line;
    entry->column = place.column;
    entry->path = mem_strdup(url->path);
    if (read_method(request, entry, err) < 0)
        return -1;
    if (headers.json != NULL && !json_is_array(headers.json))
        return node_expected(&headers, "a list", err);
    if (headers.json != NULL && node_each(&headers, read_header, entry, err) < 0)
        return -1;
    struct node body = node_member(request, "postData");
    return body.json == NULL || json_is_null(body.json) ? 0 : har_body_read(&body, entry, err);
}

static int read_entry(const struct node *n, void *into, struct err *err)
{
    struct har *h = into;
    struct url url;
    struct node request = node_member(n, "request");
    h->nentries++;
    if (!json_is_object(request.json))
        return node_problem(n, err, "an entry has a \"request\", which is an object");
    struct node where = node_member(&request, "url");
    if (where.json == NULL)
        return node_problem(&request, err, "a request has a \"url\"");
    if (read_url(&where, h, &url, err) < 0)
        return -1;
    int failed = url.host != NULL && is_wanted(h, &url) ? read_request(&request, &url, h, err) : 0;
    url_fini(&url);
    return failed;
}

/* --- the whole --- */

static int read_log(const struct node *root, struct har *h, struct err *err)
{
    struct node log = node_member(root, "log");
    struct node entries = {0};
    if (json_is_object(log.json))
        entries = node_member(&log, "entries");
    if (!json_is_array(entries.json))
        return node_problem(root, err,
                            "this is no HAR: it has no list \"entries\" in an object \"log\"");
    return node_each(&entries, read_entry, h, err);
}

static int no_entry(const struct har *h, const char *name, struct err *err)
{
    char *others = list_others(h);
    if (h->nentries == 0)
        (void)err_set(err, ERR_USAGE, "%s has no entries", name);
    else
        (void)err_set(err, ERR_USAGE, "%s has no request for %s; its requests are for %s", name,
                      h->wanted == NULL ? "http:// or https://" : h->wanted, others);
    free(others);
    return -1;
}

static void tell_left_out(const struct har *h, const char *name, char **left_out)
{
    if (h->nothers == 0)
        return;
    char *others = list_others(h);
    size_t n = h->nentries - h->list->count;
    *left_out =
        mem_printf("%s: %zu of %zu requests %s left out, being for other origins than %s: %s", name,
                   n, h->nentries, n == 1 ? "is" : "are", h->wanted, others);
    free(others);
}

int har_parse(const struct written *text, const struct url *url, struct request_list *list,
              char **left_out, struct err *err)
{
    struct har h = {
        .list = list, .wanted = url == NULL ? NULL : origin_of(url), .mark = PLACE_MARK_START};
    struct node root;
    size_t end = 0;
    size_t bom = str_bom(text->bytes, text->len);
    const struct written bare = {text->name, text->bytes + bom, text->len - bom};
    *left_out = NULL;
    list->file = mem_strdup(text->name);
    if (node_check_size(&bare, err) < 0 || node_parse(&bare, 0, &root, &end, err) < 0) {
        har_fini(&h);
        return -1;
    }
    end = node_skip_blanks(&bare, end);
    int failed = end < bare.len ? place_error(&bare, end, err, "nothing may follow the log")
                                : read_log(&root, &h, err);
    node_free(&root);
    if (failed == 0 && list->count == 0)
        failed = no_entry(&h, text->name, err);
    if (failed == 0)
        tell_left_out(&h, text->name, left_out);
    har_fini(&h);
    return failed;
}
