/* The option rows of a check that measures, and what they fill. */
#include <string.h>

#include "cli/check_live.h"
#include "model/session.h"

#define AT(field) offsetof(struct check_live_options, field)
/* clang-format off */
const struct opt check_live_opts[] = {
    {.name = "arm", .type = OPT_LIST, .at = AT(arms), .arg = "NAME=WHAT",
     .help = "Measure this server: a URL, options of run ('--strategy pool --pool-size 2'), or a command, in which {port} is replaced, and PORT set; give two, the first is the reference."},
    {.name = "detect", .type = OPT_LIST, .at = AT(detect), .arg = "SIZE",
     .help = "Catch a change for the worse of this size, '10%' in all default gates, or 'p99 20%' in one; can be repeated."},
    {.name = "gates", .type = OPT_TEXT, .at = AT(gates), .arg = "FILE",
     .help = "Read limits from this file, one a line as after --fail; 'warn ', 'ARM: ' or '/path: ' may stand before it."},
    {.name = "all-gates", .type = OPT_FLAG, .at = AT(all_gates),
     .help = "Go on after a gate failed, until all are decided."},
    {.name = "budget", .type = OPT_TIME, .at = AT(budget_ns), .min = 1e9, .max = 86400e9, .arg = "TIME", .def = "10m",
     .help = "Begin no block that is not expected to end within this time."},
    {.name = "max-blocks", .type = OPT_COUNT, .at = AT(max_blocks), .min = 1, .max = SESSION_BLOCKS_MAX, .arg = "N", .def = "24",
     .help = "Blocks to measure at most, 6 or more; each loads each arm for -d, or as long as the first block finds best, 6 s or more."},
    {.name = "control", .type = OPT_FLAG, .at = AT(control),
     .help = "Measure a second copy of the reference; where it differs from the first, nothing is decided."},
    {.name = "whole-trials", .type = OPT_FLAG, .at = AT(whole_trials),
     .help = "Run one arm after the other in each block, instead of both side by side with the load alternating."},
    {.name = "continue", .type = OPT_TEXT, .at = AT(continued), .arg = "FILE",
     .help = "Go on with this session, with the same options: to the next look, for the gates that are not decided."},
    {.name = "duration", .type = OPT_NOTE,
     .help = "How long a block loads each arm, in all of its slices: seconds, or 10s, 1m; by default, the first block finds what is best."},
    {.name = "amount", .type = OPT_NOTE},
    {.name = "max-connection-requests", .type = OPT_NOTE},
    {.name = "max-overall-requests", .type = OPT_NOTE},
    {.name = "stages", .type = OPT_NOTE},
    {.name = "recovery-goal", .type = OPT_NOTE},
    {.name = "bailout", .type = OPT_NOTE},
    {.name = "bailout-on", .type = OPT_NOTE},
    {.name = "wait-open", .type = OPT_NOTE},
    {.name = "forever", .type = OPT_NOTE},
    {.name = "sample-int", .type = OPT_NOTE},
    {.name = "probe", .type = OPT_NOTE},
    {.name = "probe-rate", .type = OPT_NOTE},
    {.name = "drain", .type = OPT_NOTE},
    {.type = OPT_END},
};

const struct opt check_live_output_opts[] = {
    {.name = "session", .type = OPT_TEXT, .at = AT(session), .arg = "FILE|DIR",
     .help = "Where to save the session, instead of results/."},
    {.name = "save", .type = OPT_FLAG, .at = AT(run.plan.save), .def = "on",
     .help = "Do not save the session."},
    {.name = "title", .letter = 'T', .type = OPT_TEXT, .at = AT(run.plan.title), .arg = "TEXT",
     .help = "A label stored with the session."},
    {.name = "progress", .letter = 'n', .type = OPT_FLAG, .at = AT(run.plan.progress), .def = "on",
     .help = "Hide the live view (it is only shown if stderr is a terminal)."},
    {.name = "dry-run", .type = OPT_FLAG, .at = AT(run.plan.dry_run),
     .help = "Print arms, gates, margins, order and seed as JSON, and start nothing."},
    {.type = OPT_END},
};
/* clang-format on */

bool check_is_live(const struct check_live_options *options)
{
    bool any = options->continued != NULL;
    for (size_t i = 0; i < options->arms.count; i++)
        any |= strchr(options->arms.items[i], '=') != NULL;
    return any;
}

void check_live_fini(struct check_live_options *options)
{
    plan_fini(&options->run.plan);
    target_options_fini(&options->run.target);
    str_list_fini(&options->arms);
    str_list_fini(&options->detect);
}
