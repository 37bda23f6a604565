/* delay_run: one delay server, loaded once by bench's own open loop.
 *
 * Shape   blocks until the server has ended. The load goes the way of `bench run -R`: a plan, an
 *         aim, the load's threads. The first SIGINT, SIGTERM or SIGHUP ends the run, and the next
 *         one has its default effect.
 * Units   in the names.
 * Owner   delay_run fills `out`, which is the caller's, on success only; delay_run_fini frees what
 *         is in it. The server's log is written into the folder, which is the caller's, too.
 * Errors  kind USAGE: the server cannot be started. INVALID: it ended, or did not say what it did.
 *         INTERRUPTED, with *out_signal set: by a signal.
 */
#ifndef SELFTEST_DELAY_RUN_H
#define SELFTEST_DELAY_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "model/result.h"
#include "selftest/server_log.h"
#include "selftest/wire.h"

struct delay_load {
    const char *delay; /* --delay of the server */
    int64_t servers;   /* 0: no limit */
    double rate_rps;
    bool is_poisson;
    int64_t seed; /* of the arrivals and of the service times */
    /* One of the two: requests that are due in a time, or a number of them, all of which are waited
     * for. */
    int64_t duration_ns, amount;
    int64_t connections;
    int64_t freeze_after_ns, freeze_ns; /* 0: the server is not frozen */
    int64_t beside_gap_ns; /* a bystander wakes up so often meanwhile; 0: there is none */
    bool is_wired;         /* the kernel's stamps are wanted */
};

struct delay_run {
    struct result result; /* of the load: accounting and histograms */
    struct server_log log;
    struct hist *beside; /* how late the bystander woke up; NULL: there was none */
    struct wire_log wire;
    int64_t frozen_ns, thawed_ns; /* clock_now_ns; 0: it was not frozen */
    double server_cpu_s;
};

int delay_run(const struct delay_load *load, const char *folder, struct delay_run *out,
              int *out_signal, struct err *err);
void delay_run_fini(struct delay_run *run);

#endif
