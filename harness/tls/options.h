/* options: what is asked of TLS connections, as text and numbers.
 *
 * Shape   the rules are for both sides, the rest of tls_options is for clients. All zero is a good
 *         client: TLS 1.2 or 1.3, the library's ciphers, every certificate verified against what
 *         this machine trusts, a full handshake for each connection.
 * Owner   the texts are borrowed, and must outlive what is made of them.
 * Errors  tls_version_parse: kind USAGE.
 * Source  as in Node, ciphers of one kind only also limit the versions to those that have them.
 */
#ifndef TLS_OPTIONS_H
#define TLS_OPTIONS_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

enum tls_version {
    TLS_VERSION_ANY, /* as a minimum 1.2, or 1.0 below a maximum that is older; as a maximum none */
    TLS_VERSION_1_0,
    TLS_VERSION_1_1,
    TLS_VERSION_1_2,
    TLS_VERSION_1_3,
};

struct tls_rules {
    enum tls_version min, max;
    /* OpenSSL's names, separated by ':', ',' or a blank: those that begin with "TLS_" are suites of
     * TLS 1.3, the others are a cipher list of the older versions. NULL: what OpenSSL offers. */
    const char *ciphers;
    const char *alpn; /* "h2,http/1.1", the best first; NULL: none */
};

struct tls_options {
    struct tls_rules rules;
    bool insecure;            /* any certificate will do */
    struct str_list ca_files; /* trusted instead of what this machine trusts */
    const char *cert_file, *key_file;
    const char *servername; /* instead of the host, in SNI and in the certificate; "": no SNI */
    bool resume;            /* offer the session of the connection before */
    /* For many connections: their buffers are given up between records. An idle one then takes 19
     * KB in place of 53, and a request 1,200 instructions more. */
    bool lean;
};

/* "1.0" to "1.3"; "TLSv1.2" is the same as "1.2". */
int tls_version_parse(const char *text, enum tls_version *out, struct err *err);

#endif
