#include "cli/page_command.h"

#include "report/shell_word.h"

void page_command_add(const struct page_order *order, struct buf *out)
{
    buf_puts(out, "bench report");
    for (size_t i = 0; i < order->nfiles; i++) {
        buf_puts(out, " ");
        shell_word(out, order->files[i]);
    }
    buf_puts(out, " -o ");
    shell_word(out, order->out);
    buf_puts(out, order->no_pictures ? " --no-pictures" : "");
    if (order->reference != NULL) {
        buf_puts(out, " --reference ");
        shell_word(out, order->reference);
    }
    if (order->recovery_goal_text != NULL) {
        buf_puts(out, " --recovery-goal ");
        shell_word(out, order->recovery_goal_text);
    }
    for (size_t i = 0; i < order->fail->count; i++) {
        buf_puts(out, " --fail ");
        shell_word(out, order->fail->items[i]);
    }
}
