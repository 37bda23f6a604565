/* stream: one request of an HTTP/2 session, from when it is submitted to its end.
 *
 * Shape   a part of whatever the caller keeps for a request, so that it leads there. It needs no
 *         init, and may be submitted again once its end was told.
 * Units   bytes; nanoseconds of clock_now_ns.
 * Owner   the caller, who keeps it in its place while it is open.
 * Errors  an end other than H2_WHOLE. `why` is a constant, so that equal ones can be counted
 *         together by their address.
 * Source  RFC 9113: 5.4 (errors), 6.8 (GOAWAY), 8.1 (replies), 8.7 (what was never processed).
 */
#ifndef HTTP2_STREAM_H
#define HTTP2_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct h2_request;

enum h2_end {
    H2_OPEN,      /* none yet */
    H2_WHOLE,     /* the reply is whole */
    H2_REFUSED,   /* the peer did not process it, and says so with REFUSED_STREAM */
    H2_GONE,      /* the peer will not process it: it ends the connection with GOAWAY */
    H2_RESET,     /* the peer gave it up, for the reason in `why` */
    H2_MALFORMED, /* the reply cannot be used; `why` says what is wrong */
    H2_LOST,      /* the connection ended first: h2_session_drain */
};

struct h2_stream {
    /* For the caller to read, at its end. */
    uint64_t wire_bytes;   /* of the reply's frames, with their heads, as they were sent */
    uint64_t body_bytes;   /* without frames and padding */
    int64_t first_byte_ns; /* of the reply, an interim one too; 0 unless one came */
    const char *why;       /* a constant; NULL with H2_WHOLE, or where nobody knows */
    uint32_t error_code;   /* with H2_RESET and H2_REFUSED: the peer's */
    uint16_t status;       /* with H2_WHOLE; interim ones (1xx) are passed over */
    uint8_t end;

    /* The session's own. */
    bool is_uploading; /* a part of its body is not sent yet */
    bool has_head;     /* the final one came: what follows are trailers */
    int32_t id;
    uint32_t head_bytes; /* of its heads and trailers, as SETTINGS_MAX_HEADER_LIST_SIZE has it */
    size_t sent;         /* of its body */
    const struct h2_request *request;
    struct h2_stream *prev, *next; /* open ones of the session, the oldest first */
};

struct h2_header {
    const char *name, *value; /* without a NUL behind them */
    size_t name_len, value_len;
};

/* What a session tells. It may be told to send and to cancel meanwhile; not to feed, take, drain
 * or close. */
struct h2_events {
    /* The only end of this stream, which now is the caller's again. */
    void (*on_end)(void *ctx, struct h2_stream *stream);
    /* A header of its reply, with its name in lower case; none of an interim reply, and no trailer.
     * NULL: headers are discarded. */
    void (*on_header)(void *ctx, struct h2_stream *stream, const struct h2_header *header);
    /* The next piece of its body; NULL: bodies are discarded. */
    void (*on_body)(void *ctx, struct h2_stream *stream, const char *bytes, size_t len);
};

#endif
