/* redis_url: the address of a Redis server, with the user, the password and the database.
 *
 * Shape   redis://[user:password@]HOST[:PORT][/DB] or redis+unix://[user:password@]/PATH[?db=N].
 *         User, password and path may have percent escapes, which are decoded here. HOST is a name,
 *         an IPv4 address or an IPv6 address in brackets; the default port is 6379. ":password@"
 *         alone is for a server without users.
 * Owner   redis_url_parse fills caller's storage, on success only; redis_url_fini frees the parts.
 * Errors  kind USAGE with what to write instead. No message repeats any of the text, since any part
 *         of it may be a secret that was written without its escapes.
 * Source  RFC 3986; the schemes of redis-cli and redis-py, whose scheme for a socket is "unix://".
 */
#ifndef TARGETS_REDIS_URL_H
#define TARGETS_REDIS_URL_H

#include <stdint.h>

#include "base/err.h"

struct redis_url {
    char *host; /* without brackets; NULL: a Unix socket */
    uint16_t port;
    char *path;            /* of the Unix socket, absolute; NULL: a host */
    char *user, *password; /* NULL: none; a user always has a password, maybe "" */
    int db;
    char *shown; /* the URL without user and password, to be printed and stored */
};

int redis_url_parse(const char *text, struct redis_url *out, struct err *err);
void redis_url_fini(struct redis_url *u);

#endif
