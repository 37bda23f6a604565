/* bench merge: the results of all shares of a plan as one. */
#include <math.h>
#include <stdlib.h>

#include "analysis/recovery/recovery.h"
#include "analysis/warnings.h"
#include "base/clock.h"
#include "cli/cmd.h"
#include "cli/delivery.h"
#include "cli/output.h"
#include "cli/shares.h"
#include "cli/unmeasured.h"
#include "model/result_merge.h"
#include "store/inputs.h"
#include "store/result_file.h"

struct merge_options {
    struct plan plan; /* only what it says of the output */
    struct str_list lost;
    int64_t until_ns; /* 0: the files are whole results */
};

#define AT(field) offsetof(struct merge_options, field)
/* clang-format off */
static const struct opt merge_opts[] = {
    {.name = "json", .letter = 'j', .type = OPT_FLAG, .at = AT(plan.json),
     .help = "Print the merged result as JSON instead of tables."},
    {.name = "out", .letter = 'o', .type = OPT_TEXT, .at = AT(plan.out),
     .arg = "FILE|DIR", .help = "Where to save the merged result, instead of results/."},
    {.name = "save", .type = OPT_FLAG, .at = AT(plan.save), .def = "on",
     .help = "Do not save the merged result."},
    {.name = "verbose", .letter = 'V', .affirmative = true, .type = OPT_FLAG, .at = AT(plan.verbose), .def = "on",
     .help = "Print a summary of one line instead of tables."},
    {.name = "latency", .letter = 'l', .type = OPT_FLAG, .at = AT(plan.latency_table),
     .help = "Add a table of all percentiles."},
    {.name = "status-codes", .type = OPT_FLAG, .at = AT(plan.status_codes),
     .help = "Add a table of status codes."},
    {.name = "lost", .type = OPT_LIST, .at = AT(lost), .arg = "I=HOST:WHY",
     .help = "Share I has no result, because its host was lost: merge the others, as a partial result; can be repeated."},
    {.name = "until", .type = OPT_TIME, .at = AT(until_ns), .min = 1e6, .max = PLAN_LONGEST_NS, .arg = "TIME",
     .help = "A host was lost at this time of the window: merge the seconds before it, from files that run --ndjson wrote, complete or cut off."},
    {.type = OPT_END},
};
/* clang-format on */

static int exit_code(const struct result *r)
{
    if (r->bailed_out)
        return err_exit_code(ERR_GATE);
    return r->valid && merged_is_whole(r->merged) ? 0 : err_exit_code(ERR_INVALID);
}

static int deliver(const struct plan *plan, const struct result *r, struct err *err)
{
    char *path = NULL;
    if (delivery_check(r, err) < 0 || result_check_loadable(r, err) < 0)
        return -1;
    int unprinted = delivery_print(plan, r, err);
    int unsaved = delivery_save(plan, r, &path, err);
    free(path);
    return unprinted < 0 || unsaved < 0 ? -1 : exit_code(r);
}

static int merge(const struct merge_options *given, struct shares *shares, struct err *err)
{
    struct result sum;
    struct unmeasured ignored;
    struct merge m = {.inputs = shares->inputs,
                      .ninputs = shares->count,
                      .lost = shares->lost,
                      .nlost = shares->nlost,
                      .ignored = ignored.names,
                      .until_s = given->until_ns == 0 ? NAN : (double)given->until_ns / NS_PER_S};
    unmeasured_init(&ignored);
    unmeasured_add(&ignored, "share");
    unmeasured_add(&ignored, "start-at");
    unmeasured_add(&ignored, "workers"); /* chosen by each host, from its cores */
    if (merge_check(&m, err) < 0)
        return -1;
    result_merge(&m, &sum);
    warnings_add(&sum);
    recovery_add(&sum, NULL);
    warnings_take_shares(&sum, &m);
    int code = deliver(&given->plan, &sum, err);
    result_fini(&sum);
    return code;
}

static int check(const struct merge_options *options, const struct opt_line *line, struct err *err)
{
    struct inputs inputs;
    if (line->given.nwords == 0)
        return err_set(err, ERR_USAGE,
                       "no result given; give those of all shares, such as share-*.json");
    if (line->given.nwords > SHARES_MAX)
        return err_set(err, ERR_USAGE, "%zu results given; a plan has at most %d shares",
                       line->given.nwords, SHARES_MAX);
    if (output_check(&options->plan, err) < 0)
        return -1;
    if (!options->plan.save || options->plan.out == NULL)
        return 0;
    inputs_of(&inputs, line->given.words, line->given.nwords);
    int failed = inputs_check(&inputs, options->plan.out, err);
    inputs_fini(&inputs);
    return failed < 0 ? err_wrap(err, "-o/--out") : 0;
}

static int merge_exec(void *options, const struct opt_line *line, struct err *err)
{
    struct merge_options *given = options;
    const struct shares_order order = {.files = line->given.words,
                                       .nfiles = line->given.nwords,
                                       .lost = &given->lost,
                                       .until_s = (double)given->until_ns / NS_PER_S};
    struct shares shares = {0};
    if (check(given, line, err) < 0)
        return -1;
    int code = shares_load(&order, &shares, err);
    if (code == 0)
        code = merge(given, &shares, err);
    shares_fini(&shares);
    return code;
}

static void merge_fini(void *options)
{
    str_list_fini(&((struct merge_options *)options)->lost);
}

const struct cmd cmd_merge = {
    .name = "merge",
    .args = "RESULT...",
    .help = "Put the results of all shares of a plan (run --share) together into one.",
    .sections = {{"Merge", merge_opts, 0}},
    .options_size = sizeof(struct merge_options),
    .exec = merge_exec,
    .fini = merge_fini,
};
