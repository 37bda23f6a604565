/* mem: allocation that dies with a message instead of failing.
 *
 * Owner   what comes back belongs to the caller, who frees it with free().
 * Errors  out of memory ends the program with exit code 2: nothing that bench does can go on.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

__attribute__((malloc, returns_nonnull)) void *mem_zalloc(size_t bytes);
__attribute__((malloc, returns_nonnull)) void *mem_array(size_t count, size_t bytes); /* zeroed */
__attribute__((returns_nonnull)) void *mem_grow(void *old, size_t count, size_t bytes);
/* Room for one more than `count`. A list that grows only here doubles its room each time that it is
 * full: adding n items copies about 2n, where growing by one would copy n * n / 2. */
__attribute__((returns_nonnull)) void *mem_one_more(void *old, size_t count, size_t bytes);
__attribute__((malloc, returns_nonnull)) char *mem_strdup(const char *text);
__attribute__((malloc, returns_nonnull)) char *mem_strndup(const char *text, size_t len);
__attribute__((malloc, returns_nonnull, format(printf, 1, 2))) char *mem_printf(const char *format,
                                                                                ...);
/* A copy of any bytes, also of NULs, and a NUL behind it. */
__attribute__((malloc, returns_nonnull)) char *mem_copy(const void *bytes, size_t len);
/* A copy, or NULL for NULL: for text that may be missing. */
char *mem_strdup_or_null(const char *text);

#endif
