#include <stdarg.h>

#include "base/buf.h"
#include "report/verdict/content.h"

void notes_fini(struct notes *notes)
{
    str_list_fini(&notes->labels);
    str_list_fini(&notes->texts);
}

void notes_add(struct notes *notes, const char *label, const char *format, ...)
{
    struct buf text;
    va_list args;
    buf_init(&text, BUF_TEXT_MAX);
    va_start(args, format);
    buf_vprintf(&text, format, args);
    va_end(args);
    str_list_add(&notes->labels, label);
    str_list_add(&notes->texts, text.data);
    buf_fini(&text);
}
