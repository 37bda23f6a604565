/* tls_bed: a TLS client and a server whose bytes go to each other in memory, in pieces of any size,
 * and the files that they are told to read.
 *
 * Shape   bed_open, bed_run until nothing moves any more, bed_close. Each piece, and each buffer
 * for plain text, is an allocation of exactly its size. After every call OpenSSL's error queue must
 * be empty. Owner   the bed owns the connections; contexts are the test's. Files are removed by
 *         bed_files_down, their paths are freed by the test.
 * Errors  assertions.
 */
#ifndef TESTS_TLS_BED_H
#define TESTS_TLS_BED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "tls/client.h"
#include "tls/server.h"
#include "tls/tls.h"

#define BED_WHOLE ((size_t)1 << 30) /* pieces that are never cut */

struct bed_side {
    struct tls tls;
    struct buf out, got; /* for the wire; plain text so far */
    int opened;
    bool closed, failed;
};

struct tls_bed {
    struct bed_side client, server;
    size_t piece;      /* of the wire */
    size_t plain_size; /* of what tls_next fills */
};

void bed_open(struct tls_bed *bed, struct tls_context *client, struct tls_context *server);
void bed_run(struct tls_bed *bed);
void bed_close(struct tls_bed *bed);

/* One side gets these bytes from the wire. */
void bed_feed(struct tls_bed *bed, struct bed_side *to, const char *bytes, size_t len);
/* All of the bytes go from one side to the other. */
void bed_send(struct tls_bed *bed, struct bed_side *from, const char *bytes, size_t len);
/* Both have opened, and data goes both ways. */
void bed_check_open(struct tls_bed *bed);
void bed_check_queue(void);

/* Contexts that must be made. */
struct tls_context *bed_client(const struct tls_options *options, const char *host);
struct tls_context *bed_server(const struct tls_server_options *options);
struct tls_identity *bed_identity(const struct tls_identity_spec *spec);
struct tls_identity *bed_local(void);

/* A server on this machine, and a client that trusts it. */
struct bed_pair {
    struct tls_identity *identity;
    struct tls_options options; /* the test may fill both before */
    struct tls_server_options server_options;
    struct tls_context *client, *server;
};

/* The server has this version of TLS only. */
void bed_pair_open(struct bed_pair *p, enum tls_version version);
void bed_pair_close(struct bed_pair *p);

/* A folder for files, made and removed with a group of tests. */
int bed_files_up(void **state);
int bed_files_down(void **state);
char *bed_file(const char *name, const char *text);
char *bed_certificate_file(const char *name, const struct tls_identity *identity);
/* NULL: not encrypted. */
char *bed_key_file(const char *name, const struct tls_identity *identity, const char *password);

#endif
