/* completion: what bash, zsh and fish offer after TAB, made from the option rows.
 *
 * Shape   the whole script of a shell: the commands, the options of each, the choices of an option,
 *         and file names where an option takes a file.
 * Owner   the text is added to the caller's buf.
 * Errors  kind USAGE: a shell that is none of the three.
 * Source  bash(1), Programmable Completion; zshcompsys(1), _arguments; fish, complete(1).
 */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

#include "base/buf.h"
#include "base/err.h"

int completion_script(const char *shell, struct buf *out, struct err *err);

#endif
