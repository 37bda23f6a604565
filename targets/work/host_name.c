#include "targets/work/host_name.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Bytes of the name at the start of `text`: letters, digits, "%41" and what RFC 3986 calls
 * unreserved characters and sub-delimiters. */
static size_t name_bytes(const char *text)
{
    const char *p = text;
    for (;;) {
        bool escape =
            p[0] == '%' && isxdigit((unsigned char)p[1]) != 0 && isxdigit((unsigned char)p[2]) != 0;
        bool plain = isalnum((unsigned char)*p) != 0 ||
                     (*p != '\0' && strchr("-._~!$&'()*+,;=", *p) != NULL);
        if (!escape && !plain)
            return (size_t)(p - text);
        p += escape ? 3 : 1;
    }
}

bool host_name_read(const char *text, char name[HOST_NAME_BYTES])
{
    struct in6_addr address;
    bool bracketed = *text == '[';
    const char *start = text + (bracketed ? 1 : 0);
    size_t len = bracketed ? strcspn(start, "]") : name_bytes(start);
    const char *rest = start + len;
    if (len == 0 || len >= HOST_NAME_BYTES || (bracketed && *rest++ != ']'))
        return false;
    memcpy(name, start, len);
    name[len] = '\0';
    if (bracketed && inet_pton(AF_INET6, name, &address) != 1)
        return false;
    rest += *rest == ':' ? 1 + strspn(rest + 1, "0123456789") : 0;
    return *rest == '\0';
}

bool host_name_is_plain(const char *text)
{
    char name[HOST_NAME_BYTES];
    struct in6_addr address;
    if (inet_pton(AF_INET6, text, &address) == 1)
        return true;
    if (strpbrk(text, "*,") != NULL)
        return false; /* a pattern or a list: no client calls a server so */
    return host_name_read(text, name) && strlen(text) == strlen(name) + (*text == '[' ? 2 : 0);
}

static bool is_loopback4(const struct in_addr *address)
{
    return ntohl(address->s_addr) >> 24 == 127;
}

bool host_name_is_loopback(const char *name)
{
    struct in_addr four;
    struct in6_addr six;
    if (inet_pton(AF_INET6, name, &six) == 1) {
        memcpy(&four, &six.s6_addr[12], sizeof four);
        return IN6_IS_ADDR_LOOPBACK(&six) || (IN6_IS_ADDR_V4MAPPED(&six) && is_loopback4(&four));
    }
    /* As clients read it: "127.1" is an address too. No name of the DNS looks like one. */
    return (inet_aton(name, &four) != 0 && is_loopback4(&four)) ||
           host_name_equals(name, "localhost");
}

static size_t without_dot(const char *name)
{
    size_t len = strlen(name);
    return len > 1 && name[len - 1] == '.' ? len - 1 : len;
}

bool host_name_equals(const char *a, const char *b)
{
    struct in6_addr one;
    struct in6_addr other;
    if (inet_pton(AF_INET6, a, &one) == 1 && inet_pton(AF_INET6, b, &other) == 1)
        return memcmp(&one, &other, sizeof one) == 0;
    size_t len = without_dot(a);
    return len == without_dot(b) && strncasecmp(a, b, len) == 0;
}
