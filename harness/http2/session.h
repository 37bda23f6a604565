/* session: one HTTP/2 connection of a client, fed bytes and giving bytes.
 *
 * Shape   open; submit requests, as many as h2_session_room says; take the bytes, of all of them
 *         together, and write them; feed what was read; take again, because the session may have
 *         answered by itself (acknowledgements, resets). When h2_session_is_over, the caller writes
 *         what it took, drains and closes.
 *         Nothing waits inside: a request that is submitted is in the next bytes, unless the peer
 *         has lowered its limit of streams meanwhile.
 *         Until the peer's SETTINGS came there is room for one request, for it may allow no more.
 *         Each stream ends once: by an event, or by h2_session_cancel. At any time
 *         submitted = ended + open.
 * Units   bytes; nanoseconds of clock_now_ns, read once by the caller and passed down.
 * Owner   the caller embeds it, where it stays while it is open; its client outlives it. Requests
 *         and streams are borrowed until the end of the stream, and fed bytes during the call.
 * Errors  `why` says, once it is not NULL, why the connection is of no further use; then
 *         h2_session_feed returns -1. It is a constant; `detail` has what nghttp2 said last.
 *         Strict as nghttp2 is by default, and bounded whatever the peer sends: a reply with more
 *         than RESPONSE_HEAD_MAX bytes of head, over all its heads and trailers, is malformed; a
 *         PUSH_PROMISE, 1,000 PINGs and SETTINGS at a time, and a head in over a hundred frames end
 *         the connection. Bodies are not kept. A peer that gives no window stops uploads for ever;
 *         the caller's deadline ends that.
 * Source  RFC 9113, RFC 7541; libnghttp2 does both. Windows are h2load's, so large that a peer
 *         never waits for one: bodies are discarded as they come. Our HPACK tables have 4 KiB, the
 *         default, for both directions. RFC 9218, 2.1: old priorities are off.
 */
#ifndef HTTP2_SESSION_H
#define HTTP2_SESSION_H

#include "http2/client.h"
#include "http2/request.h"
#include "http2/stream.h"

#define H2_TAKE_LEAST  2048
#define H2_TEXT_MAX    128
#define H2_FRAME_HEAD  9
#define H2_STREAMS_MAX (UINT32_C(1) << 30) /* requests of one connection, in its whole life */

/* The peer's last GOAWAY: streams above last_id were not processed, and no new one is. */
struct h2_goaway {
    bool received;
    int32_t last_id;
    uint32_t code;          /* 0: it closes in good order */
    char text[H2_TEXT_MAX]; /* what the peer says about it: the start of that, printable */
};

struct h2_session {
    /* For the caller to read. */
    const char *why;
    char detail[H2_TEXT_MAX]; /* "": nothing */
    struct h2_goaway goaway;
    bool is_settled;        /* the peer's SETTINGS came */
    uint32_t max_streams;   /* that it allows at a time; UINT32_MAX: any number */
    uint32_t limit_changes; /* after its first SETTINGS */
    uint32_t open;
    uint64_t submitted, ended;
    uint64_t blocked; /* how often an upload had to wait for the peer's window */

    /* The session's own. */
    struct h2_client *client;
    void *ctx;
    nghttp2_session *nghttp2;
    bool is_dead; /* nghttp2 may not be used any more, but to free it */
    int64_t now_ns;
    struct h2_stream *first, *last; /* open streams */

    struct h2_stream *current; /* whose frame is being read; NULL: nobody's */
    int32_t current_id;
    int32_t told_id;                 /* its end was told, and nghttp2 closes it next */
    uint8_t greeting[H2_FRAME_HEAD]; /* the first bytes of the peer */
    size_t greeting_len;

    char *out; /* where taken bytes go, and for how many there is room */
    size_t out_room;
    const uint8_t *rest; /* of a frame that did not fit */
    size_t rest_len;
    bool is_paused, has_moved; /* a body did not fit; some of a body was taken */
    uint32_t uploading;        /* streams */
    int64_t blocked_since_ns;  /* 0: not */
    int64_t blocked_ns;        /* before that */
};

void h2_session_open(struct h2_session *s, struct h2_client *client, void *ctx);
/* Tells all open streams that they are lost; nothing is sent or told after that. */
void h2_session_drain(struct h2_session *s);
/* Frees it. Streams that are still open are the caller's to count. */
void h2_session_close(struct h2_session *s);

/* How many requests may be submitted now. */
uint32_t h2_session_room(const struct h2_session *s);
/* Needs room. */
void h2_session_submit(struct h2_session *s, struct h2_stream *stream,
                       const struct h2_request *request);
/* Gives an open stream up: its end is not told. */
void h2_session_cancel(struct h2_session *s, struct h2_stream *stream);
int h2_session_feed(struct h2_session *s, const char *bytes, size_t len, int64_t now_ns);
/* The next bytes to write: up to size, which is H2_TAKE_LEAST or more. 0: there are none now. */
size_t h2_session_take(struct h2_session *s, char *buf, size_t size, int64_t now_ns);
/* Nothing more is to be expected of this connection. */
bool h2_session_is_over(const struct h2_session *s);
/* For how long, in all, an upload had to wait for the peer's window. */
int64_t h2_session_blocked_ns(const struct h2_session *s, int64_t now_ns);

#endif
