#include <stdarg.h>
#include <stdio.h>

#include "analysis/warnings_internal.h"

#define WARNING_MAX 800 /* bytes */

void warn(struct result *r, const char *code, const char *remedy, const char *format, ...)
{
    char text[WARNING_MAX];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    result_warn(r, code, text, remedy);
}
