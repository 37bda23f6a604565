/* reply: the bytes of one HTTP/1.1 reply. Pure.
 *
 * Owner   everything in struct reply is borrowed for the call.
 * Source  RFC 9112; Server-Timing is the W3C header of that name.
 */
#ifndef TARGETS_HTTP_REPLY_H
#define TARGETS_HTTP_REPLY_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct reply {
    int status;
    const char *type;    /* Content-Type */
    const char *headers; /* further lines, each with its CRLF; NULL: none */
    const char *body;
    size_t body_len;
};

enum reply_part { REPLY_WHOLE, REPLY_HEAD_ONLY };
/* KEEP adds no header, as HTTP/1.1 keeps connections; KEEP_TOLD is for a client of HTTP/1.0. */
enum reply_connection { REPLY_KEEP, REPLY_KEEP_TOLD, REPLY_CLOSE };

/* `date` is a line (date_line.h). `out` has room for REPLY_HEAD_MAX and the body. */
void reply_format(const struct reply *reply, enum reply_part part, enum reply_connection connection,
                  const char *date, struct buf *out);
#define REPLY_HEAD_MAX 4096

/* {"error":"..."}, with the newline. Text that is not UTF-8 is replaced by the status's name. */
void reply_error_body(int status, const char *text, struct buf *out);
const char *reply_status_name(int status);

#endif
