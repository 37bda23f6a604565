/* How each arm came back from a spike of the rate, at each point. */
#include <stdlib.h>

#include "base/mem.h"
#include "report/compare/content.h"
#include "report/sweep/report.h"
#include "report/text.h"

static void add_table(const struct comparison *c, const struct report_style *style, struct buf *out)
{
    struct table t;
    struct str_list notes = {0};
    table_init(&t, 0);
    compare_recovery_cells(c, style, &t, &notes);
    if (t.columns > 0)
        table_write(&t, style, out);
    for (size_t i = 0; i < notes.count; i++)
        text_notice(out, style, PAINT_DIM, notes.items[i]);
    buf_puts(out, t.columns > 0 ? "\n" : "");
    str_list_fini(&notes);
    table_fini(&t);
}

/* Points of a range stand in the order in which they were placed; a table has that of the values.
 */
void report_sweep_recovery(const struct sweep *s, const struct report_style *style, struct buf *out)
{
    struct comparison sorted = s->comparison;
    size_t *order = sweep_order(s);
    sorted.arms = mem_array(s->npoints * s->narms, sizeof *sorted.arms);
    sorted.narms = 0;
    for (size_t i = 0; i < s->npoints; i++) {
        for (size_t arm = 0; arm < s->narms; arm++)
            sorted.arms[sorted.narms++] = *sweep_arm(s, order[i], arm);
    }
    add_table(&sorted, style, out);
    free(sorted.arms);
    free(order);
}
