/* base64: bytes as text.
 *
 * Shape   the plain alphabet with + and /, padded, no line breaks.
 * Owner   what comes back belongs to the caller, who frees it with free().
 * Errors  base64_decode takes untrusted text and is strict: any other character, missing padding or
 *         bits after the last byte are refused, so that one value has one text.
 * Source  RFC 4648, section 4; strictness from sections 3.1, 3.2 and 3.5.
 */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include <stddef.h>
#include <stdint.h>

char *base64_encode(const void *bytes, size_t len);
uint8_t *base64_decode(const char *text, size_t *out_len); /* NULL when it is not base64 */

#endif
