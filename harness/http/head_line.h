/* head_line: the header lines of a reply, put together from the pieces that a parser tells.
 *
 * Shape   its head_line_piece is a response's `header`, and the head_line the ctx. Each line is
 * told when the next one begins; head_line_end tells the last one, once the reply is whole. Owner
 * the caller; head_line_fini frees what it keeps, which grows with the longest line and is not
 * allocated anew for each. The function borrows its bytes. Errors  none: a parser takes no head of
 * more than RESPONSE_HEAD_MAX.
 */
#ifndef HTTP_HEAD_LINE_H
#define HTTP_HEAD_LINE_H

#include "base/buf.h"
#include "http/response.h"

/* The value has its blanks. */
typedef void (*head_line_fn)(void *ctx, const char *name, size_t name_len, const char *value,
                             size_t value_len);

struct head_line {
    head_line_fn tell;
    void *ctx;
    struct buf text; /* of the name, and right behind it of the value */
    size_t name_len;
    bool has_value; /* the name is whole */
};

void head_line_init(struct head_line *line, head_line_fn tell, void *ctx);
void head_line_fini(struct head_line *line);
void head_line_piece(void *head_line, enum response_part part, const char *bytes, size_t len);
void head_line_end(struct head_line *line);
/* Forgets a line that was not told: of a reply that will not be whole. */
void head_line_begin(struct head_line *line);

#endif
