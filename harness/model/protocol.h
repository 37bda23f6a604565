/* protocol: what the connections of a run spoke, and how they came up.
 *
 * Shape   pure functions of a result, whose options say what was asked for.
 * Owner   texts are the caller's storage, or constants.
 * Errors  none.
 */
#ifndef MODEL_PROTOCOL_H
#define MODEL_PROTOCOL_H

#include "model/result.h"

/* The three ways to measure TLS, which have nothing to do with one another. */
enum tls_mode {
    TLS_MODE_KEEP_ALIVE, /* the cost of the records: a handshake is for many requests */
    TLS_MODE_FULL,       /* each request ends its connection, and each has a handshake */
    TLS_MODE_RESUMED,    /* the same, and it resumes the session of the one before */
    TLS_MODE_COUNT
};
extern const char *const tls_mode_names[TLS_MODE_COUNT];

enum tls_mode result_tls_mode(const struct result *r);

/* "HTTP/1.1", "HTTP/2 over TLSv1.3 with TLS_AES_256_GCM_SHA384"; "" when no connection was open. */
#define PROTOCOL_TEXT 160
char *result_protocol(const struct result *r, char text[PROTOCOL_TEXT]);

/* Connects that failed in TLS, not before. */
int64_t accounting_tls_failed(const struct accounting *a);

#endif
