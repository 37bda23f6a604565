#include <math.h>
#include <string.h>

#include "report/diff/report.h"
#include "report/text.h"

static const struct report_style style = {.utf8 = true};

static bool is_formula(const char *text)
{
    return text[0] != '\0' && strchr("=+-@", text[0]) != NULL;
}

static void add_text(const char *text, struct buf *out)
{
    struct buf safe;
    buf_init(&safe, BUF_TEXT_MAX);
    text_safe(&safe, &style, text);
    buf_puts(out, is_formula(safe.data) ? "\"'" : "\"");
    for (const char *c = safe.data; *c != '\0'; c++)
        buf_add(out, *c == '"' ? "\"\"" : c, *c == '"' ? 2 : 1);
    buf_puts(out, "\"");
    buf_fini(&safe);
}

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
        add_text(file->name == NULL ? "" : file->name, out);
        buf_puts(out, ",");
        add_text(arm->name, out);
        buf_printf(out, ",%s,%s", c->figure->key, metric_unit_name(c->figure->unit));
        add_summary(&c->old_sum, out);
        add_summary(&c->new_sum, out);
        add_number(c->change, out);
        buf_printf(out, ",%s\n", shift_known_names[c->known]);
    }
}

void report_diff_csv(const struct diff *d, struct buf *out)
{
    buf_puts(out, "file,arm,figure,unit,old,old_low,old_high,old_at_least,old_few_samples,"
                  "new,new_low,new_high,new_at_least,new_few_samples,change,known\n");
    for (size_t i = 0; i < d->nfiles; i++) {
        for (size_t k = 0; k < d->files[i].narms; k++)
            add_arm(&d->files[i], &d->files[i].arms[k], out);
    }
}
