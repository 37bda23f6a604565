#include "cli/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/mem.h"

/* Set and not empty, or NULL. */
static const char *env(const char *name)
{
    const char *value = getenv(name); /* NOLINT(concurrency-mt-unsafe): nothing sets variables */
    return value != NULL && value[0] != '\0' ? value : NULL;
}

static bool is_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < LEN(names); i++) {
        const char *value = env(names[i]);
        if (value != NULL)
            return strcasestr(value, "utf-8") != NULL || strcasestr(value, "utf8") != NULL;
    }
    return false;
}

static bool knows_escapes(void)
{
    const char *term = env("TERM");
    return term != NULL && strcmp(term, "dumb") != 0;
}

struct report_style terminal_style(FILE *stream)
{
    bool terminal = isatty(fileno(stream));
    bool colour = terminal && env("NO_COLOR") == NULL && knows_escapes();
    return (struct report_style){
        .utf8 = is_utf8(), .colour = colour, .width = terminal ? terminal_width(stream) : 0};
}

size_t terminal_width(FILE *stream)
{
    struct winsize size;
    if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}

size_t terminal_rows(FILE *stream)
{
    struct winsize size;
    if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_row > 0)
        return size.ws_row;
    return 24;
}

bool terminal_is_drawable(FILE *stream)
{
    return isatty(fileno(stream)) && knows_escapes();
}
