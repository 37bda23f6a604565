#include "runner/lists.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/mem.h"
#include "http/request.h"
#include "model/named_request.h"

/* --- names --- */

/* FNV-1a: a file may have a hundred thousand requests, whose names are compared with a thousand. */
static uint64_t hash_of(const char *name)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *name != '\0'; name++)
        hash = (hash ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
    return hash;
}

static uint32_t add_name(struct lists *l, const struct source_name *name, uint64_t hash)
{
    l->names = mem_one_more(l->names, l->nnames, sizeof *l->names);
    l->hashes = mem_one_more(l->hashes, l->nnames, sizeof *l->hashes);
    l->names[l->nnames] = *name;
    l->hashes[l->nnames] = hash;
    return (uint32_t)l->nnames++;
}

/* The number of a name. */
static uint32_t name_at(struct lists *l, const struct source_name *name)
{
    static const struct source_name others = {.name = NAMED_REQUEST_OTHERS};
    uint64_t hash = hash_of(name->name);
    for (size_t i = 0; i < l->nnames; i++) {
        if (l->hashes[i] == hash && strcmp(l->names[i].name, name->name) == 0)
            return (uint32_t)i;
    }
    if (l->nnames > REQUEST_NAMES_MAX)
        return REQUEST_NAMES_MAX;
    if (l->nnames == REQUEST_NAMES_MAX)
        return add_name(l, &others, hash_of(others.name));
    return add_name(l, name, hash);
}

static char *path_of(const struct lists_to *to, const struct request_entry *entry)
{
    return entry->inherits_path ? to->url->path : entry->path;
}

static uint32_t name_of(struct lists *l, const struct lists_to *to,
                        const struct request_entry *entry)
{
    struct source_name name = {entry->name, entry->method, path_of(to, entry)};
    if (!entry->inherits_path || !entry->inherits_name || l->count == 1)
        return name_at(l, &name);
    char *own = request_entry_name(entry->method, name.path);
    name.name = own;
    uint32_t before = (uint32_t)l->nnames;
    uint32_t number = name_at(l, &name);
    if (l->nnames > before && number < REQUEST_NAMES_MAX) {
        str_list_add(&l->own_names, own);
        l->names[number].name = l->own_names.items[l->own_names.count - 1];
    }
    free(own);
    return number;
}

static bool has_variable(const struct lists *l, const char *name)
{
    for (size_t i = 0; i < l->variables.count; i++) {
        if (strcmp(l->variables.items[i], name) == 0)
            return true;
    }
    return false;
}

static void find_variables(struct lists *l, const struct request_list *requests)
{
    for (size_t i = 0; i < requests->count; i++) {
        for (size_t k = 0; k < requests->items[i].ncaptures; k++) {
            const char *name = requests->items[i].captures[k].name;
            if (!has_variable(l, name))
                str_list_add(&l->variables, name);
        }
    }
}

/* --- one request --- */

static size_t header_name_len(const char *header)
{
    return strcspn(header, ":=");
}

static bool has_header(const struct str_list *headers, const char *header)
{
    size_t len = header_name_len(header);
    for (size_t i = 0; i < headers->count; i++) {
        if (header_name_len(headers->items[i]) == len &&
            strncasecmp(headers->items[i], header, len) == 0)
            return true;
    }
    return false;
}

/* Its own headers, behind those of the plan that it does not replace. */
static void join_headers(const struct plan *plan, const struct request_entry *entry,
                         struct str_list *all)
{
    for (size_t i = 0; i < plan->headers.count; i++) {
        if (!has_header(&entry->headers, plan->headers.items[i]))
            str_list_add(all, plan->headers.items[i]);
    }
    for (size_t i = 0; i < entry->headers.count; i++)
        str_list_add(all, entry->headers.items[i]);
}

/* With HTTP/2 the connection is closed, as no header can say that it will be. */
static bool closes(const struct plan *plan)
{
    return !plan->http2 && !plan_keeps_alive(plan);
}

/* Its bytes, as the URL and the proxy have them. */
static int build(const struct plan *plan, const struct lists_to *to,
                 const struct request_entry *entry, const struct str_list *headers,
                 struct buf *bytes, struct err *err)
{
    struct url url = *to->url;
    url.path = path_of(to, entry);
    url.text = mem_printf("%s://%s%s", url.scheme, url.authority, url.path);
    const struct request_spec request = {.method = entry->method,
                                         .url = &url,
                                         .proxy = to->proxy,
                                         .headers = headers,
                                         .raw_headers = plan->raw_headers,
                                         .closes = closes(plan),
                                         .body = entry->body,
                                         .body_len = entry->body_len};
    int failed = request_build(&request, bytes, err);
    free(url.text);
    return failed;
}

