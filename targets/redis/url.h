/* redis_url: where a Redis server listens and what it must be told first, taken apart.
 *
 * Shape   redis://[user:password@]HOST[:PORT][/DB] or redis+unix://[user:password@]/PATH[?db=N].
 *         In user, password and path there may be percent escapes; they are decoded here. HOST is a
 *         name, an IPv4 address or an IPv6 address in brackets; without a port it is 6379.
 *         ":password@" alone is for a server that knows no users.
 * Owner   redis_url_parse fills caller's storage, on success only; redis_url_fini frees the parts.
 * Errors  kind USAGE with what to write instead. No message repeats any of the text, for any of it
 *         may be a secret that was written without its escapes.
 * Source  RFC 3986; the schemes as redis-cli and redis-py have them (theirs for a socket is
 *         "unix://").
 */
#ifndef TARGETS_REDIS_URL_H
#define TARGETS_REDIS_URL_H

#include <stdint.h>

#include "base/err.h"

struct redis_url {
    char *host; /* without brackets; NULL: a socket */
    uint16_t port;
    char *path;            /* of the socket, absolute; NULL: a host */
    char *user, *password; /* NULL when there is none; a user has a password, maybe "" */
    int db;
    char *shown; /* the URL without user and password: what may be printed and stored */
};

int redis_url_parse(const char *text, struct redis_url *out, struct err *err);
void redis_url_fini(struct redis_url *u);

#endif
