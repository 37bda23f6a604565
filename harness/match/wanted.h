/* wanted: what a reply that is wrong should have been, in words.
 *
 * Shape   "status 200-299,404", "a body with 'text'". Texts are cut, without secrets, and safe for
 *         a terminal.
 * Owner   the caller frees the text.
 * Errors  none.
 */
#ifndef MATCH_WANTED_H
#define MATCH_WANTED_H

#include "match/matching.h"

char *wanted_text(const struct rule *rule, const struct matching_wrong *wrong);

#endif
