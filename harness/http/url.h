/* url: an http or https address taken apart.
 *
 * Shape   all parts are copies, with their escapes except in userinfo; host has no brackets;
 *         path starts with '/' and holds the query, never the fragment.
 * Owner   url_parse fills caller's storage, on success only; url_fini frees the parts.
 * Errors  kind USAGE with what to write instead; no message repeats userinfo. Refused: schemes
 *         other than these, blanks, control characters and bytes past ASCII, an empty host or port,
 *         a port outside 1..65535, a zone id ("%25eth0"), a numeric host that is not an IPv4
 *         address in four parts, percent escapes in the host, an escaped control character in
 *         userinfo or a colon in its user name.
 * Source  RFC 3986, section 3; RFC 1123 names, with '_', which many names have; RFC 7617 (a user
 *         name has no colon). A missing scheme means http, as in autocannon. Other printable
 *         characters pass in a path although RFC 3986 wants some of them escaped: placeholders
 *         such as "[<id>]" are written with them.
 */
#ifndef HTTP_URL_H
#define HTTP_URL_H

#include <stdint.h>

#include "base/err.h"

struct url {
    char *scheme;   /* "http" or "https" */
    char *userinfo; /* "user:password", percent escapes decoded; NULL when there is none */
    char *host;     /* name, IPv4 or IPv6 (without brackets) */
    uint16_t port;
    char *path;      /* "/a/b?c=d" */
    char *authority; /* what the Host header says: host, brackets, port unless it is the scheme's
                        own */
    char *text;      /* the whole, without userinfo: safe to print and to store */
};

int url_parse(const char *text, struct url *out, struct err *err);
void url_fini(struct url *u);

#endif
