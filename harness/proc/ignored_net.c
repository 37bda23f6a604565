#include "proc/ignored_net.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/str.h"

#define PREFIX "vir"

/* Bytes of an address, and how many of their bits count. */
struct net {
    int family; /* AF_UNSPEC: all but loopback */
    uint8_t bytes[16];
    unsigned bits;
};

static bool net_parse(const char *text, struct net *out)
{
    char base[INET6_ADDRSTRLEN];
    const char *slash = strchr(text, '/');
    size_t len = slash == NULL ? strlen(text) : (size_t)(slash - text);
    *out = (struct net){.family = AF_UNSPEC};
    if (len >= sizeof base)
        return false;
    memcpy(base, text, len);
    base[len] = '\0';
    out->family = strchr(base, ':') == NULL ? AF_INET : AF_INET6;
    unsigned most = out->family == AF_INET ? 32 : 128;
    long bits = slash == NULL ? (long)most : strtol(slash + 1, NULL, 10);
    out->bits = bits < 0 || bits > (long)most ? most : (unsigned)bits;
    return inet_pton(out->family, base, out->bytes) == 1;
}

static const uint8_t *bytes_of(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET)
        return (const uint8_t *)&((const struct sockaddr_in *)(const void *)address)->sin_addr;
    return (const uint8_t *)&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
}

static bool is_in(const struct net *net, const uint8_t *bytes)
{
    unsigned whole = net->bits / 8;
    unsigned rest = net->bits % 8;
    if (memcmp(net->bytes, bytes, whole) != 0)
        return false;
    return rest == 0 || (net->bytes[whole] ^ bytes[whole]) >> (8 - rest) == 0;
}

static bool is_meant(const struct ifaddrs *i, const struct net *net)
{
    if (i->ifa_addr == NULL || (i->ifa_flags & IFF_UP) == 0)
        return false;
    int family = i->ifa_addr->sa_family;
    if (net->family == AF_UNSPEC)
        return (family == AF_INET || family == AF_INET6) && (i->ifa_flags & IFF_LOOPBACK) == 0;
    return family == net->family && is_in(net, bytes_of(i->ifa_addr));
}

bool ignored_net(const char *where, char name[IF_NAMESIZE])
{
    struct net net = {.family = AF_UNSPEC};
    struct ifaddrs *all = NULL;
    bool any = false;
    bool are_ignored = true;
    if ((where != NULL && !net_parse(where, &net)) || getifaddrs(&all) < 0)
        return false;
    for (const struct ifaddrs *i = all; i != NULL; i = i->ifa_next) {
        if (!is_meant(i, &net))
            continue;
        are_ignored &= str_starts(i->ifa_name, PREFIX);
        if (!any)
            (void)snprintf(name, IF_NAMESIZE, "%s", i->ifa_name);
        any = true;
    }
    freeifaddrs(all);
    return any && are_ignored;
}
