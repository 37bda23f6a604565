/* scan: jumps over the bytes of a header line that mean nothing.
 *
 * Shape   [p, end) in; the first byte that may mean something comes back, or end.
 * Owner   the caller; no byte at or past end is read.
 * Errors  none.
 * Source  sixteen bytes at a time where SSE2 is there (all of x86-64), else the byte loops. A line
 *         costs about what one memchr for its LF and one for its colon do, and CR and NUL are
 *         looked for in the same pass.
 */
#ifndef HTTP_SCAN_H
#define HTTP_SCAN_H

#ifdef __SSE2__
#include <emmintrin.h>

static inline __m128i scan_load(const char *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

/* Both: a bit for each byte that is one; bit 0 is the first byte. */
static inline int scan_controls(__m128i bytes)
{
    return _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(' ' - 1)), bytes));
}

static inline int scan_name_ends(__m128i bytes)
{
    __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(' ')), bytes);
    return _mm_movemask_epi8(_mm_or_si128(low, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(':'))));
}
#endif

/* To the first control character: what a value or a reason ends with. */
static inline const char *scan_text(const char *p, const char *end)
{
#ifdef __SSE2__
    for (; end - p >= 16; p += 16) {
        int hits = scan_controls(scan_load(p));
        if (hits != 0)
            return p + __builtin_ctz((unsigned)hits);
    }
#endif
    while (p < end && (unsigned char)*p >= ' ')
        p++;
    return p;
}

/* To the first colon, space or control character: what a header's name ends with. */
static inline const char *scan_name(const char *p, const char *end)
{
    while (p < end && (unsigned char)*p > ' ' && *p != ':')
        p++;
    return p;
}

/* Both for one line: *name_end, and the first control character behind it. Most names are shorter
 * than sixteen bytes, and most lines longer. */
static inline const char *scan_line(const char *p, const char *end, const char **name_end)
{
#ifdef __SSE2__
    if (end - p >= 16) {
        __m128i bytes = scan_load(p);
        int hits = scan_name_ends(bytes);
        if (hits != 0 && scan_controls(bytes) == 0) {
            *name_end = p + __builtin_ctz((unsigned)hits);
            return scan_text(p + 16, end);
        }
    }
#endif
    *name_end = scan_name(p, end);
    return scan_text(*name_end, end);
}

#endif
