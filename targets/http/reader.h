/* reader: splits the bytes of one connection into request messages. It has no socket and no clock.
 *
 * Shape   reader_feed takes bytes until a request is whole and returns what it has found. The
 *         caller then feeds the rest. After READER_BAD, and after a message whose `connection` is
 *         REPLY_CLOSE, it must not be fed any more.
 * Owner   reader_init fills the caller's storage, reader_fini frees what is in it. The message is
 *         good until the next reader_feed.
 * Errors  READER_BAD: `status` and `why` are what the client should be answered.
 * Source  RFC 9112; the parser is Debian's http-parser, not the one of bench.
 */
#ifndef TARGETS_HTTP_READER_H
#define TARGETS_HTTP_READER_H

#include <http_parser.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "targets/http/head.h"
#include "targets/http/message.h"
#include "targets/http/reply.h"

enum reader_step {
    READER_NOTHING, /* all bytes are taken, and no request has begun */
    READER_PART,    /* all bytes are taken, and a request has begun */
    READER_REQUEST, /* a request is whole */
    READER_BAD      /* not a request, one that a server must refuse, or one that is too long */
};

struct reader {
    /* Of READER_REQUEST. While `awaits_continue`, all but its body. */
    struct message message;
    enum reply_connection connection; /* by its head: whether the connection ends after the reply */
    int status;                       /* of READER_BAD */
    const char *why;
    /* A request's head is whole, its body is not, and its client waits for 100 Continue. The caller
     * clears it. */
    bool awaits_continue;

    /* The rest is the reader's own. */
    http_parser parser;
    enum reader_step step;
    size_t max_body_bytes;
    struct buf target, body;
    struct head head;
    bool in_body;          /* fields that follow are trailers */
    const char *unchecked; /* of the bytes being fed: heads and the lines around chunks */
    bool after_cr, after_chunk;
};

/* max_header_bytes is the parser's own global: all readers of a process have the same. */
void reader_init(struct reader *r, size_t max_header_bytes, size_t max_body_bytes);
void reader_fini(struct reader *r);
/* `len` is not 0. `taken` is set to how many of the bytes were used, at least 1 unless they are
 * bad. */
enum reader_step reader_feed(struct reader *r, const char *bytes, size_t len, size_t *taken);

#endif
