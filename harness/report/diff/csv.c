#include <math.h>
#include <string.h>

#include "report/csv.h"
#include "report/diff/report.h"
#include "report/text.h"

static void add_number(double value, struct buf *out)
{
    if (isfinite(value))
        buf_printf(out, ",%.12g", value);
    else
        buf_puts(out, isnan(value) ? "," : ",inf");
}

static void add_summary(const struct arm_summary *sum, struct buf *out)
{
    add_number(sum->median, out);
    add_number(sum->low, out);
    add_number(sum->high, out);
    buf_printf(out, ",%d,%d", sum->is_bound, sum->is_few);
}

static void add_arm(const struct diff_file *file, const struct diff_arm *arm, struct buf *out)
{
    for (size_t i = 0; i < arm->nchanges; i++) {
        const struct diff_change *c = &arm->changes[i];
        csv_quote(out, file->name == NULL ? "" : file->name);
        buf_puts(out, ",");
        csv_quote(out, arm->name);
        buf_printf(out, ",%s,%s", c->figure->key, metric_unit_name(c->figure->unit));
        add_summary(&c->old_sum, out);
        add_summary(&c->new_sum, out);
        add_number(c->change, out);
        buf_printf(out, ",%s\r\n", shift_known_names[c->known]);
    }
}

void report_diff_csv(const struct diff *d, struct buf *out)
{
    buf_puts(out, "file,arm,figure,unit,old,old_low,old_high,old_at_least,old_few_samples,"
                  "new,new_low,new_high,new_at_least,new_few_samples,change,known\r\n");
    for (size_t i = 0; i < d->nfiles; i++) {
        for (size_t k = 0; k < d->files[i].narms; k++)
            add_arm(&d->files[i], &d->files[i].arms[k], out);
    }
}
