/* digest: the SHA-256 of bytes that come in pieces.
 *
 * Shape   digest_begin, digest_add for each piece, digest_end. Nothing is allocated after
 *         digest_new, so one serves any number of texts.
 * Units   bytes.
 * Owner   the caller.
 * Errors  none: OpenSSL's own can only be that there is no memory; the digest is then empty, and
 *         equals none.
 * Source  FIPS 180-4 (OpenSSL).
 */
#ifndef MATCH_DIGEST_H
#define MATCH_DIGEST_H

#include <stddef.h>

#define DIGEST_TEXT 65 /* 64 hexadecimal digits, in lower case, and a NUL */

struct digest;

struct digest *digest_new(void);
void digest_free(struct digest *d); /* NULL is fine */
void digest_begin(struct digest *d);
void digest_add(struct digest *d, const char *bytes, size_t len);
void digest_end(struct digest *d, char text[DIGEST_TEXT]);

#endif
