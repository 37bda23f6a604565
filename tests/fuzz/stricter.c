#include <ctype.h>
#include <string.h>

#include "differences.h"
#include "spot.h"

static bool is_not_http(const struct spot *s)
{
    for (size_t n = 1; n < 5; n++) {
        if (s->at - s->data >= (ptrdiff_t)n && memcmp(s->at - n, "HTTP/", n) == 0 &&
            byte_at(s) != "HTTP/"[n])
            return true;
    }
    return false;
}

static bool is_other_version(const struct spot *s)
{
    static const char *const before[] = {"HTTP/", "HTTP/1", "HTTP/1.", "HTTP/1.0", "HTTP/1.1"};
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        size_t n = strlen(before[i]);
        if (s->at - s->data >= (ptrdiff_t)n && memcmp(s->at - n, before[i], n) == 0)
            return true;
    }
    return false;
}

/* "HTTP/1.1 " and up to three digits. */
static bool is_in_status(const struct spot *s)
{
    const char *p = s->at;
    while (p > s->data && isdigit((unsigned char)p[-1]) && s->at - p < 3)
        p--;
    return p - s->data >= 9 && memcmp(p - 9, "HTTP/1.", 7) == 0 && p[-1] == ' ';
}

static bool is_space(const struct spot *s)
{
    return byte_at(s) == ' ';
}

static bool is_space_after_line(const struct spot *s)
{
    return byte_at(s) == ' ' && byte_before(s) == '\n';
}

static bool is_semicolon_in_coding(const struct spot *s)
{
    return byte_at(s) == ';' && line_has(s, "transfer-encoding:");
}

static bool is_quote_in_coding(const struct spot *s)
{
    return byte_at(s) == '"' && line_has(s, "transfer-encoding:");
}

/* The error is at the comma, or behind the line end, of the second one. */
static bool is_chunked_twice(const struct spot *s)
{
    size_t found = 0;
    for (const char *p = s->data; p + 7 <= s->at; p++)
        found += strncasecmp(p, "chunked", 7) == 0;
    return found >= 2 && (byte_at(s) == ',' || byte_before(s) == '\n');
}

static bool is_after_blank_after_size(const struct spot *s)
{
    const char *p = s->at;
    while (p > s->data && (p[-1] == ' ' || p[-1] == '\t'))
        p--;
    return p < s->at && p > s->data && isxdigit((unsigned char)p[-1]);
}

/* http-parser's table of digits has 0 for the bytes past ASCII. */
static bool is_past_ascii(const struct spot *s)
{
    return (unsigned char)byte_at(s) >= 0x80;
}

static bool is_past_size(const struct spot *s)
{
    return is_past_ascii(s) || is_after_blank_after_size(s);
}

static bool is_lf_or_nul(const struct spot *s)
{
    return s->at < s->end && (*s->at == '\n' || *s->at == '\0');
}

static bool is_nul(const struct spot *s)
{
    return s->at < s->end && *s->at == '\0';
}

/* http-parser does not look at the first byte of a value (or of a folded line). */
static bool is_nul_at_value_start(const struct spot *s)
{
    const char *p = s->at;
    while (p > s->data && (p[-1] == ' ' || p[-1] == '\t'))
        p--;
    return is_nul(s) && p > s->data && (p[-1] == ':' || (p < s->at && p[-1] == '\n'));
}

static bool is_after_bare_cr(const struct spot *s)
{
    return byte_before(s) == '\r' && byte_at(s) != '\n';
}

static bool is_not_line_end(const struct spot *s)
{
    return s->at < s->end && (*s->at != '\r' || byte_before(s) == '\r');
}

/* Sixteen hexadecimal digits, leading zeros not counted; nineteen decimal ones. */
static size_t digits_until(const struct spot *s, int (*is_digit)(int c))
{
    const char *p = s->at;
    while (p > s->data && is_digit((unsigned char)p[-1]))
        p--;
    while (p < s->at && *p == '0')
        p++;
    return (size_t)(s->at - p) + 1;
}

static bool is_long_decimal(const struct spot *s)
{
    return digits_until(s, isdigit) >= 19 && line_has(s, "content-length:");
}

static bool is_long_hex(const struct spot *s)
{
    return digits_until(s, isxdigit) >= 16;
}

static const struct {
    const char *why; /* ours */
    bool (*fits)(const struct spot *s);
} stricter[] = {
    {"not HTTP", is_not_http},
    {"a version other than 1.0 and 1.1", is_other_version},
    {"a status that is not three digits from 100 up", is_in_status},
    {"a NUL in the status line", is_nul},
    {"a NUL in a header", is_nul_at_value_start},
    {"a CR without LF", is_after_bare_cr},
    {"a folded line before the first header", is_space_after_line},
    {"a blank in the name of a header", is_space},
    {"a Content-Length too large", is_long_decimal},
    {"Transfer-Encoding says chunked twice", is_chunked_twice},
    {"chunked with a parameter", is_semicolon_in_coding},
    {"a quoted string in Transfer-Encoding", is_quote_in_coding},
    {"a chunk size without digits", is_past_ascii},
    {"a chunk size that is not a number", is_past_size},
    {"a chunk size too large", is_long_hex},
    {"a bare LF or a NUL in a chunk extension", is_lf_or_nul},
    {"a chunk that does not end in CR LF", is_not_line_end},
};

bool difference_is_stricter(const char *data, size_t len, const struct outcome *ours)
{
    struct spot s = {data + ours->started, data + ours->at, data + len};
    if (!ours->bad)
        return false;
    for (size_t i = 0; i < sizeof stricter / sizeof *stricter; i++) {
        if (strcmp(stricter[i].why, ours->why) == 0)
            return stricter[i].fits(&s);
    }
    return false;
}
