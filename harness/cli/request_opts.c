#include "cli/request_opts.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "feed/feed.h"
#include "http/url.h"
#include "requests/complete.h"
#include "requests/form.h"
#include "requests/har.h"
#include "requests/request_file.h"
#include "requests/unfilled.h"
#include "store/file.h"

#define REQUESTS_MAX_BYTES ((size_t)64 << 20)
#define HAR_MAX_BYTES      ((size_t)256 << 20) /* it has the replies too */

#define AT(field) offsetof(struct plan, field)
/* clang-format off */
const struct opt run_list_opts[] = {
    {.name = "requests", .type = OPT_TEXT, .at = AT(requests_file),
     .arg = "FILE", .help = "Send the requests of this file in turn: JSON objects, one a line, or an array of them; - reads stdin."},
    {.name = "har", .type = OPT_TEXT, .at = AT(har_file),
     .arg = "FILE", .help = "Send the requests that a browser recorded in this HAR file for the origin of the URL; - reads stdin."},
    {.name = "form", .letter = 'F', .type = OPT_TEXT, .at = AT(form),
     .arg = "JSON|FILE", .help = "Send a multipart form of these fields, by POST unless -m says otherwise."},
    {.name = "feed", .type = OPT_TEXT, .at = AT(feed_file),
     .arg = "FILE", .help = "A CSV file, of which each request takes the next row: {COLUMN} is replaced in path, headers and body."},
    {.name = "id-replacement", .letter = 'I', .type = OPT_FLAG, .at = AT(id_replacement), .aliases = "idReplacement",
     .help = "Replace [<id>], {seq}, {rand}, {conn}, {ts} and {uuid} in path, headers and body; --requests and --feed do so too."},
    {.type = OPT_END},
};
/* clang-format on */

static bool is_stdin(const char *file)
{
    return file != NULL && strcmp(file, "-") == 0;
}

static const char *file_name(const char *file)
{
    return is_stdin(file) ? "stdin" : file;
}

/* --- reading --- */

static int check_sources(const struct plan *plan, struct err *err)
{
    int from_stdin =
        is_stdin(plan->body_file) + is_stdin(plan->requests_file) + is_stdin(plan->har_file);
    if (from_stdin > 1)
        return err_set(err, ERR_USAGE, "stdin can be read once; give '-' to one option");
    if (is_stdin(plan->feed_file))
        return err_set(err, ERR_USAGE,
                       "--feed: a feed is read again and again, and stdin only once; save it to a "
                       "file first");
    if (is_stdin(plan->form))
        return err_set(err, ERR_USAGE,
                       "-F/--form takes JSON, or the name of a file with it, and not '-'");
    if (plan->requests_file != NULL && plan->har_file != NULL)
        return err_set(err, ERR_USAGE, "--requests and --har both say what is sent; give one");
    if (plan->har_file != NULL && plan->form != NULL)
        return err_set(err, ERR_USAGE, "--har has the bodies of its requests; leave -F/--form out");
    return 0;
}

static int read_text(struct plan *plan, const char *file, size_t max_bytes, const char *option,
                     struct err *err)
{
    struct buf bytes;
    buf_init(&bytes, max_bytes);
    int failed = store_input_read(file, &bytes, err);
    plan->requests_len = bytes.len;
    plan->owned_requests = buf_take(&bytes);
    plan->requests_text = plan->owned_requests;
    buf_fini(&bytes);
    return failed < 0 ? err_wrap(err, "%s", option) : 0;
}

static bool gives_content_type(const struct plan *plan)
{
    static const char name[] = "Content-Type";
    size_t len = strlen(name);
    for (size_t i = 0; i < plan->headers.count; i++) {
        const char *text = plan->headers.items[i];
        if (strncasecmp(text, name, len) == 0 && strcspn(text, ":=") == len)
            return true;
    }
    return false;
}

static int read_form(struct plan *plan, struct err *err)
{
    struct form form;
    if (gives_content_type(plan))
        return err_set(err, ERR_USAGE,
                       "-F/--form says its Content-Type itself, with the boundary of its parts; "
                       "leave that header out");
    if (form_read(plan->form, &form, err) < 0)
        return -1;
    plan->body_len = form.body.len;
    plan->body = plan->owned_body = buf_take(&form.body);
    plan->owned_form_type = mem_printf("Content-Type: %s", form.content_type);
    str_list_add(&plan->headers, plan->owned_form_type);
    for (size_t i = 0; i < form.files.count; i++)
        str_list_add(&plan->form_files, form.files.items[i]);
    form_fini(&form);
    return 0;
}

/* All of it, before anything is sent. */
static int check_feed(const struct plan *plan, struct err *err)
{
    struct feed *feed = feed_open(plan->feed_file, err);
    int failed = feed == NULL ? -1 : feed_check(feed, err);
    feed_close(feed);
    return failed < 0 ? err_wrap(err, "--feed") : 0;
}

