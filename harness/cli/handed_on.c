#include "cli/handed_on.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/run_opts.h"

/* What only makes sense here, or is told from the plan (runner/fleet_command). */
static bool is_handed_on(const struct opt *row)
{
    static const char *const own[] = {"duration", "seed",       "warmup",     "forever",
                                      "tls",      "cmd-scheme", "socket-path"};
    for (size_t i = 0; i < LEN(own); i++) {
        if (strcmp(row->name, own[i]) == 0)
            return false;
    }
    return true;
}

void hand_on(struct plan *plan, const struct opt_given *given)
{
    if (!plan_is_elsewhere(plan))
        return;
    const struct opt *const groups[] = {run_load_opts,       run_rate_opts,    run_end_opts,
                                        run_connection_opts, run_request_opts, run_list_opts,
                                        run_tls_opts};
    struct opt_given *told = mem_zalloc(sizeof *told);
    for (size_t i = 0; i < given->count; i++) {
        if (is_handed_on(given->options[i].row))
            told->options[told->count++] = given->options[i];
    }
    for (size_t i = 0; i < LEN(groups); i++)
        opt_forward(told, groups[i], &plan->load_argv);
    free(told);
}
