#include "targets/redis/url.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "base/mem.h"
#include "base/str.h"

#define TCP_SCHEME  "redis://"
#define UNIX_SCHEME "redis+unix://"
#define REDIS_PORT  6379
#define HOST_MAX    253 /* RFC 1035 */
#define SOCKET_MAX  (sizeof((struct sockaddr_un *)NULL)->sun_path - 1)
#define DB_DIGITS   6
#define FORM        "redis://[user:password@]HOST[:PORT][/DB]"
#define UNIX_FORM   "redis+unix:///PATH[?db=N]"
#define ESCAPES_HINT                                                                               \
    "'/', '@', ':', '?' and '%%' in a user or password are written as %%2F, "                      \
    "%%40, %%3A, %%3F and %%25"

/* Part of the text. */
struct span {
    const char *at;
    size_t len;
};

static int check_bytes(const char *text, struct err *err)
{
    for (const char *p = text; *p != '\0'; p++) {
        unsigned byte = (unsigned char)*p;
        if (byte <= ' ' || byte >= 0x7f)
            return err_set(err, ERR_USAGE,
                           "a Redis URL cannot contain blanks, control characters or bytes "
                           "beyond ASCII; write them percent-encoded, a blank as %%20");
    }
    return 0;
}

/* --- percent escapes --- */

/* NULL with err set when an escape is malformed or is a NUL. */
static char *decode(struct span s, const char *what, struct err *err)
{
    char *decoded = mem_zalloc(s.len + 1);
    size_t len = 0;
    for (const char *p = s.at, *end = s.at + s.len; p < end; p++) {
        int byte = *p == '%' ? str_percent_byte(p, end) : *p;
        if (byte <= 0) {
            free(decoded);
            (void)err_set(
                err, ERR_USAGE,
                "the %s of a Redis URL has a '%%' without two hexadecimal digits after it, "
                "or with 00; a '%%' itself is written as %%25",
                what);
            return NULL;
        }
        p += *p == '%' ? 2 : 0;
        decoded[len++] = (char)byte;
    }
    return decoded;
}

/* --- the parts --- */

static int parse_userinfo(struct span s, struct redis_url *out, struct err *err)
{
    const char *colon = memchr(s.at, ':', s.len);
    if (s.len == 0)
        return 0;
    if (colon == NULL)
        return err_set(err, ERR_USAGE,
                       "a Redis URL with a user needs a password as well: user:password@, or "
                       ":password@ for a server without users");
    struct span user = {s.at, (size_t)(colon - s.at)};
    struct span password = {colon + 1, s.len - user.len - 1};
    if (user.len == 0 && password.len == 0)
        return 0;
    out->user = user.len == 0 ? NULL : decode(user, "user", err);
    if (user.len > 0 && out->user == NULL)
        return -1;
    out->password = decode(password, "password", err);
    return out->password == NULL ? -1 : 0;
}

/* Digits only, and too few to overflow. */
static bool parse_number(struct span s, int *out)
{
    int number = 0;
    if (s.len == 0 || s.len > DB_DIGITS)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
        number = number * 10 + (s.at[i] - '0');
    }
    *out = number;
    return true;
}

static int parse_db(struct span s, struct redis_url *out, struct err *err)
{
    if (parse_number(s, &out->db))
        return 0;
    return err_set(err, ERR_USAGE,
                   "the database of a Redis URL must be a number such as 0 and nothing may follow "
                   "it: " FORM "; " ESCAPES_HINT);
}

static int parse_port(struct span s, struct redis_url *out, struct err *err)
{
    int port = 0;
    if (!parse_number(s, &port) || port < 1 || port > UINT16_MAX)
        return err_set(err, ERR_USAGE,
                       "the port of a Redis URL must be 1 to 65535: " FORM "; " ESCAPES_HINT);
    out->port = (uint16_t)port;
    return 0;
}

static bool is_name(struct span s)
{
    if (s.len == 0 || s.len > HOST_MAX)
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (isalnum((unsigned char)s.at[i]) == 0 && strchr("-._", s.at[i]) == NULL)
            return false;
    return true;
}

static bool is_ipv6(const char *text)
{
    struct in6_addr ignored;
    return inet_pton(AF_INET6, text, &ignored) == 1;
}

/* `s` begins with a bracket; *rest is what follows the closing one. */
static int parse_ipv6(struct span s, struct redis_url *out, struct span *rest, struct err *err)
{
    const char *close = memchr(s.at, ']', s.len);
    size_t len = close == NULL ? 0 : (size_t)(close - s.at - 1);
    out->host = mem_strndup(s.at + 1, len);
    if (close == NULL || !is_ipv6(out->host))
        return err_set(err, ERR_USAGE,
                       "the brackets of a Redis URL must contain an IPv6 address, such as [::1]");
    *rest = (struct span){close + 1, s.len - len - 2};
    return 0;
}

