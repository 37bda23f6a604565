#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

static const struct {
    int exit_code;
    const char *meaning;
} kinds[] = {
#define X(name, exit_code, meaning) {exit_code, meaning},
    ERR_KINDS(X)
#undef X
};

int err_set(struct err *err, enum err_kind kind, const char *format, ...)
{
    va_list args;
    err->kind = kind;
    va_start(args, format);
    (void)vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    return -1;
}

int err_wrap(struct err *err, const char *format, ...)
{
    char context[sizeof err->text];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(context, sizeof context - 2, format, args);
    va_end(args);
    size_t len = strlen(context);
    context[len++] = ':';
    context[len++] = ' ';
    size_t inner = strlen(err->text);
    if (inner > sizeof err->text - 1 - len)
        inner = sizeof err->text - 1 - len;
    memmove(err->text + len, err->text, inner);
    memcpy(err->text, context, len);
    err->text[len + inner] = '\0';
    return -1;
}

int err_exit_code(enum err_kind kind)
{
    return (size_t)kind < LEN(kinds) ? kinds[kind].exit_code : 2;
}

const char *err_meaning(enum err_kind kind)
{
    return (size_t)kind < LEN(kinds) ? kinds[kind].meaning : "unknown";
}
