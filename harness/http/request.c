#include "http/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/base64.h"
#include "base/mem.h"

static bool is_token(const char *text, size_t len)
{
    static const char others[] = "!#$%&'*+-.^_`|~";
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        bool alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!alnum && memchr(others, c, sizeof others - 1) == NULL)
            return false;
    }
    return len > 0;
}

/* --- the user's headers --- */

#define HEADER_SHOWN 60 /* characters of one that is none */

struct header {
    const char *name, *value;
    size_t name_len, value_len;
};

/* What may be a secret, behind the first word, is not shown. */
static int header_none(const char *text, struct err *err)
{
    size_t shown = strcspn(text, " \t:=");
    return err_set(err, ERR_USAGE, "'%.*s%s' is not a header; write 'Name: value' or 'Name=value'",
                   (int)(shown < HEADER_SHOWN ? shown : HEADER_SHOWN), text,
                   text[shown] == '\0' ? "" : "...");
}

static int header_split(const char *text, struct header *h, struct err *err)
{
    h->name = text;
    h->name_len = strcspn(text, ":=");
    if (!is_token(text, h->name_len) || text[h->name_len] == '\0')
        return header_none(text, err);
    h->value = text + h->name_len + 1;
    h->value += strspn(h->value, " \t");
    h->value_len = strlen(h->value);
    while (h->value_len > 0 && strchr(" \t", h->value[h->value_len - 1]) != NULL)
        h->value_len--;
    for (size_t i = 0; i < h->value_len; i++) {
        unsigned byte = (unsigned char)h->value[i];
        if ((byte < ' ' && byte != '\t') || byte == 0x7f)
            return err_set(err, ERR_USAGE,
                           "the header %.*s has a line break or another control character",
                           (int)h->name_len, h->name);
    }
    return 0;
}

static bool is_given(const struct request_spec *spec, const char *name)
{
    size_t len = strlen(name);
    for (size_t i = 0; spec->headers != NULL && i < spec->headers->count; i++) {
        const char *text = spec->headers->items[i];
        if (strcspn(text, ":=") == len && strncasecmp(text, name, len) == 0)
            return true;
    }
    return false;
}

static int add_given(const struct request_spec *spec, struct buf *out, struct err *err)
{
    for (size_t i = 0; spec->headers != NULL && i < spec->headers->count; i++) {
        struct header h = {0};
        if (header_split(spec->headers->items[i], &h, err) < 0)
            return -1;
        buf_add(out, h.name, h.name_len);
        buf_puts(out, ": ");
        buf_add(out, h.value, h.value_len);
        buf_puts(out, "\r\n");
    }
    return 0;
}

/* --- headers that say where a request ends, and which host it is for --- */

#define RAW_HINT "; --raw-headers sends it anyway"

static bool is_named(const struct header *h, const char *name)
{
    return h->name_len == strlen(name) && strncasecmp(h->name, name, h->name_len) == 0;
}

/* "example.org", "127.0.0.1:8080", "[::1]:8080": what stands between "//" and "/" in a URL. */
static bool is_host(const char *value, size_t len)
{
    struct url url;
    struct err err;
    if (len > 0 && memchr(value, '#', len) != NULL) /* the URL would end there */
        return false;
    char *text = mem_printf("http://%.*s/", (int)len, value);
    bool is_url = url_parse(text, &url, &err) == 0;
    free(text);
    if (!is_url)
        return false;
    bool is_whole = strcmp(url.path, "/") == 0 && url.userinfo == NULL;
    url_fini(&url);
    return is_whole;
}

static bool is_length(const struct header *h, size_t body_len)
{
    char want[24];
    int len = snprintf(want, sizeof want, "%zu", body_len);
    return h->value != NULL && h->value_len == (size_t)len &&
           memcmp(h->value, want, (size_t)len) == 0;
}

static int check_framing(const struct request_spec *spec, const struct header *h, int *hosts,
                         int *lengths, struct err *err)
{
    if (is_named(h, "Transfer-Encoding"))
        return err_set(err, ERR_USAGE,
                       "Transfer-Encoding is not the user's to give: bench sends the body with its "
                       "Content-Length" RAW_HINT);
    if (is_named(h, "Host") && (*hosts)++ > 0)
        return err_set(err, ERR_USAGE, "two Host headers; give one" RAW_HINT);
    if (is_named(h, "Host") && !is_host(h->value, h->value_len))
        return err_set(err, ERR_USAGE,
                       "'%.*s' is not a Host; try example.org or 127.0.0.1:8080" RAW_HINT,
                       (int)h->value_len, h->value);
    if (is_named(h, "Content-Length") && (*lengths)++ > 0)
        return err_set(err, ERR_USAGE, "two Content-Length headers; give none" RAW_HINT);
    if (is_named(h, "Content-Length") && !is_length(h, spec->body == NULL ? 0 : spec->body_len))
        return err_set(err, ERR_USAGE, "a Content-Length of %.*s with a body of %zu bytes" RAW_HINT,
                       (int)h->value_len, h->value, spec->body == NULL ? 0 : spec->body_len);
    return 0;
}

