/* words: a text split into words as a shell would, without any of its expansions.
 *
 * Shape   blanks part words; '...' takes all as it is, "..." all but \" and \\, and outside of both
 *         a backslash takes the next character as it is.
 * Owner   the list is the caller's.
 * Errors  kind USAGE: a quote that is not closed.
 * Source  POSIX.1-2017, Shell Command Language, 2.2.
 */
#ifndef CLI_WORDS_H
#define CLI_WORDS_H

#include "base/err.h"
#include "base/str.h"

int words_split(const char *text, struct str_list *out, struct err *err);

#endif
