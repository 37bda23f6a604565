#include "runner/arm_trial.h"

#include <math.h>

#include "analysis/warnings.h"
#include "proc/self.h"
#include "runner/record.h"

static void record(const struct arm_trial *trial, struct result *r)
{
    const struct arm_plan *arm = trial->arm;
    double *load_average_1m = trial->load_average_1m;
    record_run(&arm->options, &arm->line, r);
    if (isnan(*load_average_1m))
        *load_average_1m = r->environment.load_average_1m;
    if (arm->options.plan.url != NULL) /* the only load figure that its warnings use */
        r->environment.load_average_1m = *load_average_1m;
}

int arm_trial_run(const struct arm_trial *trial, struct result *out, int *out_signal,
                  struct err *err)
{
    const struct plan *plan = &trial->arm->options.plan;
    const struct rounds_view *view = trial->view;
    result_init(out);
    record(trial, out);
    proc_self_rss_peak_reset();
    view->on_start(view->of_trial.ctx, plan, trial->place);
    int failed = trial_run(plan, &view->of_trial, out, out_signal, err);
    view->on_end(view->of_trial.ctx);
    if (failed == 0)
        warnings_add(out);
    return failed;
}
