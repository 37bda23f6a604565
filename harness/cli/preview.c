#include "cli/preview.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/secret.h"
#include "cli/preview_list.h"
#include "http/request.h"
#include "http/url.h"
#include "http2/request.h"
#include "runner/body.h"
#include "runner/record.h"
#include "tls/client.h"
#include "tls/tls.h"

/* Reads the files that TLS needs, and checks its versions, ciphers and names. */
static int check_tls(const struct plan *plan, const struct url *url, struct err *err)
{
    if (strcmp(url->scheme, "https") != 0)
        return 0;
    struct tls_client *client = tls_client_new(&plan->tls, err);
    if (client == NULL)
        return -1;
    struct tls_context *context = tls_client_context(client, url->host, err);
    tls_client_free(client);
    tls_context_free(context);
    return context == NULL ? -1 : 0;
}

/* Checks that HTTP/2 can send it too. */
static int check_http2(const struct plan *plan, const struct buf *request, struct err *err)
{
    struct h2_request made;
    if (!plan->http2)
        return 0;
    if (h2_request_init(&made, request->data, request->len, plan_scheme(plan), err) < 0)
        return err_wrap(err, "--http2");
    h2_request_fini(&made);
    return 0;
}

/* Of several URLs, one behind the first. */
static int check_other(const struct plan *plan, const char *text, struct err *err)
{
    struct url url;
    if (url_parse(text, &url, err) < 0)
        return -1;
    int failed = check_tls(plan, &url, err);
    url_fini(&url);
    return failed;
}

static int parse_url(const struct plan *plan, struct url *url, struct err *err)
{
    char *text = NULL;
    const char *host = plan->bind != NULL ? plan->bind : "127.0.0.1";
    bool is_ipv6 = strchr(host, ':') != NULL;
    if (plan->url == NULL)
        text = mem_printf("%s://%s%s%s%s", plan_scheme(plan), is_ipv6 ? "[" : "", host,
                          is_ipv6 ? "]" : "", plan_path(plan));
    int failed = url_parse(text != NULL ? text : plan->url, url, err);
    free(text);
    return failed;
}

int preview_request(const struct plan *plan, struct buf *request, struct err *err)
{
    struct url url;
    if (parse_url(plan, &url, err) < 0)
        return -1;
    int failed =
        request_build(&(struct request_spec){.method = plan->method,
                                             .url = &url,
                                             .headers = &plan->headers,
                                             .raw_headers = plan->raw_headers,
                                             .closes = !plan->http2 && !plan_keeps_alive(plan),
                                             .body = plan->body,
                                             .body_len = plan->body_len},
                      request, err);
    if (failed == 0)
        failed = check_http2(plan, request, err);
    if (failed == 0 && (plan->requests.count > 0 || plan->requests.has_placeholders))
        failed = preview_list(plan, &url, NULL, NULL, err);
    if (failed == 0)
        failed = check_tls(plan, &url, err);
    for (size_t i = 0; i < plan->more_urls.count && failed == 0; i++)
        failed = check_other(plan, plan->more_urls.items[i], err);
    url_fini(&url);
    return failed;
}

/* One field in a line. */
static void add_fields(const struct plan *plan, const struct buf *request, struct buf *out)
{
    struct h2_request made;
    struct err err;
    if (h2_request_init(&made, request->data, request->len, plan_scheme(plan), &err) < 0)
        return; /* it was checked */
    for (size_t i = 0; i < made.nfields; i++) {
        const nghttp2_nv *f = &made.fields[i];
        char *raw = mem_printf("%.*s: %.*s", (int)f->namelen, (const char *)f->name,
                               (int)f->valuelen, (const char *)f->value);
        char *safe = secret_free(raw);
        buf_printf(out, "%s\n", safe);
        free(safe);
        free(raw);
    }
    buf_puts(out, "\n");
    h2_request_fini(&made);
}

/* Where the body begins. */
static const char *body_of(const struct buf *request)
{
    static const char end[] = "\r\n\r\n";
    const char *found = memmem(request->data, request->len, end, strlen(end));
    return found == NULL ? request->data + request->len : found + strlen(end);
}

static void add_lines(const struct buf *request, struct buf *out)
{
    size_t left = (size_t)(body_of(request) - request->data);
    for (const char *line = request->data; left > 0;) {
        const char *end = memchr(line, '\n', left);
        size_t len = end == NULL ? left : (size_t)(end - line) + 1;
        size_t words = len;
        while (words > 0 && strchr("\r\n", line[words - 1]) != NULL)
            words--;
        char *raw = mem_strndup(line, words);
        char *safe = secret_free(raw);
        buf_puts(out, safe);
        buf_add(out, line + words, len - words);
        free(safe);
        free(raw);
        line += len;
        left -= len;
    }
}

char *preview_text(const struct plan *plan, const struct buf *request)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    if (plan->http2)
        add_fields(plan, request, &out);
    else
        add_lines(request, &out);
    const char *body = body_of(request);
    char *start = body_start(body, request->len - (size_t)(body - request->data));
    char *safe = secret_free(start);
    buf_puts(&out, safe);
    free(safe);
    free(start);
    char *text = buf_take(&out);
    buf_fini(&out);
    return text;
}

void preview_show(const struct plan *plan, const struct buf *request, struct plan_shown *shown)
{
    struct url url;
    struct err err;
    shown->request = preview_text(plan, request);
    bool is_listed = plan->requests.count > 0 || plan->requests.has_placeholders;
    if (!is_listed || parse_url(plan, &url, &err) < 0)
        return;
    (void)preview_list(plan, &url, preview_text, &shown->requests, &err); /* it was checked */
    url_fini(&url);
}

static char *safe_urls(const struct plan *plan)
{
    struct buf text;
    char *safe = secret_free_url(plan->url);
    buf_init(&text, BUF_TEXT_MAX);
    buf_puts(&text, safe);
    free(safe);
    for (size_t i = 0; i < plan->more_urls.count; i++) {
        safe = secret_free_url(plan->more_urls.items[i]);
        buf_printf(&text, " %s", safe);
        free(safe);
    }
    char *urls = buf_take(&text);
    buf_fini(&text);
    return urls;
}

void preview_record(const struct run_options *options, const struct opt_line *line,
                    struct result *recorded)
{
    record_run(options, line, recorded);
    recorded->url = options->plan.url == NULL ? NULL : safe_urls(&options->plan);
}
