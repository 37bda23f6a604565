/* reply_bed: replies that are fed to the parser whole, byte by byte and cut in two, each piece
 * against a page that cannot be read.
 *
 * Owner   reply_fence_up and reply_fence_down stand around all tests of a program.
 * Errors  another end, status or body than the expected fails the test.
 */
#ifndef TESTS_REPLY_BED_H
#define TESTS_REPLY_BED_H

#include "http/response.h"

#define FENCE_BYTES ((size_t)1 << 17) /* the longest piece */

int reply_fence_up(void **state);
int reply_fence_down(void **state);

struct feeding {
    struct response r;
    enum response_state state;
    size_t used;
    char body[512];
    size_t body_len;
};

void reply_begin(struct feeding *f, enum response_to to);
/* Does nothing once the reply has ended, as its owner would. */
void reply_feed(struct feeding *f, const char *data, size_t len);

enum ending {
    WHOLE,   /* RESPONSE_DONE within the bytes */
    AT_EOF,  /* RESPONSE_DONE when the other end closes */
    TOO_FEW, /* never done */
    WRONG,   /* RESPONSE_BAD */
};

struct reply_case {
    const char *in;
    size_t len;
    enum ending ending;
    unsigned status;
    const char *body;
    const char *rest; /* not used up; with WRONG: from the wrong byte on */
    enum response_to to;
    bool keep;
};

void check_replies(const struct reply_case *cases, size_t count);

/* parts of replies */
#define IN(text) .in = (text), .len = sizeof(text) - 1
#define OK11     "HTTP/1.1 200 OK\r\n"
#define OK10     "HTTP/1.0 200 OK\r\n"
#define ZERO     "Content-Length: 0\r\n"
#define CHUNKED  "Transfer-Encoding: chunked\r\n"

#endif
