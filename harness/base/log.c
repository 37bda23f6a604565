#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"

static const char *const names[] = {"error", "warn", "info", "debug"};
static enum log_level threshold = LOG_WARN;
static const char *program = "bench";
static const struct log_view *shown_view; /* NULL: none */

int log_level_parse(const char *text, enum log_level *level)
{
    for (size_t i = 0; i < LEN(names); i++) {
        if (strcmp(text, names[i]) == 0) {
            *level = (enum log_level)i;
            return 0;
        }
    }
    return -1;
}

void log_set_level(enum log_level level)
{
    threshold = level;
}

void log_set_program(const char *name)
{
    program = name;
}

void log_set_view(const struct log_view *view)
{
    shown_view = view;
}

#define NEXT_LINE "\n  | "

/* Makes the text safe and writes it: what another program printed in several lines must not begin
 * one of them. */
static void write_shown(const char *before, char *text)
{
    struct buf shown;
    size_t len = strlen(text);
    str_make_printable(text, len);
    while (len > 0 && text[len - 1] == '\n')
        text[--len] = '\0';
    buf_init(&shown, BUF_TEXT_MAX);
    buf_puts(&shown, before);
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '\n')
            buf_puts(&shown, NEXT_LINE);
        else if (str_is_command(text, c) && *c == '#')
            buf_puts(&shown, "?");
        else
            buf_add(&shown, c, 1);
    }
    if (shown_view != NULL)
        shown_view->hide(shown_view->ctx);
    (void)fprintf(stderr, "%s\n", shown.data == NULL ? "" : shown.data);
    if (shown_view != NULL)
        shown_view->show(shown_view->ctx);
    buf_fini(&shown);
}

__attribute__((format(printf, 2, 0))) static void put(enum log_level level, const char *format,
                                                      va_list args)
{
    static const char *const prefixes[] = {"", "warning: ", "", "debug: "};
    char line[1024];
    char before[64];
    if (level > threshold)
        return;
    (void)vsnprintf(line, sizeof line, format, args);
    (void)snprintf(before, sizeof before, "%s: %s", program, prefixes[level]);
    write_shown(before, line);
}

void log_say(const char *format, ...)
{
    struct buf line;
    va_list args;
    buf_init(&line, BUF_TEXT_MAX);
    va_start(args, format);
    buf_vprintf(&line, format, args);
    va_end(args);
    write_shown("", line.data);
    buf_fini(&line);
}

#define DEFINE(name, level)                                                                        \
    void name(const char *format, ...)                                                             \
    {                                                                                              \
        va_list args;                                                                              \
        va_start(args, format);                                                                    \
        put(level, format, args);                                                                  \
        va_end(args);                                                                              \
    }
DEFINE(log_error, LOG_ERROR)
DEFINE(log_warn, LOG_WARN)
DEFINE(log_info, LOG_INFO)
DEFINE(log_debug, LOG_DEBUG)
