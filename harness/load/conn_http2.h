/* conn_http2: what the HTTP/2 connections of one thread share.
 *
 * Shape   http2_env_new makes it, of the request that HTTP/1.1 would send.
 * Owner   the thread's; http2_env_free after its conns.
 * Errors  kind USAGE: those of http2/request.h and http2/client.h.
 */
#ifndef LOAD_CONN_HTTP2_H
#define LOAD_CONN_HTTP2_H

#include "base/err.h"
#include "load/spec.h"

struct http2_env;

struct http2_env *http2_env_new(const struct load_spec *spec, struct err *err);
void http2_env_free(struct http2_env *env); /* NULL is fine */

#endif