static int check_given(const struct request_spec *spec, struct err *err)
{
    int hosts = 0;
    int lengths = 0;
    for (size_t i = 0; spec->headers != NULL && i < spec->headers->count; i++) {
        struct header h = {0};
        if (header_split(spec->headers->items[i], &h, err) < 0 ||
            (!spec->raw_headers && check_framing(spec, &h, &hosts, &lengths, err) < 0))
            return -1;
    }
    return 0;
}

/* One of the items of a list, "close, TE". */
static bool has_item(const struct header *h, const char *item)
{
    size_t want = strlen(item);
    const char *p = h->value;
    const char *end = h->value + h->value_len;
    while (p < end) {
        p += strspn(p, ", \t");
        size_t len = strcspn(p, ", \t");
        if (len == want && p + len <= end && strncasecmp(p, item, want) == 0)
            return true;
        p += len;
    }
    return false;
}

bool request_closes(const struct str_list *headers)
{
    bool closes = false;
    for (size_t i = 0; i < headers->count; i++) {
        struct header h = {0};
        struct err err;
        closes |= header_split(headers->items[i], &h, &err) == 0 && is_named(&h, "Connection") &&
                  has_item(&h, "close");
    }
    return closes;
}

/* --- the defaults --- */

static void add_credentials(const char *name, const char *userinfo, struct buf *out)
{
    char *pair = mem_printf("%s%s", userinfo, strchr(userinfo, ':') == NULL ? ":" : "");
    char *text = base64_encode(pair, strlen(pair));
    buf_printf(out, "%s: Basic %s\r\n", name, text);
    free(text);
    free(pair);
}

/* A server may wait for a body with these, where nothing says that there is none. */
const char *request_method(const char *given)
{
    static const char *const usual[] = {"GET",    "HEAD",    "POST",  "PUT",
                                        "DELETE", "OPTIONS", "PATCH", "TRACE"};
    for (size_t i = 0; i < LEN(usual); i++) {
        if (strcasecmp(given, usual[i]) == 0)
            return usual[i];
    }
    return given;
}

static bool means_body(const char *method)
{
    return strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0 ||
           strcmp(method, "PATCH") == 0;
}

static void add_defaults(const struct request_spec *spec, struct buf *out)
{
    if (!is_given(spec, "Host"))
        buf_printf(out, "Host: %s\r\n", spec->url->authority);
    if (!is_given(spec, "Connection"))
        buf_printf(out, "Connection: %s\r\n", spec->closes ? "close" : "keep-alive");
    if (!is_given(spec, "User-Agent"))
        buf_puts(out, "User-Agent: bench/" BENCH_VERSION "\r\n");
    if (spec->url->userinfo != NULL && !is_given(spec, "Authorization"))
        add_credentials("Authorization", spec->url->userinfo, out);
    if (spec->proxy != NULL && spec->proxy->userinfo != NULL &&
        !is_given(spec, "Proxy-Authorization"))
        add_credentials("Proxy-Authorization", spec->proxy->userinfo, out);
    if ((spec->body != NULL || means_body(spec->method)) && !is_given(spec, "Content-Length") &&
        !is_given(spec, "Transfer-Encoding"))
        buf_printf(out, "Content-Length: %zu\r\n", spec->body == NULL ? 0 : spec->body_len);
}

int request_build(const struct request_spec *spec, struct buf *out, struct err *err)
{
    struct buf b;
    if (!is_token(spec->method, strlen(spec->method)))
        return err_set(err, ERR_USAGE, "'%s' is not a method; try GET or POST", spec->method);
    if (strcmp(spec->method, "CONNECT") == 0)
        return err_set(err, ERR_USAGE, "CONNECT opens a tunnel, which bench cannot load");
    if (check_given(spec, err) < 0)
        return -1;
    buf_init(&b, out->max);
    buf_printf(&b, "%s %s HTTP/1.1\r\n", spec->method,
               spec->proxy == NULL ? spec->url->path : spec->url->text);
    add_defaults(spec, &b);
    int result = add_given(spec, &b, err);
    buf_puts(&b, "\r\n");
    if (spec->body != NULL)
        buf_add(&b, spec->body, spec->body_len);
    if (result == 0 && (b.overflow || b.len > out->max - out->len))
        result = err_set(err, ERR_USAGE, "the request is larger than %zu bytes", out->max);
    if (result == 0)
        buf_add(out, b.data, b.len);
    buf_fini(&b);
    return result;
}

void request_build_connect(const struct url *to, const struct url *proxy, struct buf *out)
{
    bool is_ipv6 = strchr(to->host, ':') != NULL;
    char *target = mem_printf("%s%s%s:%u", is_ipv6 ? "[" : "", to->host, is_ipv6 ? "]" : "",
                              (unsigned)to->port);
    buf_printf(out, "CONNECT %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: bench/" BENCH_VERSION "\r\n",
               target, target);
    if (proxy->userinfo != NULL)
        add_credentials("Proxy-Authorization", proxy->userinfo, out);
    buf_puts(out, "\r\n");
    free(target);
}
