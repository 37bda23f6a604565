/* page_command: the command that makes a page again, as the page shows it.
 *
 * Shape   page_command_add adds it to the text, quoted for a shell.
 * Errors  none.
 */
#ifndef CLI_PAGE_COMMAND_H
#define CLI_PAGE_COMMAND_H

#include "base/buf.h"
#include "cli/page.h"

void page_command_add(const struct page_order *order, struct buf *out);

#endif
