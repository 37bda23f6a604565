#include "base/mem.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* No error to return: the caller could not continue in a sensible way. */
static void *alive(void *memory)
{
    static const char text[] = "bench: out of memory\n";
    if (memory == NULL) {
        ssize_t ignored = write(STDERR_FILENO, text, sizeof text - 1);
        (void)ignored;
        _exit(2);
    }
    return memory;
}

void *mem_zalloc(size_t bytes)
{
    return alive(calloc(1, bytes > 0 ? bytes : 1));
}

void *mem_array(size_t count, size_t bytes)
{
    return alive(calloc(count > 0 ? count : 1, bytes > 0 ? bytes : 1));
}

void *mem_grow(void *old, size_t count, size_t bytes)
{
    return alive(reallocarray(old, count > 0 ? count : 1, bytes > 0 ? bytes : 1));
}

void *mem_one_more(void *old, size_t count, size_t bytes)
{
    bool full = (count & (count - 1)) == 0; /* 0, or a power of two */
    return full ? mem_grow(old, count > 0 ? 2 * count : 1, bytes) : old;
}

char *mem_strdup(const char *text)
{
    return alive(strdup(text));
}

char *mem_strndup(const char *text, size_t len)
{
    return alive(strndup(text, len));
}

char *mem_printf(const char *format, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, format);
    int wrote = vasprintf(&text, format, args);
    va_end(args);
    return alive(wrote < 0 ? NULL : text);
}

char *mem_copy(const void *bytes, size_t len)
{
    char *copy = mem_zalloc(len + 1);
    if (len > 0)
        memcpy(copy, bytes, len);
    return copy;
}

char *mem_strdup_or_null(const char *text)
{
    return text == NULL ? NULL : mem_strdup(text);
}
