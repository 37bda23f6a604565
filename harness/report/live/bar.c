#include "report/live/bar.h"

#include <math.h>
#include <stdio.h>

#define BAR_MIN 6
#define BAR_MAX 40

void bar_add(struct fields *f, double done, size_t reserved)
{
    struct buf bar;
    size_t room = fields_room(f);
    size_t columns = room > reserved ? room - reserved : 0;
    if (isnan(done) || columns < BAR_MIN)
        return;
    columns = columns < BAR_MAX ? columns : BAR_MAX;
    double part = fmax(fmin(done, 1), 0);
    buf_init(&bar, BUF_TEXT_MAX);
    for (size_t i = 0; i < columns; i++) {
        bool is_done = i < (size_t)(part * (double)columns);
        if (f->style->utf8)
            buf_puts(&bar, is_done ? "━" : "─");
        else
            buf_puts(&bar, is_done ? "#" : "-");
    }
    (void)fields_add(f, PAINT_PLAIN, bar.data);
    buf_fini(&bar);
}

char *bar_time(int64_t ns, char *text, size_t size)
{
    double s = fmax((double)ns / 1e9, 0);
    if (s < 100)
        (void)snprintf(text, size, "%.0f s", s);
    else if (s < 6000)
        (void)snprintf(text, size, "%.0f min", s / 60);
    else
        (void)snprintf(text, size, "%.1f h", s / 3600);
    return text;
}