static int parse_host(struct span s, struct redis_url *out, struct err *err)
{
    struct span rest = {s.at + s.len, 0};
    if (s.len > 0 && s.at[0] == '[') {
        if (parse_ipv6(s, out, &rest, err) < 0)
            return -1;
    } else {
        const char *colon = memchr(s.at, ':', s.len);
        struct span host = {s.at, colon == NULL ? s.len : (size_t)(colon - s.at)};
        if (!is_name(host))
            return err_set(err, ERR_USAGE,
                           "a Redis URL needs a host (an IPv6 address in brackets): " FORM
                           "; " ESCAPES_HINT);
        out->host = mem_strndup(host.at, host.len);
        rest = (struct span){s.at + host.len, s.len - host.len};
    }
    out->port = REDIS_PORT;
    if (rest.len == 0)
        return 0;
    if (rest.at[0] != ':')
        return err_set(err, ERR_USAGE, "only a :PORT may follow the host of a Redis URL");
    return parse_port((struct span){rest.at + 1, rest.len - 1}, out, err);
}

/* Cuts off what precedes the last '@' of *s, and returns it. */
static struct span cut_userinfo(struct span *s)
{
    const char *at = memrchr(s->at, '@', s->len);
    struct span userinfo = {s->at, at == NULL ? 0 : (size_t)(at - s->at)};
    if (at != NULL)
        *s = (struct span){at + 1, s->len - userinfo.len - 1};
    return userinfo;
}

/* --- the two schemes; the text begins after "//" --- */

static int parse_tcp(const char *text, struct redis_url *out, struct err *err)
{
    struct span authority = {text, strcspn(text, "/?#")};
    const char *path = text + authority.len;
    struct span userinfo = cut_userinfo(&authority);
    struct span db = {path + 1, *path == '\0' ? 0 : strlen(path + 1)};
    if (*path == '?' || *path == '#')
        return err_set(err, ERR_USAGE,
                       "a Redis URL has no '?' and no '#': " FORM "; " ESCAPES_HINT);
    if (parse_userinfo(userinfo, out, err) < 0 || parse_host(authority, out, err) < 0 ||
        (db.len > 0 && parse_db(db, out, err) < 0))
        return -1;
    bool is_bracketed = *authority.at == '[';
    const char *open = is_bracketed ? "[" : "";
    const char *close = is_bracketed ? "]" : "";
    out->shown =
        out->db == 0
            ? mem_printf(TCP_SCHEME "%s%s%s:%d", open, out->host, close, out->port)
            : mem_printf(TCP_SCHEME "%s%s%s:%d/%d", open, out->host, close, out->port, out->db);
    return 0;
}

static int parse_socket(const char *text, struct redis_url *out, struct err *err)
{
    struct span authority = {text, strcspn(text, "/?#")};
    struct span path = {text + authority.len, strcspn(text + authority.len, "?#")};
    const char *query = path.at + path.len;
    struct span userinfo = cut_userinfo(&authority);
    if (authority.len > 0 || path.len < 2)
        return err_set(
            err, ERR_USAGE,
            "a Redis URL of a socket needs its absolute path, after three '/': " UNIX_FORM
            "; " ESCAPES_HINT);
    if (*query != '\0' && !str_starts(query, "?db="))
        return err_set(err, ERR_USAGE, "only ?db=N may follow the path: " UNIX_FORM);
    if (parse_userinfo(userinfo, out, err) < 0)
        return -1;
    if (*query != '\0' && parse_db((struct span){query + 4, strlen(query + 4)}, out, err) < 0)
        return -1;
    out->path = decode(path, "path", err);
    if (out->path == NULL)
        return -1;
    if (strlen(out->path) > SOCKET_MAX)
        return err_set(err, ERR_USAGE, "the path of a socket has at most %zu bytes, not %zu",
                       SOCKET_MAX, strlen(out->path));
    out->shown = mem_printf(UNIX_SCHEME "%.*s%s", (int)path.len, path.at, query);
    return 0;
}

int redis_url_parse(const char *text, struct redis_url *out, struct err *err)
{
    struct redis_url u = {0};
    int failed = check_bytes(text, err);
    if (failed == 0 && str_starts_as_scheme(text, TCP_SCHEME))
        failed = parse_tcp(text + strlen(TCP_SCHEME), &u, err);
    else if (failed == 0 && str_starts_as_scheme(text, UNIX_SCHEME))
        failed = parse_socket(text + strlen(UNIX_SCHEME), &u, err);
    else if (failed == 0 && str_starts_as_scheme(text, "rediss://"))
        failed = err_set(err, ERR_USAGE,
                         "rediss:// (TLS) is not supported; use redis:// to a tunnel such as "
                         "stunnel's");
    else if (failed == 0)
        failed = err_set(err, ERR_USAGE, "not a Redis URL: " FORM " or " UNIX_FORM);
    if (failed < 0) {
        redis_url_fini(&u);
        return -1;
    }
    *out = u;
    return 0;
}

void redis_url_fini(struct redis_url *u)
{
    free(u->host);
    free(u->path);
    free(u->user);
    free(u->password);
    free(u->shown);
    *u = (struct redis_url){0};
}
