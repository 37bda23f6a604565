/* request: the bytes that are sent, built once before the run.
 *
 * Shape   request_build adds one whole HTTP/1.1 request to the buf.
 *         Default headers: Host, Connection: keep-alive, User-Agent; Authorization: Basic where
 *         the URL has userinfo; Content-Length where there is a body, and with POST, PUT and PATCH,
 *         unless the user gives Transfer-Encoding. A header given by the user replaces the
 *         default of the same name; the same name given twice is sent twice.
 * Owner   the bytes go into the caller's buf, which is as it was after an error.
 * Errors  kind USAGE: a method that is no token, or CONNECT; a header that is not "Name: value" or
 *         "Name=value" (the first of the two signs decides), whose name is no token or whose value
 *         has a line break or another control character; a request larger than the buf may be.
 * Source  RFC 9110 (fields, tokens, 8.6 Content-Length), RFC 9112 (request line, Host), RFC 7617
 *         (Basic), RFC 4648 (base64).
 */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "http/url.h"

struct request_spec {
    const char *method; /* sent as it is: methods are case-sensitive */
    const struct url *url;
    const struct str_list *headers; /* "Name: value" or "Name=value"; may be NULL */
    const char *body;               /* NULL: none */
    size_t body_len;
};

int request_build(const struct request_spec *spec, struct buf *out, struct err *err);

#endif
