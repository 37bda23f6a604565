#include "http2/reason.h"

#include <string.h>

#include <nghttp2/nghttp2.h>

#include "http2/request.h"

static bool is_without_body(const struct h2_stream *stream)
{
    return stream->request->is_head || stream->status == 204 || stream->status == 304;
}

static const char *body_fault(const struct h2_stream *stream)
{
    return is_without_body(stream) ? "a body where none belongs"
                                   : "a body unlike its content-length";
}

/* A message whose frames are right, but not its parts. */
static const char *message_fault(const struct h2_stream *stream, enum h2_frame_is is)
{
    if (stream->status == 0)
        return "a head without a status";
    if (stream->status < 200)
        return "an interim reply that ends the stream";
    return is == H2_FRAME_LAST ? body_fault(stream) : "trailers that do not end the reply";
}

const char *h2_reason_frame(const struct h2_stream *stream, int error, enum h2_frame_is is)
{
    if (error == NGHTTP2_ERR_HTTP_MESSAGING)
        return message_fault(stream, is);
    if (error == NGHTTP2_ERR_FLOW_CONTROL)
        return "a window of more than 2^31 - 1 bytes";
    return "a header that HTTP/2 does not allow";
}

const char *h2_reason_closed(const struct h2_stream *stream, uint32_t code)
{
    if (code == NGHTTP2_FLOW_CONTROL_ERROR)
        return "windows that were not kept to";
    if (code != NGHTTP2_PROTOCOL_ERROR)
        return nghttp2_http2_strerror(code);
    return stream->status == 0 ? "a body before its head" : body_fault(stream);
}

const char *h2_reason_goaway(uint32_t code)
{
    switch (code) {
    case NGHTTP2_PROTOCOL_ERROR:
        return "frames that HTTP/2 does not allow";
    case NGHTTP2_FLOW_CONTROL_ERROR:
        return "windows that were not kept to";
    case NGHTTP2_STREAM_CLOSED:
        return "frames behind the end of a reply";
    case NGHTTP2_FRAME_SIZE_ERROR:
        return "a frame of a wrong size";
    case NGHTTP2_COMPRESSION_ERROR:
        return "a head that cannot be decompressed";
    case NGHTTP2_ENHANCE_YOUR_CALM:
        return "too many settings at a time";
    default:
        return nghttp2_http2_strerror(code);
    }
}

const char *h2_reason_fatal(int error)
{
    switch (error) {
    case NGHTTP2_ERR_FLOODED:
        return "a flood of PING or SETTINGS";
    case NGHTTP2_ERR_TOO_MANY_CONTINUATIONS:
        return "a head in too many frames";
    default:
        return nghttp2_strerror(error);
    }
}

const char *h2_reason_greeting(const uint8_t *bytes, size_t len)
{
    static const char http1[] = "HTTP/1.";
    bool is_http1 = len >= sizeof http1 - 1 && memcmp(bytes, http1, sizeof http1 - 1) == 0;
    bool is_tls = len >= 2 && (bytes[0] == 0x15 || bytes[0] == 0x16) && bytes[1] == 3;
    if (is_http1)
        return "it speaks HTTP/1.1, not HTTP/2";
    if (is_tls)
        return "it speaks TLS; try https://";
    return "it does not speak HTTP/2";
}
