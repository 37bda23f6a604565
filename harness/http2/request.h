/* request: a request as HTTP/2 sends it, made once from the bytes that HTTP/1.1 would send.
 *
 * Shape   h2_request_init takes what request_build of http/request.h made, so that all its checks
 *         and defaults hold here too. The request line and Host become :method, :scheme,
 *         :authority and :path, in this order and before all others; names become lower case.
 *         What is about one connection of HTTP/1.1 is left out: Connection, Keep-Alive,
 *         Proxy-Connection, Transfer-Encoding, Upgrade, HTTP2-Settings, and TE unless it says
 *         "trailers".
 *         Whether a header enters the HPACK table is left to nghttp2, as h2load does: all but
 *         Authorization and short cookies, which are never indexed, and :path, content-length and
 *         a few more, of which each may differ. So both send the same bytes.
 * Units   bytes.
 * Owner   h2_request_fini frees the names and values, which the fields lead to: nghttp2 makes no
 *         copy of them. The body stays where it is in `text`, which must outlive the request.
 * Errors  kind USAGE: no Host, or two; a head of more than H2_REQUEST_HEAD_MAX bytes; what is no
 *         request of HTTP/1.1.
 * Source  RFC 9113, 8.2.2 (connection-specific), 8.3.1 (pseudo-header fields); RFC 7541, 7.1.3.
 */
#ifndef HTTP2_REQUEST_H
#define HTTP2_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include <nghttp2/nghttp2.h>

#include "base/err.h"

/* A name and its value have 12 bytes more each time; nghttp2 sends up to 64 KiB. */
#define H2_REQUEST_HEAD_MAX 65000

struct h2_request {
    nghttp2_nv *fields;
    size_t nfields;
    const char *body; /* NULL: none */
    size_t body_len;
    bool is_head;                  /* its reply has no body */
    char *text;                    /* names and values */
    size_t text_size, fields_size; /* room that there is */
};

int h2_request_init(struct h2_request *r, const char *text, size_t len, const char *scheme,
                    struct err *err);
/* Makes it another request, in the same memory as far as that is enough; its streams have ended.
 * After an error it may be set again, or is freed. */
int h2_request_set(struct h2_request *r, const char *text, size_t len, const char *scheme,
                   struct err *err);
void h2_request_fini(struct h2_request *r);

#endif
