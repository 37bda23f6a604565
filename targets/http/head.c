#include "targets/http/head.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "targets/work/host_name.h"

static const char *const names[HEAD_FIELDS] = {
    [HEAD_HOST] = "host",
    [HEAD_ORIGIN] = "origin",
    [HEAD_CODINGS] = "transfer-encoding",
    [HEAD_EXPECT] = "expect",
    [HEAD_FETCH_SITE] = "sec-fetch-site",
    [HEAD_FETCH_DEST] = "sec-fetch-dest",
    [HEAD_FETCH_USER] = "sec-fetch-user",
};

void head_begin(struct head *h)
{
    for (int i = 0; i < HEAD_FIELDS; i++) {
        h->values[i].text[0] = '\0';
        h->values[i].len = 0;
        h->values[i].lines = 0;
        h->values[i].is_long = false;
    }
    h->name_len = 0;
    h->in_value = false;
}

bool head_add_name(struct head *h, const char *at, size_t len)
{
    if (h->in_value)
        h->name_len = 0;
    h->in_value = false;
    for (size_t i = 0; i < len; i++, h->name_len++) {
        if (at[i] == ' ' || at[i] == '\t')
            return false;
        if (h->name_len < sizeof h->name)
            h->name[h->name_len] = at[i];
    }
    return true;
}

static enum head_field find_field(const struct head *h)
{
    for (int i = HEAD_OTHER + 1; i < HEAD_FIELDS; i++) {
        if (h->name_len == strlen(names[i]) && strncasecmp(h->name, names[i], h->name_len) == 0)
            return (enum head_field)i;
    }
    return HEAD_OTHER;
}

static void keep(struct head *h, const char *at, size_t len)
{
    size_t room = HEAD_VALUE_BYTES - 1 - h->values[h->field].len;
    char *end = h->values[h->field].text + h->values[h->field].len;
    if (len > room)
        h->values[h->field].is_long = true;
    len = len > room ? room : len;
    memcpy(end, at, len);
    end[len] = '\0';
    h->values[h->field].len += len;
}

void head_add_value(struct head *h, const char *at, size_t len)
{
    if (!h->in_value) {
        h->field = find_field(h);
        if (h->values[h->field].lines++ > 0 && h->field != HEAD_OTHER)
            keep(h, ", ", 2);
    }
    h->in_value = true;
    if (h->field != HEAD_OTHER)
        keep(h, at, len);
}

const char *head_text(const struct head *h, enum head_field field)
{
    return h->values[field].text;
}

bool head_is_whole(const struct head *h, enum head_field field)
{
    return !h->values[field].is_long;
}

/* ---- the check ---- */

static void trim_end(char *text)
{
    size_t len = strlen(text);
    while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t'))
        text[--len] = '\0';
}

static int refuse(int status, const char *text, const char **why)
{
    *why = text;
    return status;
}

/* HTTP/1.0 need not send a Host header. */
static int check_host(struct head *h, unsigned minor, const char **why)
{
    char name[HOST_NAME_BYTES];
    char *text = h->values[HEAD_HOST].text;
    if (h->values[HEAD_HOST].lines == 0)
        return minor == 0 ? 0 : refuse(400, "a request of HTTP/1.1 needs a Host header", why);
    if (h->values[HEAD_HOST].lines > 1)
        return refuse(400, "there is more than one Host header", why);
    if (h->values[HEAD_HOST].is_long || !host_name_read(text, name))
        return refuse(400, "the Host header is not a host, or a host and a port", why);
    memcpy(text, name, strlen(name) + 1);
    return 0;
}

/* Only "chunked", once. The parser takes care of a Content-Length beside it. */
static int check_codings(const struct head *h, unsigned minor, const char **why)
{
    const char *p = h->values[HEAD_CODINGS].text;
    int codings = 0;
    if (h->values[HEAD_CODINGS].lines == 0)
        return 0;
    if (minor == 0)
        return refuse(400, "HTTP/1.0 has no Transfer-Encoding", why);
    if (!head_is_whole(h, HEAD_CODINGS))
        return refuse(501, "Transfer-Encoding is too long", why);
    while (*(p += strspn(p, ", \t")) != '\0') {
        size_t len = strcspn(p, ",");
        const char *end = p + len;
        while (end > p && isblank((unsigned char)end[-1]) != 0)
            end--;
        if (end - p != 7 || strncasecmp(p, "chunked", 7) != 0)
            return refuse(501, "the only known transfer coding is chunked", why);
        codings++;
        p += len;
    }
    return codings == 1 ? 0 : refuse(400, "Transfer-Encoding must name chunked once", why);
}

/* HTTP/1.0 does not know the header. */
static int check_expect(const struct head *h, unsigned minor, const char **why)
{
    if (minor == 0 || h->values[HEAD_EXPECT].lines == 0 ||
        strcasecmp(h->values[HEAD_EXPECT].text, "100-continue") == 0)
        return 0;
    return refuse(417, "this server meets no expectation but 100-continue", why);
}

int head_check(struct head *h, unsigned major, unsigned minor, const char **why)
{
    for (int i = HEAD_OTHER + 1; i < HEAD_FIELDS; i++)
        trim_end(h->values[i].text);
    if (major != 1)
        return refuse(505, "this server knows HTTP/1.1 and HTTP/1.0", why);
    int status = check_host(h, minor, why);
    if (status == 0)
        status = check_codings(h, minor, why);
    return status != 0 ? status : check_expect(h, minor, why);
}
