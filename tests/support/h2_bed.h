/* h2_bed: the HTTP/2 session of a client, and what it told.
 *
 * Shape   h2_bed_new opens a session. Its nghttp2 allocates with malloc, so that AddressSanitizer
 *         sees each block, and is counted. Fed bytes lie in blocks of their exact size. Streams
 *         are numbered in the order in which they are first submitted: 0, 1, 2. HTTP/2 has 1, 3, 5.
 * Units   bytes; nanoseconds of a clock that only the test moves.
 * Owner   h2_bed_free frees all.
 * Errors  h2_bed_free fails the test unless each submitted stream had exactly one end, and each
 *         block was given back.
 */
#ifndef TESTS_H2_BED_H
#define TESTS_H2_BED_H

#include "base/buf.h"
#include "http2/session.h"

#define H2_BED_STREAMS 256
/* A session alone has about 30 KB, 1,000 acknowledgements 160 KB, a head up to 64 KiB twice. */
#define H2_BED_MEMORY_MAX 262144

enum h2_farewell { H2_BED_SAID, H2_BED_SILENT };

struct h2_bed_stream {
    struct h2_stream stream; /* first, so that a stream leads here */
    unsigned submits, ends;  /* how often */
    uint64_t body_len;
    bool body_right; /* it is h2_bed_body */
};

struct h2_bed {
    struct h2_client client;
    struct h2_session session;
    struct h2_request get;
    struct h2_bed_stream streams[H2_BED_STREAMS];
    size_t count; /* of streams */

    unsigned told[H2_LOST + 1]; /* ends, by kind */
    unsigned told_in_all, cancelled;
    unsigned again; /* how many ended streams are submitted again at once */

    struct buf in;      /* for frames to feed */
    struct buf sent;    /* taken, all since a test cleared it */
    size_t take_size;   /* of the buffer that is taken into */
    size_t piece;       /* 0: fed bytes are not cut */
    size_t bytes, most; /* of nghttp2's memory, now and ever */
    int64_t now_ns;
};

struct h2_bed *h2_bed_new(void);
void h2_bed_free(struct h2_bed *b);
/* One that has exchanged SETTINGS, with so many requests on their way; nothing of it is in `sent`.
 */
struct h2_bed *h2_bed_settled(size_t requests);
/* Another session, which allocates as a thread of the load does. */
void h2_bed_use_memory(struct h2_bed *b);

/* The text of an HTTP/1.1 request, whose body is the test's. */
void h2_bed_request(struct h2_request *r, const char *text, size_t len);
/* NULL: b->get. Returns the stream's number. */
size_t h2_bed_submit(struct h2_bed *b, const struct h2_request *request);
/* As many as there is room for, `most` at most. */
size_t h2_bed_fill(struct h2_bed *b, size_t most);
void h2_bed_cancel(struct h2_bed *b, size_t number);
/* What h2_session_feed returned last. */
int h2_bed_feed(struct h2_bed *b, const char *bytes, size_t len);
/* Feeds and empties b->in. */
int h2_bed_feed_in(struct h2_bed *b);
void h2_bed_take(struct h2_bed *b);
/* The stream's end, status, and reason; NULL: none. */
void h2_bed_expect(const struct h2_bed *b, size_t number, enum h2_end end, unsigned status,
                   const char *why);

/* After all that was fed, the connection is as good as before, and memory is bounded. */
void h2_bed_check_alive(struct h2_bed *b);
/* After b->in, it ends for this reason; the peer was told so with GOAWAY, or could not be. */
void h2_bed_check_failed(struct h2_bed *b, const char *why, enum h2_farewell farewell);

/* Byte i of every long body. */
static inline char h2_bed_body(size_t i)
{
    return (char)('a' + i % 23);
}

#endif
