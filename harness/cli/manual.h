/* manual: the man pages of the commands, made from their option rows.
 *
 * Owner   the text is added to the caller's buf.
 * Source  man(7).
 */
#ifndef CLI_MANUAL_H
#define CLI_MANUAL_H

#include "cli/cmd.h"

/* The list of the commands, for the page of bench itself. */
void manual_commands(struct buf *out);
/* The whole page of one command: bench-run(1). */
void manual_page(const struct cmd *cmd, struct buf *out);

#endif
