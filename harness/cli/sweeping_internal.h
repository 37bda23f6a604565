/* sweeping_internal: what the beginning of a sweep and its measurement share.
 */
#ifndef CLI_SWEEPING_INTERNAL_H
#define CLI_SWEEPING_INTERNAL_H

#include "analysis/sweep/stage.h"
#include "cli/sweeping.h"

/* How many values an axis has at the end, if there is time. */
size_t sweeping_values(const struct sweeping *w, size_t axis);
/* A value on one axis, with all those of the other. */
int sweeping_add_line(struct sweeping *w, const struct stage_value *next, struct err *err);
/* Gives all places the duration that was chosen for their trials. */
void sweeping_set_duration(struct sweeping *w);

/* Whether the sweep that goes on has these axes, and no more rounds; and the machine and the
 * options of the trials that it has. */
int sweeping_same_shape(const struct sweeping *w, struct err *err);
int sweeping_same_trials(const struct sweeping *w, struct err *err);
/* The goal that was asked for, which all arms can tell; it goes into the document. */
int sweeping_choose_goal(struct sweeping *w, struct err *err);

#endif
