/* plan: what to run, as the option rows filled it in and the command checked it.
 *
 * Shape   plain data. Exactly one of url, strategy, original and command says what is measured.
 * Units   in the names; 0 means "none" for amounts and limits unless said otherwise.
 * Owner   text is borrowed from argv or from the option rows; body may be owned by the command
 *         that read it from a file; plan_fini frees what the plan owns.
 */
#ifndef MODEL_PLAN_H
#define MODEL_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

#define PLAN_DRAIN_ALL INT64_MAX /* until it is empty */

/* The most that a run can have; a document with more is not read back. */
#define PLAN_CONNECTIONS_MAX 1000000
#define PLAN_PIPELINING_MAX  1024
#define PLAN_WORKERS_MAX     1024

struct plan {
    /* what is measured */
    const char *url;
    const char *strategy;          /* a bundled target */
    const char *original;          /* a published program that bench has rebuilt */
    const char *command;           /* a user's server; {port} is replaced, PORT is set */
    const char *path;              /* of a target that bench starts; NULL: /heavy or / */
    struct str_list strategy_argv; /* strategy options, handed on to bench-target */
    struct str_list original_argv; /* the whole command line of an original */
    const char *probe_path;        /* NULL: no probe */
    int64_t probe_rate_rps;
    const char *expected_body; /* every 2xx body must be this; NULL: not checked */
    int64_t max_rss_bytes;     /* the target is stopped above this */
    int64_t ready_timeout_ns;  /* for the target to become ready */
    int64_t padding_bytes;     /* of the target's environment, so that its stack lies elsewhere */
    int64_t drain_ns;          /* how long to wait for a queue's backlog; PLAN_DRAIN_ALL */

    /* load */
    int64_t connections;
    int64_t pipelining;
    int64_t workers;     /* 0: chosen from the cores */
    int64_t duration_ns; /* 0: no limit in time */
    int64_t amount;      /* requests to send; 0: no limit in number */
    int64_t timeout_ns;
    int64_t warmup_ns;          /* filled together with the next one, by one option */
    int64_t warmup_connections; /* 0: all */
    int64_t seed;               /* of the back-off and of a comparison's order; at most 2^53 - 1 */

    /* request */
    const char *method;
    const char *body;
    size_t body_len;
    const char *body_file;
    struct str_list headers;
    bool raw_headers; /* headers that frame the request are sent unchecked */

    /* output */
    const char *title;
    const char *out; /* -o; NULL: results/ */
    bool save;
    bool json;
    bool progress;
    bool latency_table;
    bool status_codes;
    bool dry_run;

    /* What url, body and expected_body point to when that is not a word of the command line. */
    char *owned_url, *owned_body, *owned_expected;
};

void plan_fini(struct plan *plan);
/* True for a bundled target: it has --work, /ping and /stats. */
bool plan_is_ours(const struct plan *plan);
/* The path of the requests to a target that is started; with a URL its own path holds. */
const char *plan_path(const struct plan *plan);
bool plan_has_queue(const struct plan *plan); /* its replies are 202: accepted, not done */
/* The same of a target's names alone; either may be NULL. */
bool plan_names_queue(const char *strategy, const char *original);

#endif
