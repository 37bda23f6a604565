/* buf: bytes that grow up to a ceiling.
 *
 * Shape   open: data, len. data is NUL-terminated after every call, so text can be printed.
 * Owner   buf_init makes an empty one in caller's storage; buf_fini frees the bytes;
 *         buf_take hands them over.
 * Errors  passing the ceiling adds nothing and sets `overflow`; the caller asks once, at the end.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct buf {
    char *data;
    size_t len, size, max;
    bool overflow;
};

#define BUF_TEXT_MAX ((size_t)64 << 20)

void buf_init(struct buf *b, size_t max_bytes);
void buf_fini(struct buf *b);
void buf_clear(struct buf *b);
void buf_add(struct buf *b, const void *bytes, size_t len);
void buf_puts(struct buf *b, const char *text);
void buf_pad(struct buf *b, char c, size_t count);
__attribute__((format(printf, 2, 3))) void buf_printf(struct buf *b, const char *format, ...);
__attribute__((format(printf, 2, 0))) void buf_vprintf(struct buf *b, const char *format,
                                                       va_list args);
/* The caller frees what comes back; the buf is empty afterwards. */
char *buf_take(struct buf *b);

#endif
