/* fleet_words: what mpirun said on stderr, as far as it says what is wrong.
 *
 * Shape   the lines of ssh and of the programs on the hosts, without Open MPI's general advice.
 * Owner   nothing is kept.
 * Errors  none. The words are untrusted; err makes them printable.
 */
#ifndef RUNNER_FLEET_WORDS_H
#define RUNNER_FLEET_WORDS_H

#include "base/err.h"
#include "proc/child.h"

/* Its last lines, behind what err says already. */
void fleet_words_add(struct child *mpirun, struct err *err);

#endif
