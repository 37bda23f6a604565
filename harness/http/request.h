/* request: the bytes that are sent, built once before the run.
 *
 * Shape   request_build adds one whole HTTP/1.1 request to the buf.
 *         Default headers: Host, Connection: keep-alive (or close), User-Agent; Authorization:
 * Basic where the URL has userinfo; Content-Length where there is a body, and with POST, PUT and
 * PATCH, unless the user gives Transfer-Encoding. A header given by the user replaces the default
 * of the same name; the same name given twice is sent twice. A proxy gets the whole URL, and
 * Proxy-Authorization where its own has userinfo. A header that says where the request ends, or for
 * which host it is, is only sent if it is right, unless the headers are raw: a server may take the
 * rest of a wrong one for a second request. Owner   the bytes go into the caller's buf, which is as
 * it was after an error. Errors  kind USAGE: a method that is not a token, or CONNECT; a header
 * that is not "Name: value" or "Name=value" (the first of the two signs decides), whose name is not
 * a token or whose value has a line break or another control character; a request larger than the
 * buf may be; two Host or Content-Length headers, a Host that is not a host, a Content-Length other
 *         than the body's, and Transfer-Encoding.
 * Source  RFC 9110 (fields, tokens, 8.6 Content-Length, 9.3.6 CONNECT), RFC 9112 (request line,
 *         3.2.2 absolute form, Host), RFC 7617 (Basic), RFC 4648 (base64).
 */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "http/url.h"

struct request_spec {
    const char *method; /* sent as it is: methods are case-sensitive */
    const struct url *url;
    const struct url *proxy; /* that it is sent to; NULL: to the host itself, or through a tunnel */
    const struct str_list *headers; /* "Name: value" or "Name=value"; may be NULL */
    const char *body;               /* NULL: none */
    size_t body_len;
    bool closes;      /* the default is Connection: close */
    bool raw_headers; /* framing headers are sent as they are given */
};

/* Whether the headers have "Connection: close": then each request ends its connection (RFC 9112,
 * 9.6). */
bool request_closes(const struct str_list *headers);

int request_build(const struct request_spec *spec, struct buf *out, struct err *err);

/* Asks the proxy for a tunnel to the host and port of `to`. Its reply has no body. */
void request_build_connect(const struct url *to, const struct url *proxy, struct buf *out);

/* The usual methods in capitals, as they are sent: a server may take "head" for HEAD, and its reply
 * would be misread. Others are case-sensitive and stay. */
const char *request_method(const char *given);

#endif
