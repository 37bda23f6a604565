/* sweep_place: the arms of a sweep at one point: what its command line would be with the options of
 * the point on it.
 *
 * Owner   a place owns its arms, its options and its copy of the command line; free it after the
 *         measurement. What the command line points to is borrowed.
 * Errors  kind USAGE: what a comparison would refuse, with the point before it.
 */
#ifndef CLI_SWEEP_PLACE_H
#define CLI_SWEEP_PLACE_H

#include "cli/arms.h"
#include "cli/cmd.h"

struct sweep_options {
    struct run_options run;
    struct str_list over, arms;
    const char *strategies, *goal, *continued, *format;
    int64_t rounds, points, budget_ns;
    bool repeat;
};

void sweep_options_fini(struct sweep_options *o);

/* What all places share. */
struct sweep_common {
    const struct sweep_options *options; /* which the line's groups fill */
    const struct opt_line *line;
    int64_t seed, duration_ns;
};

struct sweep_place;

/* The command line can be read as often as there are points. */
int sweep_place_check(const struct sweep_options *options, struct err *err);

/* `options` and `texts` are those of the point: n names and values. NULL with err set. */
struct sweep_place *sweep_place_new(const struct sweep_common *common, const char *const *options,
                                    const char *const *texts, size_t n, struct err *err);
void sweep_place_free(struct sweep_place *p); /* NULL is fine */
const struct arms *sweep_place_arms(const struct sweep_place *p);

#endif
