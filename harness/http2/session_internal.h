/* session_internal: what the files of this room share; no other file includes it.
 *
 * Shape   session.c is what the caller calls. nghttp2 calls receive.c for what it read, and send.c,
 *         which has h2_session_take, for what it writes. Both tell stream.c when a stream or the
 *         session has its end; reason.c has the words for that.
 * Errors  callbacks return 0, or what makes nghttp2 reset a stream.
 */
#ifndef HTTP2_SESSION_INTERNAL_H
#define HTTP2_SESSION_INTERNAL_H

#include "http2/session.h"

void h2_receive_callbacks(nghttp2_session_callbacks *callbacks);
void h2_send_callbacks(nghttp2_session_callbacks *callbacks);
/* The body of a request, whose stream is the source. */
ssize_t h2_send_body(nghttp2_session *nghttp2, int32_t id, uint8_t *buf, size_t len,
                     uint32_t *flags, nghttp2_data_source *source, void *session);

/* --- stream.c --- */

void h2_stream_begin(struct h2_session *s, struct h2_stream *stream,
                     const struct h2_request *request);
/* It is open no more; on_end is not called. */
void h2_stream_leave(struct h2_session *s, struct h2_stream *stream);
/* The same, and tells it. */
void h2_stream_end(struct h2_session *s, struct h2_stream *stream, enum h2_end end,
                   const char *why);
/* nghttp2 still knows the stream, but no longer whose it is. */
void h2_stream_detach(struct h2_session *s, const struct h2_stream *stream);
/* Resets it as well. */
void h2_stream_abandon(struct h2_session *s, const struct h2_stream *stream);
/* nghttp2 cannot go on, because of this error. */
void h2_session_die(struct h2_session *s, int error);
/* A copy for people to read, as much as fits. */
void h2_text_copy(char text[H2_TEXT_MAX], const uint8_t *bytes, size_t len);

#endif
