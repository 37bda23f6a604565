#include "support/run_report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cases/render_cases.h"
#include "report/run/report.h"

char *report_of(const struct result *r, const struct report_style *style)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    report_run(r, style, &out);
    char *text = buf_take(&out);
    buf_fini(&out);
    return text;
}

char *report_case(const char *name, const struct report_style *style)
{
    struct result r;
    assert_int_equal(render_case(name, &r), 0);
    char *text = report_of(&r, style);
    result_fini(&r);
    return text;
}
