#include "http2/request.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/str.h"

/* The names that are not in the request, in the order in which they are sent. */
#define PSEUDO_NAMES ":method:scheme:authority:path"
enum { PSEUDO_METHOD, PSEUDO_SCHEME, PSEUDO_AUTHORITY, PSEUDO_PATH, PSEUDO_COUNT };
static const size_t pseudo_lens[PSEUDO_COUNT] = {7, 7, 10, 5};

/* Bytes that a field may take beside its own, whatever HPACK does with it. */
#define FIELD_EXTRA 12

static int no_request(struct err *err)
{
    return err_set(err, ERR_USAGE, "not a request of HTTP/1.1");
}

static void set_value(nghttp2_nv *field, char *value, size_t len)
{
    field->value = (uint8_t *)value;
    field->valuelen = len;
}

static bool is_named(const nghttp2_nv *field, const char *name)
{
    return field->namelen == strlen(name) && memcmp(field->name, name, field->namelen) == 0;
}

static bool is_for_connection(const nghttp2_nv *field)
{
    static const char *const names[] = {"connection",        "keep-alive", "proxy-connection",
                                        "transfer-encoding", "upgrade",    "http2-settings"};
    static const char trailers[] = "trailers";
    for (size_t i = 0; i < LEN(names); i++) {
        if (is_named(field, names[i]))
            return true;
    }
    return is_named(field, "te") &&
           (field->valuelen != sizeof trailers - 1 ||
            strncasecmp((const char *)field->value, trailers, field->valuelen) != 0);
}

static int add_authority(struct h2_request *r, const nghttp2_nv *host, struct err *err)
{
    nghttp2_nv *authority = &r->fields[PSEUDO_AUTHORITY];
    if (authority->value != NULL)
        return err_set(err, ERR_USAGE, "two Host headers; HTTP/2 sends one");
    set_value(authority, (char *)host->value, host->valuelen);
    return 0;
}

/* "Name: value", whose name becomes lower case in its place. */
static int add_line(struct h2_request *r, char *line, char *end, struct err *err)
{
    char *colon = memchr(line, ':', (size_t)(end - line));
    if (colon == NULL || colon == line)
        return no_request(err);
    for (char *p = line; p < colon; p++) {
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    }
    char *value = colon + 1;
    while (value < end && *value == ' ')
        value++;
    nghttp2_nv field = {.name = (uint8_t *)line, .namelen = (size_t)(colon - line)};
    set_value(&field, value, (size_t)(end - value));
    if (is_named(&field, "host"))
        return add_authority(r, &field, err);
    if (!is_for_connection(&field))
        r->fields[r->nfields++] = field;
    return 0;
}

/* "GET /path HTTP/1.1" */
static int add_request_line(struct h2_request *r, char *line, char *end, struct err *err)
{
    static const char version[] = " HTTP/1.1";
    char *path = memchr(line, ' ', (size_t)(end - line));
    char *path_end = end - (sizeof version - 1);
    if (path == NULL || path_end <= path + 1 || memcmp(path_end, version, sizeof version - 1) != 0)
        return no_request(err);
    set_value(&r->fields[PSEUDO_METHOD], line, (size_t)(path - line));
    set_value(&r->fields[PSEUDO_PATH], path + 1, (size_t)(path_end - path) - 1);
    r->is_head = path - line == 4 && memcmp(line, "HEAD", 4) == 0;
    return 0;
}

/* All lines of a head; each ends in CR LF. */
static int add_lines(struct h2_request *r, char *head, size_t len, struct err *err)
{
    char *end = head + len;
    int result = 0;
    for (char *line = head; line < end && result == 0;) {
        char *line_end = memmem(line, (size_t)(end - line), "\r\n", 2);
        if (line_end == NULL)
            return no_request(err);
        result = line == head ? add_request_line(r, line, line_end, err)
                              : add_line(r, line, line_end, err);
        line = line_end + 2;
    }
    return result;
}

/* Their names, and the value of :scheme, stand at the start of the text. Returns where they end. */
static char *add_pseudo(struct h2_request *r, size_t scheme_len)
{
    char *name = r->text;
    for (size_t i = 0; i < PSEUDO_COUNT; i++) {
        r->fields[i] = (nghttp2_nv){.name = (uint8_t *)name, .namelen = pseudo_lens[i]};
        name += pseudo_lens[i];
    }
    r->nfields = PSEUDO_COUNT;
    set_value(&r->fields[PSEUDO_SCHEME], name, scheme_len);
    return name + scheme_len;
}

static int check(const struct h2_request *r, struct err *err)
{
    size_t bytes = 0;
    if (r->fields[PSEUDO_AUTHORITY].valuelen == 0)
        return err_set(err, ERR_USAGE, "HTTP/2 needs a Host");
    for (size_t i = 0; i < r->nfields; i++) {
        r->fields[i].flags = NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE;
        bytes += r->fields[i].namelen + r->fields[i].valuelen + FIELD_EXTRA;
    }
    if (bytes > H2_REQUEST_HEAD_MAX)
        return err_set(
            err, ERR_USAGE,
            "the head of the request is too large for HTTP/2: %zu bytes, at most " STR_NUMBER(
                H2_REQUEST_HEAD_MAX),
            bytes);
    return 0;
}

static size_t count_lines(const char *head, size_t len)
{
    size_t count = 0;
    for (size_t i = 0; i < len; i++)
        count += head[i] == '\n';
    return count;
}

/* Room for a request whose head is of this size. */
static void reserve(struct h2_request *r, size_t text_size, size_t nfields)
{
    if (text_size > r->text_size) {
        r->text = mem_grow(r->text, text_size, 1);
        r->text_size = text_size;
    }
    if (nfields > r->fields_size) {
        r->fields = mem_grow(r->fields, nfields, sizeof *r->fields);
        r->fields_size = nfields;
    }
}

int h2_request_set(struct h2_request *r, const char *text, size_t len, const char *scheme,
                   struct err *err)
{
    const char *blank = memmem(text, len, "\r\n\r\n", 4);
    if (blank == NULL)
        return no_request(err);
    size_t head_len = (size_t)(blank - text) + 2;
    size_t scheme_len = strlen(scheme);
    r->body_len = len - head_len - 2;
    r->body = r->body_len > 0 ? blank + 4 : NULL;
    reserve(r, sizeof PSEUDO_NAMES - 1 + scheme_len + head_len,
            PSEUDO_COUNT + count_lines(text, head_len));
    memcpy(r->text, PSEUDO_NAMES, sizeof PSEUDO_NAMES - 1);
    memcpy(r->text + sizeof PSEUDO_NAMES - 1, scheme, scheme_len);
    char *head = add_pseudo(r, scheme_len);
    memcpy(head, text, head_len);
    return add_lines(r, head, head_len, err) == 0 && check(r, err) == 0 ? 0 : -1;
}

int h2_request_init(struct h2_request *r, const char *text, size_t len, const char *scheme,
                    struct err *err)
{
    *r = (struct h2_request){0};
    if (h2_request_set(r, text, len, scheme, err) == 0)
        return 0;
    h2_request_fini(r);
    return -1;
}

void h2_request_fini(struct h2_request *r)
{
    free(r->fields);
    free(r->text);
    *r = (struct h2_request){0};
}
