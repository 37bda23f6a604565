#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void buf_init(struct buf *b, size_t max_bytes)
{
    *b = (struct buf){.max = max_bytes};
    b->data = mem_zalloc(1);
    b->size = 1;
}

void buf_fini(struct buf *b)
{
    free(b->data);
    *b = (struct buf){0};
}

void buf_clear(struct buf *b)
{
    b->len = 0;
    b->overflow = false;
    b->data[0] = '\0';
}

/* Room for `more` bytes and the NUL; false past the ceiling. */
static bool reserve(struct buf *b, size_t more)
{
    if (more > b->max || b->len > b->max - more) {
        b->overflow = true;
        return false;
    }
    size_t need = b->len + more + 1;
    if (need > b->size) {
        size_t size = b->size < 64 ? 64 : b->size;
        while (size < need)
            size *= 2;
        b->data = mem_grow(b->data, size, 1);
        b->size = size;
    }
    return true;
}

void buf_add(struct buf *b, const void *bytes, size_t len)
{
    if (len == 0 || !reserve(b, len))
        return;
    memcpy(b->data + b->len, bytes, len);
    b->len += len;
    b->data[b->len] = '\0';
}

void buf_puts(struct buf *b, const char *text)
{
    buf_add(b, text, strlen(text));
}

void buf_pad(struct buf *b, char c, size_t count)
{
    if (!reserve(b, count))
        return;
    memset(b->data + b->len, c, count);
    b->len += count;
    b->data[b->len] = '\0';
}

void buf_vprintf(struct buf *b, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int need = vsnprintf(NULL, 0, format, args);
    if (need > 0 && reserve(b, (size_t)need)) {
        (void)vsnprintf(b->data + b->len, (size_t)need + 1, format, again);
        b->len += (size_t)need;
    }
    va_end(again);
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    buf_vprintf(b, format, args);
    va_end(args);
}

char *buf_take(struct buf *b)
{
    char *data = b->data;
    buf_init(b, b->max);
    return data;
}
