/* differences: where our parser and http-parser disagree on purpose, one row each.
 *
 * Shape   stricter.c: our reason, and a check of the bytes at our error. The replies before it must
 *         be the same for both; what follows is not compared.
 *         laxer.c: http-parser's error, and what to write over the bytes that it minds.
 *         "silent": a kind of header line that http-parser takes for another one, and how to write
 *         it so that it does not.
 *         After the last two, our own outcome must be what it was, to the byte, and both run again.
 * Owner   the caller; the bytes are changed in place.
 * Errors  none: no row, no agreement.
 */
#ifndef FUZZ_DIFFERENCES_H
#define FUZZ_DIFFERENCES_H

#include "run_replies.h"

#define DIFFERENCE_MAX 4096 /* bytes of one input */

/* Whether our error is one that http-parser overlooks. */
bool difference_is_stricter(const char *data, size_t len, const struct outcome *ours);
/* Whether bytes were changed, so that both should run again. */
bool difference_take_out(char *data, size_t len, enum response_to to, const struct outcome *ours,
                         const struct outcome *oracle);

#endif
