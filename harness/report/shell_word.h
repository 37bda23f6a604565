/* shell_word: a word of a command that the reader may paste into a shell.
 *
 * Errors  none: quoted where the shell would read more than a word in it.
 */
#ifndef REPORT_SHELL_WORD_H
#define REPORT_SHELL_WORD_H

#include "base/buf.h"

void shell_word(struct buf *out, const char *word);

#endif
