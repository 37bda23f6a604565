/* tally: what one worker thread counted; merged after the threads are joined.
 *
 * Shape   one accounting record and the histograms that the request path adds to. A reply that
 *         comes in one read has its first and last byte at the same time, so only replies that
 *         came in pieces are kept apart (split_*); tally_first_byte puts the two together.
 * Units   nanoseconds, counts, bytes.
 * Owner   tally_init allocates the histograms, tally_fini frees them.
 */
#ifndef LOAD_TALLY_H
#define LOAD_TALLY_H

#include "load/source/list.h"
#include "match/matching.h"
#include "model/named_request.h"
#include "model/result.h"
#include "stat/hist.h"
#include "tls/tls.h"

#define TALLY_ERRORS 16 /* different ones of a connect that are kept */

/* An errno, or what went wrong with TLS. */
struct tally_connect_error {
    int number;               /* 0: see trouble */
    enum tls_trouble trouble; /* NONE with a number */
    char *text;               /* of the first; the tally's */
    int64_t count;
};

/* The first versions and ciphers are constants of the library. */
struct tally_tls {
    const char *version, *cipher;
    int64_t handshakes, resumed;
    bool is_mixed;
};

/* Of connections that are closed. */
struct tally_http2 {
    uint32_t max_streams; /* the lowest; UINT32_MAX: no server set one */
    int64_t limit_changes, goaways, blocked, blocked_ns;
};

struct tally_reason {
    enum loss_kind kind;
    int number;      /* errno, or 0 */
    const char *why; /* a constant, or NULL */
    int64_t count;
};

/* A reply that was not as expected; what it borrows lives as long as the load's spec. */
struct tally_mismatch {
    int64_t at_ns; /* 0: there is none */
    struct matching_wrong wrong;
    const struct rule *rule;
    const char *request; /* NULL: the run has one */
    int status;
    int64_t body_bytes; /* MISSING: nobody looked at it */
};

struct tally {
    struct accounting counts;
    struct tally_mismatch first_mismatch;
    struct named_counts *names; /* of a list's requests */
    size_t nnames;
    struct tally_connect_error connect_errors[TALLY_ERRORS];
    struct tally_reason reasons[LOSS_REASONS_MAX];
    struct hist *latency, *unfinished, *connect, *handshake;
    struct hist *split_latency, *split_first_byte;
    /* Of an open loop: from writing to the last byte; from when it was due to writing; from when it
     * was due to when the pacer saw that; and the age of what was never sent. */
    struct hist *service, *slip, *lag, *unsent;
    struct hist *after_end; /* of replies that came when the window was over (--wait-open) */
    int64_t late;           /* sent more than RESULT_LATE_NS after they were due */
    struct tally_tls tls;
    struct tally_http2 http2;
};

void tally_init(struct tally *t, size_t nnames);
void tally_fini(struct tally *t);
void tally_reset(struct tally *t);
void tally_connect_error(struct tally *t, int error); /* positive errno */
void tally_connect_trouble(struct tally *t, const struct tls *tls);
void tally_handshake(struct tally *t, const struct tls_facts *facts);
/* Adds the reason of `count` losses; the losses themselves are counted elsewhere. */
void tally_reason(struct tally *t, const struct tally_reason *reason);
/* Counts it by what was wrong, and keeps the first one. */
void tally_mismatch(struct tally *t, const struct tally_mismatch *m);
/* The counts with their errors and reasons; the accounting's owner frees those. */
struct accounting tally_accounting(const struct tally *t);
void tally_merge(struct tally *into, const struct tally *from); /* of as many names */
/* The counts of all names become the result's. */
void tally_take_names(struct tally *t, const struct source_name *names, struct result *r);
struct hist *tally_first_byte(const struct tally *t); /* the caller frees it */
int64_t tally_errors(const struct tally *t);          /* timed out and failed so far */

#endif
