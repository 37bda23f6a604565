#include "http/url.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/str.h"

/* The first is what an address without a scheme has. */
static const struct scheme {
    const char *name;
    uint16_t port; /* where an address names none */
} schemes[] = {{"http", 80}, {"https", 443}};

/* A piece of the text that is parsed. */
struct span {
    const char *at;
    size_t len;
};

static bool is_ascii_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Every byte must be printable; the error gives the number of one that is not. */
static int check_bytes(const char *text, struct err *err)
{
    for (const char *p = text; *p != '\0'; p++) {
        unsigned byte = (unsigned char)*p;
        if (byte <= ' ' || byte >= 0x7f)
            return err_set(err, ERR_USAGE,
                           "a URL cannot hold the byte 0x%02x; write it percent-encoded, as %%%02X",
                           byte, byte);
    }
    return 0;
}

/* --- scheme --- */

static const struct scheme *parse_scheme(const char **rest, struct err *err)
{
    const char *text = *rest;
    size_t len = strcspn(text, ":/?#");
    if (strncmp(text + len, "://", 3) != 0)
        return &schemes[0];
    for (size_t i = 0; i < LEN(schemes); i++) {
        if (strlen(schemes[i].name) == len && strncasecmp(text, schemes[i].name, len) == 0) {
            *rest = text + len + 3;
            return &schemes[i];
        }
    }
    bool is_unix = len >= 4 && strncmp(text + len - 4, "unix", 4) == 0;
    (void)err_set(err, ERR_USAGE, "'%.*s://' is not supported; use http:// or https://%s",
                  len > 32 ? 32 : (int)len, text, is_unix ? ", and -S PATH for a unix socket" : "");
    return NULL;
}

/* --- userinfo --- */

/* The byte that "%41" at p stands for; -1 when there is none or it is a control character. */
static int escaped_byte(const char *p, const char *end)
{
    int byte = str_percent_byte(p, end);
    return byte < ' ' || byte == 0x7f ? -1 : byte;
}

static int parse_userinfo(struct span s, char **out, struct err *err)
{
    char *decoded = mem_zalloc(s.len + 1);
    size_t len = 0;
    bool in_name = true;
    for (const char *p = s.at, *end = s.at + s.len; p < end; p++) {
        int byte = *p == '%' ? escaped_byte(p, end) : *p;
        if (byte < 0 || (in_name && *p == '%' && byte == ':')) {
            free(decoded);
            return err_set(err, ERR_USAGE,
                           "the user name or password of the URL has a bad percent escape; "
                           "write each special character as %% and two hex digits");
        }
        in_name = in_name && *p != ':';
        decoded[len++] = (char)byte;
        p += *p == '%' ? 2 : 0;
    }
    *out = decoded;
    return 0;
}

/* --- host and port --- */

static int bad_host(struct span host, const char *why, struct err *err)
{
    return err_set(err, ERR_USAGE, "'%.*s' is not a host: %s", host.len > 255 ? 255 : (int)host.len,
                   host.at, why);
}

static int check_ipv6(struct span host, struct err *err)
{
    struct in6_addr address;
    if (memchr(host.at, '%', host.len) != NULL)
        return bad_host(host, "a zone id is not supported; use an address without one", err);
    char *text = mem_strndup(host.at, host.len);
    bool good = inet_pton(AF_INET6, text, &address) == 1;
    free(text);
    return good ? 0 : bad_host(host, "brackets hold an IPv6 address, such as [::1]", err);
}

/* Where the label that starts at p ends; NULL for one that is none. */
static const char *label_end(const char *p, const char *end)
{
    const char *start = p;
    while (p < end && (is_ascii_alnum(*p) || *p == '-' || *p == '_'))
        p++;
    if (p == start || p - start > 63 || *start == '-' || p[-1] == '-')
        return NULL;
    return p == end || *p == '.' ? p : NULL;
}

/* As browsers have it: a last label of digits alone makes it an IPv4 address, or nothing. */
static bool is_numeric(struct span host)
{
    size_t i = host.len;
    while (i > 0 && isdigit((unsigned char)host.at[i - 1]))
        i--;
    return i < host.len && (i == 0 || host.at[i - 1] == '.');
}

