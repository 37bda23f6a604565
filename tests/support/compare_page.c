#include "support/compare_page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cases/compare_cases.h"
#include "report/compare/markdown.h"
#include "report/compare/report.h"

char *page_of(const struct comparison *c, enum page_form form, const struct report_style *style)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    if (form == PAGE_TEXT)
        report_comparison(c, style, &out);
    else
        report_comparison_markdown(c, 0, &out);
    char *text = buf_take(&out);
    buf_fini(&out);
    return text;
}

char *page_of_case(const char *name, enum page_form form, const struct report_style *style)
{
    struct comparison c;
    assert_int_equal(compare_case(name, &c), 0);
    char *text = page_of(&c, form, style);
    comparison_fini(&c);
    return text;
}

void each_line(const char *text, void (*check)(const char *line, void *state), void *state)
{
    while (*text != '\0') {
        size_t len = strcspn(text, "\n");
        char *line = mem_strndup(text, len);
        check(line, state);
        free(line);
        text += len + (text[len] == '\n' ? 1 : 0);
    }
}
