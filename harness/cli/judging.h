/* judging: the thresholds of a command line, and what they say of runs and arms.
 *
 * Shape   judging_init parses them, and takes what is given twice once; each run, arm or round that
 * is judged adds to the sheet, and gate_sheet_kind(&j->sheet) is the verdict on all. Owner   a
 * judging owns the sheet and the names in it, and borrows the options, which must outlive it;
 * judging_fini is fine after a failure, too. Errors  kind USAGE: a threshold that cannot be parsed,
 * or that a plan cannot measure.
 */
#ifndef CLI_JUDGING_H
#define CLI_JUDGING_H

#include "analysis/gate/sheet.h"
#include "base/opt.h"
#include "model/capacity.h"
#include "model/comparison.h"

struct judge_options {
    struct str_list fail, warn;
    bool allow_errors;
};
extern const struct opt judge_opts[];
void judge_options_fini(struct judge_options *options);

struct judging {
    struct gate_threshold *thresholds;
    size_t count;
    struct gate_policy policy;
    struct gate_sheet sheet;
    struct str_list names;
};

int judging_init(struct judging *j, const struct judge_options *options, enum gate_partial partial,
                 struct err *err);
void judging_fini(struct judging *j);
/* Refuses what no run of this plan can measure, before it is started. */
int judging_check_plan(const struct judging *j, const struct plan *plan, struct err *err);

enum judging_warnings { JUDGING_WITHOUT_WARNINGS, JUDGING_WITH_WARNINGS };
void judging_run(struct judging *j, const char *name, const struct result *r,
                 enum judging_warnings warnings);
/* By the median of its rounds, under the name "PATH: ARM". */
void judging_arm(struct judging *j, const char *path, const struct comparison *c,
                 const struct arm *arm);
/* Refuses thresholds on anything but the capacity, which is all that a search for it has. */
int judging_check_capacity(const struct judging *j, struct err *err);
/* By its interval, under the name "PATH: ARM". */
void judging_capacity(struct judging *j, const char *path, const struct capacity *c, size_t arm);
/* Each of its rounds as a run of its own: "PATH: ARM, round 2". */
void judging_each_round(struct judging *j, const char *path, const struct comparison *c,
                        const struct arm *arm);

#endif
