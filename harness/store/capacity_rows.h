/* capacity_rows: which key of bench.capacity/1 is which member of struct capacity.
 *
 * Shape   the same rows for writing and reading.
 * Source  docs/bench.capacity.1.schema.json says what each key means.
 */
#ifndef STORE_CAPACITY_ROWS_H
#define STORE_CAPACITY_ROWS_H

#include "store/fields.h"

extern const struct field capacity_rows[];          /* struct capacity */
extern const struct field capacity_tool_rows[];     /* struct capacity: its "tool" */
extern const struct field capacity_arm_rows[];      /* struct capacity_arm: only written */
extern const struct field capacity_trial_rows[];    /* struct capacity_trial: all but its arm,
                                                     * outcome and figures */
extern const struct field capacity_estimate_rows[]; /* struct capacity_estimate: only written */

#endif