int request_opts_read(struct plan *plan, const struct opt_given *given, struct err *err)
{
    if (check_sources(plan, err) < 0)
        return -1;
    if (plan->form != NULL && plan->owned_form_type == NULL) {
        if (plan->body != NULL || plan->body_file != NULL)
            return err_set(err, ERR_USAGE,
                           "-F/--form makes the body, and -b/--body or -i/--input sets it; give "
                           "one of them");
        if (read_form(plan, err) < 0)
            return -1;
    }
    if (plan->form != NULL && opt_given_text(given, "method") == NULL)
        plan->method = "POST";
    if (plan->feed_file != NULL && check_feed(plan, err) < 0)
        return -1;
    if (plan->requests_text != NULL)
        return 0;
    if (plan->requests_file != NULL)
        return read_text(plan, plan->requests_file, REQUESTS_MAX_BYTES, "--requests", err);
    return plan->har_file == NULL ? 0
                                  : read_text(plan, plan->har_file, HAR_MAX_BYTES, "--har", err);
}

static bool is_same(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

void request_opts_share(struct plan *plan, const struct plan *shared)
{
    if (is_same(plan->requests_file, shared->requests_file) ||
        is_same(plan->har_file, shared->har_file)) {
        plan->requests_text = shared->requests_text;
        plan->requests_len = shared->requests_len;
    }
    if (is_same(plan->form, shared->form) && plan->body == NULL && plan->body_file == NULL) {
        plan->body = shared->body;
        plan->body_len = shared->body_len;
        plan->owned_form_type = mem_strdup_or_null(shared->owned_form_type);
        str_list_add(&plan->headers, plan->owned_form_type);
        for (size_t i = 0; i < shared->form_files.count; i++)
            str_list_add(&plan->form_files, shared->form_files.items[i]);
    }
}

/* --- making --- */

static int parse(struct plan *plan, const struct url *url, struct err *err)
{
    bool is_har = plan->har_file != NULL;
    const struct written text = {file_name(is_har ? plan->har_file : plan->requests_file),
                                 plan->requests_text, plan->requests_len};
    char *left_out = NULL;
    if (!is_har)
        return request_file_parse(&text,
                                  plan->raw_headers ? ENTRY_RAW_HEADERS : ENTRY_CHECKED_HEADERS,
                                  &plan->requests, err);
    int failed = har_parse(&text, plan->url == NULL ? NULL : url, &plan->requests, &left_out, err);
    if (left_out != NULL)
        log_warn("%s", left_out);
    free(left_out);
    return failed;
}

static int check_load(const struct plan *plan, struct err *err)
{
    const struct request_list *list = &plan->requests;
    const char *what = request_list_thinks(list)     ? "a think time"
                       : request_list_captures(list) ? "a capture"
                                                     : NULL;
    if (plan->pipelining > 1 && what != NULL)
        return err_set(err, ERR_USAGE,
                       "%s with -p %lld: a request of %s waits for the reply before it, so a "
                       "connection has one at a time; leave -p out",
                       what, (long long)plan->pipelining, list->file);
    if (plan_is_open_loop(plan) && request_list_thinks(list))
        return err_set(err, ERR_USAGE,
                       "a think time with a rate: the rate says when requests are due; leave "
                       "'think' out of %s, or the rate",
                       list->file);
    return 0;
}

/* Where placeholders are replaced at all. */
static void warn_unfilled(const struct plan *plan, const struct feed *feed)
{
    if (!plan->requests.has_placeholders)
        return;
    char *text = unfilled_text(&(struct unfilled_in){&plan->requests, &plan->headers, feed});
    if (text != NULL)
        log_warn("%s", text);
    free(text);
}

static int complete(struct plan *plan, const char *path, struct err *err)
{
    struct complete_with with = {
        .method = plan->method, .path = path, .body = plan->body, .body_len = plan->body_len};
    struct feed *feed = NULL;
    if (plan->feed_file != NULL) {
        feed = feed_open(plan->feed_file, err);
        if (feed == NULL)
            return -1;
        plan->requests.has_placeholders = true;
    }
    with.feed = feed;
    plan->requests.has_placeholders |= plan->id_replacement;
    int failed = requests_complete(&plan->requests, &with, err);
    if (failed == 0)
        warn_unfilled(plan, feed);
    feed_close(feed);
    return failed < 0 ? -1 : check_load(plan, err);
}

int request_opts_make(struct plan *plan, struct err *err)
{
    struct url url = {0};
    bool is_file = plan->requests_text != NULL;
    if (!is_file && plan->feed_file == NULL && !plan->id_replacement)
        return 0;
    if (plan->url != NULL && url_parse(plan->url, &url, err) < 0)
        return -1;
    int failed = 0;
    if (is_file)
        failed = parse(plan, &url, err);
    else if (plan->more_urls.count == 0) /* the one request of each of several is made later */
        (void)request_list_add(&plan->requests);
    if (failed == 0)
        failed = complete(plan, plan->url != NULL ? url.path : plan_path(plan), err);
    url_fini(&url);
    return failed;
}

/* curl, hey and others read a file there. */
void request_opts_say(const struct plan *plan)
{
    const char *body = plan->owned_body == NULL ? plan->body : NULL;
    if (body != NULL && body[0] == '@' && access(body + 1, R_OK) == 0)
        log_warn("-b sends the text '%.100s' as it is; -i %.100s sends what is in the file", body,
                 body + 1);
}
