#include "report/compare/csv.h"
#include "report/csv.h"
#include "report/sweep/report.h"

/* A row of its own after the cells that were written. */
static void add_row(const struct sweep *s, size_t point, size_t arm, struct buf *out)
{
    struct comparison one = s->comparison;
    struct arm named = *sweep_arm(s, point, arm);
    named.name = s->arms[arm];
    one.arms = &named;
    one.narms = 1;
    for (size_t i = 0; i < s->naxes; i++) {
        csv_quote(out, sweep_point_label(s, point, i));
        buf_puts(out, ",");
    }
    report_arms_csv(NULL, &one, out);
}

void report_sweep_csv(const struct sweep *s, struct buf *out)
{
    for (size_t i = 0; i < s->naxes; i++) {
        csv_quote(out, s->axes[i].option);
        buf_puts(out, ",");
    }
    report_arms_csv_head(out);
    for (size_t point = 0; point < s->npoints; point++) {
        for (size_t arm = 0; arm < s->narms; arm++)
            add_row(s, point, arm, out);
    }
}
