/* faulty_h2_replies: the frames that answer a request, right and wrong ones.
 *
 * Shape   each adds its frames to `out`; what they need to know of the request is in it, and in the
 *         "?key=N" of its target. Padding, pieces and tables are as RFC 9113 and RFC 7541 have
 *         them, unless the name says what is wrong.
 */
#ifndef E2E_FAULTY_H2_REPLIES_H
#define E2E_FAULTY_H2_REPLIES_H

#include "faulty_h2.h"

typedef void (*h2_reply_fn)(struct buf *out, const struct h2_request_in *r);

/* "?key=N" of the target. */
uint32_t h2_parameter(const struct h2_request_in *r, const char *key, uint32_t otherwise);

/* --- right --- */

/* ?code=STATUS&len=BYTES of body, which is "ok\n" without it. */
void h2_reply_ok(struct buf *out, const struct h2_request_in *r);
void h2_reply_empty(struct buf *out, const struct h2_request_in *r);
void h2_reply_trailers(struct buf *out, const struct h2_request_in *r);
void h2_reply_interim(struct buf *out, const struct h2_request_in *r);
void h2_reply_padded(struct buf *out, const struct h2_request_in *r);
void h2_reply_empty_data(struct buf *out, const struct h2_request_in *r);
void h2_reply_continued(struct buf *out, const struct h2_request_in *r);
void h2_reply_tables(struct buf *out, const struct h2_request_in *r);
void h2_reply_unknown(struct buf *out, const struct h2_request_in *r);
void h2_reply_early(struct buf *out, const struct h2_request_in *r);

/* --- wrong for one stream --- */

void h2_reply_reset(struct buf *out, const struct h2_request_in *r); /* ?code=N */
void h2_reply_reset_body(struct buf *out, const struct h2_request_in *r);
void h2_reply_part(struct buf *out, const struct h2_request_in *r); /* no end */
void h2_reply_no_status(struct buf *out, const struct h2_request_in *r);
void h2_reply_upper_case(struct buf *out, const struct h2_request_in *r);
void h2_reply_wrong_length(struct buf *out, const struct h2_request_in *r);
void h2_reply_only_interim(struct buf *out, const struct h2_request_in *r);
void h2_reply_body_first(struct buf *out, const struct h2_request_in *r);
void h2_reply_large_head(struct buf *out, const struct h2_request_in *r); /* 1 MB of fields */

/* --- wrong for the connection --- */

void h2_reply_huge_field(struct buf *out, const struct h2_request_in *r);
void h2_reply_pieces(struct buf *out, const struct h2_request_in *r); /* of a head, too many */
void h2_reply_bad_index(struct buf *out, const struct h2_request_in *r);
void h2_reply_push(struct buf *out, const struct h2_request_in *r);
void h2_reply_huge_frame(struct buf *out, const struct h2_request_in *r);
void h2_reply_short_ping(struct buf *out, const struct h2_request_in *r);
void h2_reply_windows(struct buf *out, const struct h2_request_in *r);
void h2_reply_half_frame(struct buf *out, const struct h2_request_in *r);
void h2_reply_garbage(struct buf *out, const struct h2_request_in *r);
void h2_reply_http1(struct buf *out, const struct h2_request_in *r);
void h2_reply_tls_alert(struct buf *out, const struct h2_request_in *r);

#endif
