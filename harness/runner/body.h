/* body: how the body of a request is recorded: its length, its SHA-256, and how it begins.
 *
 * Shape   a result is read by people and stored for each trial, so it never holds a whole body.
 * Owner   the caller frees what comes back.
 * Errors  none.
 * Source  FIPS 180-4 (OpenSSL).
 */
#ifndef RUNNER_BODY_H
#define RUNNER_BODY_H

#include <stddef.h>

#define BODY_SHOWN 256 /* bytes */

/* The first bytes; those that are not printable become "\n", "\x00" and so on, and '\' is "\\". */
char *body_start(const char *bytes, size_t len);
char *body_sha256(const char *bytes, size_t len); /* 64 hexadecimal digits */

#endif
