/* RFC 4180: a header line, then one row per threshold. */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "report/csv.h"
#include "report/gate/report.h"
#include "report/text.h"

/* Empty for what was not measured. */
static void add_number(struct buf *out, double value)
{
    if (isfinite(value)) /* "never" is no number */
        buf_printf(out, "%.15g", value);
}

static void add_count(struct buf *out, bool known, size_t count)
{
    if (known)
        buf_printf(out, "%zu", count);
}

/* The codes of the run's warnings, blank between. */
static void add_codes(const struct gate_sheet *sheet, size_t from, size_t end, struct buf *out)
{
    struct buf codes;
    buf_init(&codes, BUF_TEXT_MAX);
    for (size_t i = from; i < end; i++)
        buf_printf(&codes, "%s%s", i > from ? " " : "", sheet->warnings[i].code);
    csv_quote(out, codes.data);
    buf_fini(&codes);
}

static void add_row(const struct gate_outcome *o, struct buf *out)
{
    char why[320];
    const struct gate_threshold *threshold = o->threshold;
    const char *const texts[] = {o->file, gate_verdict_code(o), threshold->metric.name,
                                 threshold->text, threshold->level == GATE_FAIL ? "fail" : "warn"};
    bool known = o->rounds.judged > 0;
    for (size_t i = 0; i < LEN(texts); i++) {
        csv_quote(out, texts[i]);
        buf_puts(out, ",");
    }
    add_number(out, o->measured.low);
    buf_puts(out, ",");
    add_number(out, threshold->value);
    buf_printf(out, ",%s,", metric_unit_name(threshold->unit));
    add_count(out, known, o->rounds.judged);
    buf_puts(out, ",");
    add_count(out, known, o->rounds.beyond);
    buf_printf(out, ",%s,", gate_reason_codes[o->reason]);
    csv_quote(out, gate_explain(o, why, sizeof why));
    buf_puts(out, ",");
}

void report_gate_csv(const struct gate_sheet *sheet, struct buf *out)
{
    size_t from = 0;
    buf_puts(out, "file,verdict,metric,limit,level,measured,value,unit,rounds,beyond,reason,why,"
                  "warnings\r\n");
    for (size_t i = 0; i < sheet->count; i++) {
        const char *file = sheet->outcomes[i].file;
        size_t end = gate_sheet_warnings_end(sheet, from, file);
        add_row(&sheet->outcomes[i], out);
        add_codes(sheet, from, end, out);
        buf_puts(out, "\r\n");
        if (i + 1 < sheet->count && strcmp(sheet->outcomes[i + 1].file, file) != 0)
            from = end;
    }
}
