/* trial_probe: the probe of one trial: its request, its connections, and the descriptors for both.
 *
 * Shape   open, then begin when the window opens, then stop, collect and fini. A plan without a
 *         probe has none: then open calls on_open at once, and the others do nothing.
 * Owner   caller's storage, zeroed before. What the spec points to is borrowed until fini, which
 *         comes when the loop has ended.
 * Errors  none are returned. A probe that cannot be started is a warning of the result, which is
 *         valid without it.
 */
#ifndef RUNNER_TRIAL_PROBE_H
#define RUNNER_TRIAL_PROBE_H

#include <uv.h>

#include "base/buf.h"
#include "load/probe.h"
#include "model/plan.h"
#include "runner/aim.h"

struct trial_probe {
    struct probe *probe;
    struct buf request;
};

struct trial_probe_spec {
    uv_loop_t *loop;
    const struct plan *plan;
    const struct aim *aim;
    struct result *result; /* for the warning */
    void (*on_open)(void *ctx);
    void *ctx;
};

void trial_probe_open(struct trial_probe *p, const struct trial_probe_spec *spec);
void trial_probe_begin(struct trial_probe *p);
void trial_probe_stop(struct trial_probe *p); /* also before its connections are open */
void trial_probe_collect(struct trial_probe *p, struct result *r);
void trial_probe_fini(struct trial_probe *p);

/* How many files a run of the plan has open without those of the probe. */
int64_t trial_probe_files_beside(const struct plan *plan);
/* Raises the limit of open files for the probe's connections, as far as the system allows. */
void trial_probe_raise_limit(const struct plan *plan);

#endif
