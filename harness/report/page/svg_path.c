#include "report/page/svg_path.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define SMALL 10  /* px: a mark, which is drawn larger than it is */
#define MOST  1e6 /* px */

struct place {
    long x, y; /* tenths of a pixel */
};

/* The path while it is read. */
struct pen {
    const char *at;
    struct buf *out;
    struct place now, start;
    bool is_drawing; /* "l" is said, and more steps may follow it */
    bool is_large;   /* a place beyond what a mark has */
};

static const char *skip_blanks(const char *text)
{
    return text + strspn(text, " \t\r\n");
}

static int read_number(struct pen *pen, long *out)
{
    char *end = NULL;
    if (strchr("0123456789+-.", *pen->at) == NULL)
        return -1;
    double value = strtod(pen->at, &end);
    if (end == pen->at || !(fabs(value) < MOST))
        return -1;
    pen->is_large = pen->is_large || fabs(value) >= SMALL;
    *out = lround(value * 10);
    pen->at = end;
    return 0;
}

static int read_place(struct pen *pen, struct place *out)
{
    if (read_number(pen, &out->x) < 0)
        return -1;
    pen->at = skip_blanks(pen->at);
    pen->at += *pen->at == ',';
    pen->at = skip_blanks(pen->at);
    return read_number(pen, &out->y);
}

static void add_tenths(struct buf *out, long tenths)
{
    long size = labs(tenths);
    buf_puts(out, tenths < 0 ? "-" : "");
    if (size >= 10 || size == 0)
        buf_printf(out, "%ld", size / 10);
    if (size % 10 != 0)
        buf_printf(out, ".%ld", size % 10);
}

static void add_place(struct pen *pen, const char *before, long x, long y)
{
    buf_puts(pen->out, before);
    add_tenths(pen->out, x);
    buf_puts(pen->out, ",");
    add_tenths(pen->out, y);
}

static int move(struct pen *pen)
{
    struct place to;
    if (read_place(pen, &to) < 0)
        return -1;
    add_place(pen, "M", to.x, to.y);
    pen->now = pen->start = to;
    pen->is_drawing = false;
    return 0;
}

static int draw(struct pen *pen)
{
    struct place to;
    if (read_place(pen, &to) < 0)
        return -1;
    add_place(pen, pen->is_drawing ? " " : "l", to.x - pen->now.x, to.y - pen->now.y);
    pen->now = to;
    pen->is_drawing = true;
    return 0;
}

static int close_path(struct pen *pen)
{
    buf_puts(pen->out, "z");
    pen->now = pen->start;
    pen->is_drawing = false;
    return 0;
}

int svg_path_short(const char *path, struct buf *out)
{
    struct pen pen = {.at = skip_blanks(path), .out = out};
    int failed = *pen.at == 'M' ? 0 : -1;
    while (failed == 0 && *pen.at != '\0') {
        char command = *pen.at;
        pen.at = skip_blanks(pen.at + 1);
        if (command == 'M')
            failed = move(&pen);
        else if (command == 'L')
            failed = draw(&pen);
        else
            failed = command == 'z' || command == 'Z' ? close_path(&pen) : -1;
        pen.at = skip_blanks(pen.at);
    }
    return failed == 0 && pen.is_large ? 0 : -1;
}
