/* reason: why a reply or a connection of HTTP/2 cannot be used, in words.
 *
 * Shape   pure functions of what nghttp2 says and of what came so far.
 * Owner   all texts are constants.
 * Errors  none: what is not known has nghttp2's own word.
 * Source  which fault has which code: nghttp2's sources, 1.52; RFC 9113, 7 (codes), 8.1.1, 8.2
 *         and 8.3 (malformed messages).
 */
#ifndef HTTP2_REASON_H
#define HTTP2_REASON_H

#include "http2/stream.h"

/* --- a reply that is malformed --- */

/* nghttp2 found `error` in a frame of it, which ends the stream or does not. */
enum h2_frame_is { H2_FRAME_IN_BETWEEN, H2_FRAME_LAST };
const char *h2_reason_frame(const struct h2_stream *stream, int error, enum h2_frame_is is);
/* nghttp2 reset the stream itself, with this code. */
const char *h2_reason_closed(const struct h2_stream *stream, uint32_t code);

/* --- a connection --- */

/* nghttp2 ends it, and tells the peer this code. */
const char *h2_reason_goaway(uint32_t code);
/* nghttp2 cannot go on. */
const char *h2_reason_fatal(int error);
/* The peer's first bytes are no SETTINGS. */
const char *h2_reason_greeting(const uint8_t *bytes, size_t len);

#endif
