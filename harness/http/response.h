/* response: an incremental HTTP/1.x response parser, fed bytes as they come.
 *
 * Shape   one struct per connection, embedded by its owner, no memory of its own. response_init
 *         before each reply; response_feed until it leaves RESPONSE_MORE. Interim (1xx) replies
 *         are passed over inside one reply; 101 ends it, with keep_alive false (no protocol change
 *         is asked for). Empty lines before a status line are passed over.
 * Units   bytes.
 * Owner   the caller; `body` and `header` calls borrow the fed bytes.
 * Errors  RESPONSE_BAD with `why`, a string constant. No byte after the error is looked at; *used
 *         is where it is, and how the bytes were cut into feeds changes nothing.
 *         Strict where a lenient reading would miscount. Bad are: a version other than HTTP/1.0
 *         and 1.1, a status that is not three digits from 100 up; a header line without a colon or
 *         with a space in its name, a fold before the first header, a bare CR, a NUL; a
 *         Content-Length that is empty, signed, not a number, 2^60 or more, or unlike another one
 *         (equal repeats and equal list items are one); "chunked" twice or with a parameter, a
 *         quoted string in Transfer-Encoding; a chunk size without digits or of 2^60 or more, a
 *         chunk line or chunk that does not end in CR LF; more than RESPONSE_HEAD_MAX bytes of
 *         head: empty lines, status lines and headers, summed over interim replies and trailers.
 *         Lenient where nothing can be miscounted: header and trailer lines may end in LF alone; a
 *         folded line continues the one before; other control characters and unusual names are
 *         passed over in headers that decide nothing, and trailers decide nothing.
 *         Framing: Transfer-Encoding wins over Content-Length; one that does not end with
 *         "chunked" means a body up to the close, as do neither of the two. With HTTP/1.0,
 *         Transfer-Encoding is followed but keep_alive is false. "close" wins over "keep-alive".
 * Source  RFC 9112 sections 2.2, 4, 5.2, 6, 7 and 9; RFC 9110 section 6.4.1 (HEAD, 204, 304 have no
 *         body).
 */
#ifndef HTTP_RESPONSE_H
#define HTTP_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RESPONSE_HEAD_MAX 65536

enum response_state {
    RESPONSE_MORE, /* not whole yet */
    RESPONSE_DONE, /* one whole reply: status, keep_alive and body_bytes are valid */
    RESPONSE_BAD,  /* the connection is of no further use */
};

/* Whether the request was a HEAD: its reply has no body whatever its headers say. */
enum response_to { RESPONSE_TO_ANY, RESPONSE_TO_HEAD };

typedef void (*response_body_fn)(void *ctx, const char *bytes, size_t len);

/* A header line is told in pieces, however it lies in what is fed: those of its name, then one or
 * more of what is behind the colon, with its blanks. A folded line goes on with the value. */
enum response_part { RESPONSE_NAME, RESPONSE_VALUE };
typedef void (*response_header_fn)(void *ctx, enum response_part part, const char *bytes,
                                   size_t len);

struct response {
    /* For the caller to read. */
    uint16_t status;
    bool keep_alive;     /* from version and Connection; false for a body that ends with the
                            connection */
    bool started;        /* a first byte came (of an interim reply too; not of an empty line) */
    uint64_t body_bytes; /* of the body, without chunk framing */
    const char *why;     /* with RESPONSE_BAD */

    /* For the caller to set after response_init: NULL discards the body, and the headers. Those
     * of interim replies, and trailers, are not told. */
    response_body_fn body;
    response_header_fn header;
    void *ctx; /* of both */

    /* The parser's own. */
    uint64_t length;     /* what the head said; then what is left of the body or the chunk */
    uint64_t number;     /* being read */
    uint32_t head_bytes; /* so far */
    uint8_t to, state;
    uint8_t seen;              /* SEEN_* */
    uint8_t field;             /* which header the line is */
    uint8_t part, word, match; /* where in its value, which word it may be, bytes matched */
};

void response_init(struct response *r, enum response_to to);
/* Uses up to len bytes, never one past the end of the reply, and says how many in *used. */
enum response_state response_feed(struct response *r, const char *data, size_t len, size_t *used);
/* The other end closed: a body that is read to the close is whole now (RESPONSE_DONE); anything
 * else stays RESPONSE_MORE, a reply cut short. */
enum response_state response_eof(struct response *r);

#endif
