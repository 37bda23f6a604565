/* run_replies: the same bytes through our parser and through Debian's http-parser.
 *
 * Shape   both are started anew for each reply, and told that the connection closes at the end.
 * Owner   caller's storage. The bytes are given to both from blocks of their exact size, so that
 *         AddressSanitizer sees a read past the end of any piece.
 * Errors  a misuse aborts.
 */
#ifndef FUZZ_RUN_REPLIES_H
#define FUZZ_RUN_REPLIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/response.h"

#define REPLIES_MAX 64

struct reply {
    unsigned status;
    bool keep_alive;
    uint64_t body_bytes, body_hash;
    uint64_t head_hash; /* of ours, when it tells headers */
};

struct outcome {
    struct reply replies[REPLIES_MAX]; /* more are not parsed */
    size_t count;
    bool bad;
    size_t at;      /* when bad: where */
    size_t started; /* where the reply after the last whole one starts */
    const char *why;
};

/* `cuts` chooses where the bytes are cut into pieces: 0 not at all, 1 at every byte. */
void run_ours(const char *data, size_t len, enum response_to to, uint32_t cuts,
              struct outcome *out);
/* The same while headers are told, which takes another way through them. */
void run_ours_told(const char *data, size_t len, enum response_to to, uint32_t cuts,
                   struct outcome *out);
void run_oracle(const char *data, size_t len, enum response_to to, struct outcome *out);
bool same_replies(const struct outcome *a, const struct outcome *b, size_t count);
/* What was told of the headers. */
bool same_heads(const struct outcome *a, const struct outcome *b);
bool same_outcome(const struct outcome *a, const struct outcome *b);

#endif
