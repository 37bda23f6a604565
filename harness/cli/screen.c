#include "cli/screen.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "cli/terminal.h"
#include "report/text.h"

#define LEAST_NS (NS_PER_S / 4) /* between two drawings */

#define UP        "\033[%zuA"
#define CLEAR_END "\033[K" /* to the line's end */
#define CLEAR_ALL "\033[J" /* and all below */
/* A character that is wider than it is counted must not begin another row. */
#define WRAP_OFF "\033[?7l"
#define WRAP_ON  "\033[?7h"

/* The shell has written below the lines meanwhile. */
static volatile sig_atomic_t was_stopped;

static void on_continue(int number)
{
    (void)number;
    was_stopped = 1;
}

static bool is_in_background(void)
{
    pid_t group = tcgetpgrp(STDERR_FILENO);
    return group > 0 && group != getpgrp();
}

static void put(const struct buf *out)
{
    ssize_t ignored = write(STDERR_FILENO, out->data, out->len);
    (void)ignored;
}

/* Columns that a line takes; escapes take none. */
static size_t width_of(const char *line, size_t len)
{
    size_t width = 0;
    for (size_t i = 0; i < len; i++) {
        if (line[i] == '\033')
            i += strcspn(line + i, "m");
        else
            width += ((unsigned char)line[i] & 0xc0) != 0x80;
    }
    return width;
}

/* How many rows of the terminal the lines take, if it has become narrower. */
static size_t rows_of(const char *lines)
{
    size_t columns = terminal_width(stderr);
    size_t rows = 0;
    while (*lines != '\0') {
        size_t len = strcspn(lines, "\n");
        size_t width = width_of(lines, len);
        rows += columns > 0 && width > columns ? (width + columns - 1) / columns : 1;
        lines += len + (lines[len] == '\n');
    }
    return rows;
}

/* To the first column of the first line. */
static void go_to_start(const struct screen *s, struct buf *out)
{
    buf_puts(out, "\r");
    if (was_stopped == 0 && s->is_shown && s->lines[0] != '\0')
        buf_printf(out, UP, rows_of(s->lines));
}

static void hide(void *ctx)
{
    struct screen *s = ctx;
    struct buf out;
    if (!s->is_shown)
        return;
    buf_init(&out, BUF_TEXT_MAX);
    go_to_start(s, &out);
    buf_puts(&out, CLEAR_ALL);
    put(&out);
    buf_fini(&out);
    s->is_shown = false;
    was_stopped = 0;
}

/* Goes on from the first column. */
static void add_lines(struct buf *out, const char *lines)
{
    buf_puts(out, WRAP_OFF);
    while (*lines != '\0') {
        size_t len = strcspn(lines, "\n");
        buf_puts(out, CLEAR_END); /* after a full line it would take the last character */
        buf_add(out, lines, len);
        buf_puts(out, "\r\n");
        lines += len + 1;
    }
    buf_puts(out, WRAP_ON CLEAR_ALL);
}

static void show(void *ctx)
{
    struct screen *s = ctx;
    struct buf out;
    if (s->lines == NULL || is_in_background())
        return;
    buf_init(&out, BUF_TEXT_MAX);
    add_lines(&out, s->lines);
    put(&out);
    buf_fini(&out);
    s->is_shown = true;
}

void screen_open(struct screen *s, bool is_wanted)
{
    *s = (struct screen){.on = is_wanted && terminal_is_drawable(stderr),
                         .style = terminal_style(stderr),
                         .view = {s, hide, show}};
    if (!s->on)
        return;
    struct sigaction action = {.sa_handler = on_continue, .sa_flags = SA_RESTART};
    (void)sigaction(SIGCONT, &action, NULL);
    log_set_view(&s->view);
}

bool screen_is_due(const struct screen *s)
{
    return s->on && (s->when_ns == 0 || clock_now_ns() - s->when_ns >= LEAST_NS);
}

const struct report_style *screen_style(struct screen *s)
{
    s->style.width = terminal_width(stderr);
    return &s->style;
}

/* The cursor has one of its own. */
size_t screen_rows(void)
{
    return terminal_rows(stderr) - 1;
}

void screen_draw(struct screen *s, char *lines)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    go_to_start(s, &out);
    was_stopped = 0;
    add_lines(&out, lines);
    free(s->lines);
    s->lines = lines;
    s->is_shown = !is_in_background();
    s->when_ns = clock_now_ns();
    if (s->is_shown)
        put(&out);
    buf_fini(&out);
}

void screen_close(struct screen *s)
{
    if (!s->on)
        return;
    log_set_view(NULL);
    hide(s);
    (void)signal(SIGCONT, SIG_DFL);
    free(s->lines);
    s->lines = NULL;
    s->on = false;
}
