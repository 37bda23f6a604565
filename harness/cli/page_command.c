#include "cli/page_command.h"

#include "report/shell_word.h"

/* NULL: it was not given. */
static void add_option(const char *option, const char *value, struct buf *out)
{
    if (value == NULL)
        return;
    buf_printf(out, " %s ", option);
    shell_word(out, value);
}

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
    add_option("--map", order->map, out);
    add_option("--goal", order->goal, out);
    add_option("--reference", order->reference, out);
    add_option("--recovery-goal", order->recovery_goal_text, out);
    for (size_t i = 0; i < order->fail->count; i++)
        add_option("--fail", order->fail->items[i], out);
}