/* That of the plan, unless the request says something of its own. */
static int find_rule(struct lists *l, const struct lists_to *to, const struct request_entry *entry,
                     const struct rule **rule, struct err *err)
{
    static const struct expected nothing = {0};
    const struct expected *all = to->expected != NULL ? to->expected : &nothing;
    bool is_silent = expectation_is_empty(&entry->expect);
    const struct rule_of of = {.expect = is_silent ? &all->expect : &entry->expect,
                               .captures = entry->captures,
                               .ncaptures = entry->ncaptures};
    *rule = all->rule;
    if (is_silent && entry->ncaptures == 0)
        return 0;
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers are what it holds */
    l->rules = mem_one_more(l->rules, l->nrules, sizeof *l->rules);
    if (rule_make(&l->rules[l->nrules], &of, err) < 0)
        return -1;
    *rule = l->rules[l->nrules++];
    return 0;
}

static int add_entry(struct lists *l, const struct plan *plan, const struct lists_to *to, size_t at,
                     const struct request_entry *entry, struct err *err)
{
    struct buf bytes;
    struct str_list headers = {0};
    buf_init(&bytes, BUF_TEXT_MAX);
    join_headers(plan, entry, &headers);
    bool owns_length = plan->raw_headers && has_header(&headers, "Content-Length:");
    const struct rule *rule = NULL;
    int failed = build(plan, &to[at], entry, &headers, &bytes, err);
    if (failed == 0)
        failed = find_rule(l, &to[at], entry, &rule, err);
    if (failed == 0)
        source_list_add(
            l->items[at],
            &(struct source_entry_spec){
                .bytes = bytes.data,
                .len = bytes.len,
                .length = owns_length ? TEMPLATE_OWN_LENGTH : TEMPLATE_MADE_LENGTH,
                .told = entry,
                .rule = rule,
                .name = name_of(l, &to[at], entry),
                .is_one_shot = request_closes(&headers) || !plan_keeps_alive(plan),
                .to = strcmp(entry->method, "HEAD") == 0 ? RESPONSE_TO_HEAD : RESPONSE_TO_ANY});
    str_list_fini(&headers);
    buf_fini(&bytes);
    return failed;
}

/* --- all of them --- */

static int fill_list(struct lists *l, const struct plan *plan, const struct lists_to *to, size_t at,
                     struct err *err)
{
    const struct request_list *requests = &plan->requests;
    l->items[at] = source_list_new(requests->has_placeholders ? &l->values : NULL);
    if (requests->count == 0)
        return add_entry(l, plan, to, at, &l->made.items[at], err);
    for (size_t i = 0; i < requests->count; i++) {
        const struct request_entry *entry = &requests->items[i];
        if (add_entry(l, plan, to, at, entry, err) < 0)
            return requests->file == NULL
                       ? -1
                       : err_wrap(err, "%s:%ld:%ld", requests->file, entry->line, entry->column);
    }
    return 0;
}

/* The plan's own request, once for each URL. */
static void make_requests(struct lists *l, const struct plan *plan, const struct lists_to *to)
{
    for (size_t i = 0; i < l->count; i++) {
        struct request_entry *entry = request_list_add(&l->made);
        entry->name = mem_strdup(to[i].url->text);
        entry->method = mem_strdup(plan->method);
        entry->path = mem_strdup(to[i].url->path);
        if (plan->body == NULL)
            continue;
        entry->body = mem_copy(plan->body, plan->body_len);
        entry->body_len = plan->body_len;
    }
}

bool lists_are_needed(const struct plan *plan, size_t nurls)
{
    return plan->requests.count > 0 || nurls > 1;
}

static bool is_named(const struct plan *plan, size_t nurls)
{
    return plan->requests_file != NULL || plan->har_file != NULL || nurls > 1;
}

int lists_make(struct lists *l, const struct plan *plan, const struct lists_to *to, size_t count,
               struct err *err)
{
    int failed = 0;
    *l = (struct lists){.count = count, .is_named = is_named(plan, count)};
    l->items = mem_array(l->count, sizeof(struct source_list *));
    if (plan->feed_file != NULL) {
        l->feed = feed_open(plan->feed_file, err);
        if (l->feed == NULL)
            return -1;
    }
    find_variables(l, &plan->requests);
    l->values = (struct value_names){.feed = l->feed, .variables = &l->variables};
    if (plan->requests.count == 0)
        make_requests(l, plan, to);
    for (size_t i = 0; i < l->count && failed == 0; i++)
        failed = fill_list(l, plan, to, i, err);
    return failed;
}

void lists_fini(struct lists *l)
{
    for (size_t i = 0; i < l->count; i++)
        source_list_free(l->items[i]);
    free(l->items);
    for (size_t i = 0; i < l->nrules; i++)
        rule_free(l->rules[i]);
    free(l->rules);
    free(l->names);
    free(l->hashes);
    request_list_fini(&l->made);
    str_list_fini(&l->variables);
    str_list_fini(&l->own_names);
    feed_close(l->feed);
    *l = (struct lists){0};
}

void lists_fill(const struct lists *l, struct load_spec *spec)
{
    spec->lists = (const struct source_list *const *)l->items;
    spec->nlists = l->count;
    spec->names = l->names;
    spec->nnames = l->nnames;
    spec->is_named = l->is_named;
    spec->feed = l->feed;
}
