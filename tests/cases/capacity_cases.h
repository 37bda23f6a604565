/* capacity_cases: known searches for the capacity, for units, golden outputs and schemas.
 *
 * Shape   "found": two arms with two clauses, whose trials a known server answered. "never": a goal
 *         that cannot be met beside one that is never broken. "dies": a server that dies beside one
 *         that cannot be measured. "interrupted": a search that has not ended. "strange": texts
 *         that no report may take for its own. Estimates are not derived.
 * Owner   the caller ends it with capacity_fini.
 * Errors  -1 for an unknown name.
 */
#ifndef TESTS_CASES_CAPACITY_CASES_H
#define TESTS_CASES_CAPACITY_CASES_H

#include "model/capacity.h"

extern const char *const capacity_case_names[]; /* ends with NULL */
int capacity_case(const char *name, struct capacity *out);

#endif
