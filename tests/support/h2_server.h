/* h2_server: nghttp2's own server at the other end of a bed, joined to it in memory.
 *
 * Shape   h2_server_pump moves bytes both ways until neither side has any. A whole request is
 *         answered at once with the server's reply, unless another function or none (NULL) is set.
 * Owner   h2_server_free frees it; the bed is the test's.
 * Errors  what the server refuses fails the test.
 */
#ifndef TESTS_H2_SERVER_H
#define TESTS_H2_SERVER_H

#include "support/h2_bed.h"

struct h2_server_request {
    struct buf head; /* "name: value\n", as they came */
    size_t body_len;
    bool body_right; /* it is h2_bed_body */
    bool is_whole;
    size_t reply_sent; /* of the body of its reply */
};

struct h2_server_reply {
    const char *status;
    const char *name, *value; /* of a header more; NULL: none */
    size_t fields;            /* this often */
    size_t body_len;
    const char *interim;  /* the status of a reply before it; NULL: none */
    const char *trailers; /* the name of one; NULL: none */
};

struct h2_server {
    nghttp2_session *nghttp2;
    struct h2_bed *bed;
    struct h2_server_request requests[H2_BED_STREAMS]; /* by stream: 1, 3, 5 and so on */
    size_t count, open, most; /* requests that began; that are open; that were at a time */
    struct h2_server_reply reply;
    void (*answer)(struct h2_server *s, int32_t id);
};

/* With one setting, or none (0). */
struct h2_server *h2_server_new(struct h2_bed *bed, int32_t setting, uint32_t value);
void h2_server_free(struct h2_server *s);
void h2_server_set(struct h2_server *s, int32_t setting, uint32_t value);
void h2_server_answer(struct h2_server *s, int32_t id);
/* Feeds the client what the server has for it, if anything. */
bool h2_server_flush(struct h2_server *s);
void h2_server_pump(struct h2_server *s);

#endif