static int check_name(struct span host, struct err *err)
{
    const char *end = host.at + host.len;
    if (host.len > 253)
        return bad_host(host, "it is longer than 253 characters", err);
    if (is_numeric(host)) {
        struct in_addr address;
        char *text = mem_strndup(host.at, host.len);
        bool good = inet_pton(AF_INET, text, &address) == 1;
        free(text);
        return good ? 0 : bad_host(host, "an IPv4 address has four numbers up to 255", err);
    }
    for (const char *p = host.at; p < end; p++) { /* a dot may end the name */
        p = label_end(p, end);
        if (p == NULL)
            return bad_host(host, "a name has letters, digits, '-' and '_' between its dots", err);
    }
    return 0;
}

static int parse_port(struct span s, uint16_t *out, struct err *err)
{
    unsigned long port = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (!isdigit((unsigned char)s.at[i]) || port > UINT16_MAX) {
            port = 0;
            break;
        }
        port = port * 10 + (unsigned long)(s.at[i] - '0');
    }
    if (port < 1 || port > UINT16_MAX)
        return err_set(err, ERR_USAGE, "'%.*s' is not a port; it must be from 1 to 65535",
                       s.len > 32 ? 32 : (int)s.len, s.at);
    *out = (uint16_t)port;
    return 0;
}

/* "host", "host:port", "[v6]", "[v6]:port". */
static int parse_host(struct span s, const struct scheme *scheme, struct url *u, struct err *err)
{
    const char *end = s.at + s.len;
    bool bracket = s.len > 0 && s.at[0] == '[';
    const char *stop = memchr(s.at, bracket ? ']' : ':', s.len);
    if (bracket && stop == NULL)
        return bad_host(s, "a ']' is missing", err);
    struct span host = {s.at + bracket, (size_t)((stop == NULL ? end : stop) - s.at) - bracket};
    const char *rest = stop == NULL ? end : stop + bracket;
    if (host.len == 0)
        return err_set(err, ERR_USAGE, "the URL has no host; write %s://HOST[:PORT]/PATH",
                       scheme->name);
    if ((bracket ? check_ipv6(host, err) : check_name(host, err)) < 0)
        return -1;
    if (rest < end && *rest != ':')
        return bad_host(s, "only a port may follow the ']'", err);
    u->port = scheme->port;
    if (rest < end &&
        parse_port((struct span){rest + 1, (size_t)(end - rest - 1)}, &u->port, err) < 0)
        return -1;
    u->host = mem_strndup(host.at, host.len);
    const char *open = bracket ? "[" : "";
    const char *close = bracket ? "]" : "";
    u->authority = u->port == scheme->port
                       ? mem_printf("%s%s%s", open, u->host, close)
                       : mem_printf("%s%s%s:%u", open, u->host, close, (unsigned)u->port);
    return 0;
}

/* --- the whole --- */

static int parse_parts(const char *rest, const struct scheme *scheme, struct url *u,
                       struct err *err)
{
    struct span host = {rest, strcspn(rest, "/?#")};
    const char *path = rest + host.len;
    const char *at = memrchr(host.at, '@', host.len);
    if (at != NULL) {
        struct span userinfo = {host.at, (size_t)(at - host.at)};
        if (userinfo.len > 0 && parse_userinfo(userinfo, &u->userinfo, err) < 0)
            return -1;
        host = (struct span){at + 1, (size_t)(path - at) - 1};
    }
    if (parse_host(host, scheme, u, err) < 0)
        return -1;
    u->scheme = mem_strdup(scheme->name);
    u->path = mem_printf("%s%.*s", *path == '/' ? "" : "/", (int)strcspn(path, "#"), path);
    u->text = mem_printf("%s://%s%s", u->scheme, u->authority, u->path);
    return 0;
}

int url_parse(const char *text, struct url *out, struct err *err)
{
    struct url u = {0};
    const char *rest = text;
    if (check_bytes(text, err) < 0)
        return -1;
    const struct scheme *scheme = parse_scheme(&rest, err);
    if (scheme == NULL)
        return -1;
    if (parse_parts(rest, scheme, &u, err) < 0) {
        url_fini(&u);
        return -1;
    }
    *out = u;
    return 0;
}

void url_fini(struct url *u)
{
    free(u->scheme);
    free(u->userinfo);
    free(u->host);
    free(u->path);
    free(u->authority);
    free(u->text);
    *u = (struct url){0};
}
