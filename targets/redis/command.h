/* redis_command: a command in the form of the protocol: "*2\r\n$3\r\nGET\r\n$1\r\nx\r\n".
 *
 * Shape   command_begin with the number of words, then add that many.
 * Source  RESP2, redis.io/docs/reference/protocol-spec.
 */
#ifndef TARGETS_REDIS_COMMAND_H
#define TARGETS_REDIS_COMMAND_H

#include <stddef.h>

#include "base/buf.h"

void command_begin(struct buf *b, size_t words); /* discards what the buffer holds */
void command_add(struct buf *b, const char *bytes, size_t len);
void command_add_text(struct buf *b, const char *text);
void command_add_number(struct buf *b, size_t number);

#endif
