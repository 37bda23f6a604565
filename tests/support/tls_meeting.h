/* tls_meeting: one handshake of a client and a server, and the trouble that each is to have.
 *
 * Shape   a table row for each; what is left out is right. The certificates of all of them are made
 *         once for a group of tests.
 * Errors  assertions.
 */
#ifndef TESTS_TLS_MEETING_H
#define TESTS_TLS_MEETING_H

#include "support/tls_bed.h"

#define HOUR_S INT64_C(3600)

/* `leaf` is of the authority, `below_leaf` of the leaf, which is no authority. */
extern struct tls_world {
    struct tls_identity *authority, *other, *leaf, *below_leaf, *local, *expired, *early;
    char *authority_file, *other_file, *leaf_file, *local_file, *expired_file, *early_file;
    char *leaf_key, *other_key;
} w;

int tls_world_up(void **state);
int tls_world_down(void **state);

struct tls_meeting {
    struct tls_options client;
    struct tls_server_options server;
    const char *host;      /* NULL: localhost */
    const char *ca;        /* NULL: that of the local server */
    const char *client_ca; /* NULL: clients need no certificate */
    enum tls_trouble trouble, server_trouble;
    const char *says; /* what the client's words have, or NULL */
};

void check_meeting(struct tls_meeting m);
void check_both(struct tls_meeting m); /* in TLS 1.2 and in 1.3 */
void check_kind(const struct bed_side *side, enum tls_trouble trouble);

#endif
