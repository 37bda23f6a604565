/* result_rows: which key of bench.result/1 is which member of struct result.
 *
 * Shape   the same rows for writing and reading, and the figures that a document repeats under
 *         autocannon's names: reading only checks that they agree with ours.
 * Source  docs/bench.result.1.schema.json says what each key means.
 */
#ifndef STORE_RESULT_ROWS_H
#define STORE_RESULT_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "model/result.h"
#include "store/fields.h"

extern const struct field result_head_rows[]; /* struct result */
extern const struct field offered_rows[];
extern const struct field result_verdict_rows[], result_bailout_rows[],
    result_rounds_rows[];                            /* struct result */
extern const struct field tool_rows[];               /* struct result */
extern const struct field target_rows[];             /* struct result */
extern const struct field work_rows[];               /* struct result */
extern const struct field environment_rows[];        /* struct environment */
extern const struct field machine_rows[];            /* struct machine */
extern const struct field disturbed_rows[];          /* struct machine; older files lack these */
extern const struct field suspended_rows[];          /* the same */
extern const struct field accounting_rows[];         /* struct accounting */
extern const struct field accounting_added_rows[];   /* struct accounting */
extern const struct field accounting_carried_rows[]; /* and of younger versions */
extern const struct field accounting_judged_rows[];  /* and where there is something to tell */
extern const struct field accounting_open_rows[];    /* and of an open loop */
extern const struct field accounting_after_rows[];   /* and of one that waited for the open ones */
extern const struct field accounting_unbound_rows[]; /* and of requests with placeholders */
extern const struct field loss_rows[];               /* struct accounting: to write */
extern const struct field tls_rows[];                /* struct tls_use */
extern const struct field http2_rows[];              /* struct http2_use */
extern const struct field second_rows[];             /* struct second */
extern const struct field second_open_rows[];
extern const struct field process_rows[]; /* struct process_cost: which one */
extern const struct field cost_rows[];    /* struct process_cost: what it cost */
extern const struct field client_rows[];  /* struct client_cost */
extern const struct field client_open_rows[];
extern const struct field client_added_rows[];     /* struct client_cost: not in older files */
extern const struct field thread_rows[];           /* struct thread_cost */
extern const struct field fairness_rows[];         /* struct fairness */
extern const struct field probe_rows[];            /* struct probe_counts: all but the fates */
extern const struct field probe_fate_rows[];       /* struct probe_fate */
extern const struct field probe_fate_added_rows[]; /* the same: not in older files */
extern const struct field queue_rows[];            /* struct queue_account */
extern const struct field drain_rows[];            /* struct queue_account: all but how */
extern const struct field drain_added_rows[];      /* the same: not in older files */
extern const struct field warning_rows[];          /* struct warning */

struct named_hist {
    const char *name;
    size_t at; /* of a struct hist * in struct result */
};
#define RESULT_HIST_COUNT  17
#define RESULT_HISTS_FIRST 9 /* older files have only these */
extern const struct named_hist result_hists[RESULT_HIST_COUNT];

struct repeated {
    const char *key;
    int64_t value;
};
#define RESULT_REPEATED_COUNT 12
/* Top-level counts under autocannon's names, in its order. */
void result_repeated(const struct result *r, struct repeated out[RESULT_REPEATED_COUNT]);
/* Of the completed, by the first digit of the status, 1 to 5. */
int64_t result_status_class(const struct result *r, int digit);

#endif
