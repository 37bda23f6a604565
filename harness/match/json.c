#include "match/json.h"

#include <string.h>

#include "base/str.h"

static const char *skip_blank(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
        p++;
    return p;
}

/* From behind the first quote to the last one. */
static const char *string_end(const char *p, const char *end)
{
    for (; p < end && *p != '"'; p++) {
        if (*p == '\\' && ++p == end)
            return NULL;
    }
    return p < end ? p : NULL;
}

static const char *skip_string(const char *p, const char *end)
{
    p = string_end(p + 1, end);
    return p == NULL ? NULL : p + 1;
}

/* A container: its brackets are only counted. */
static const char *skip_nested(const char *p, const char *end)
{
    size_t depth = 0;
    while (p != NULL && p < end) {
        char c = *p;
        if (c == '"') {
            p = skip_string(p, end);
            continue;
        }
        p++;
        if (c == '{' || c == '[')
            depth++;
        else if ((c == '}' || c == ']') && --depth == 0)
            return p;
    }
    return NULL;
}

static const char *skip_word(const char *p, const char *end)
{
    const char *from = p;
    while (p < end && (unsigned char)*p > ' ' && *p != '\0' && strchr(",]}:\"{[", *p) == NULL)
        p++;
    return p > from ? p : NULL;
}

static const char *skip_value(const char *p, const char *end)
{
    if (p == end)
        return NULL;
    if (*p == '"')
        return skip_string(p, end);
    if (*p == '{' || *p == '[')
        return skip_nested(p, end);
    return skip_word(p, end);
}

/* --- strings --- */

/* Behind "\u"; -1 if four hexadecimal digits do not follow. */
static int32_t hex_at(const char *p, const char *end)
{
    int high = str_percent_byte(p - 1, end);
    int low = high < 0 ? -1 : str_percent_byte(p + 1, end);
    return low < 0 ? -1 : high * 256 + low;
}

static size_t put_utf8(uint32_t code, char *out)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t len = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char first[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = len; i-- > 1; code >>= 6)
        out[i] = (char)(0x80 | (code & 0x3f));
    out[0] = (char)(first[len] | code);
    return len;
}

/* What "\uXXXX" at *p stands for, in UTF-8; half a pair is U+FFFD. 0: it is malformed. */
static size_t take_code(const char **p, const char *end, char *out)
{
    int32_t code = hex_at(*p + 2, end);
    if (code < 0)
        return 0;
    *p += 6;
    if (code < 0xd800 || code > 0xdfff)
        return put_utf8((uint32_t)code, out);
    bool is_pair = code < 0xdc00 && end - *p >= 6 && (*p)[0] == '\\' && (*p)[1] == 'u';
    int32_t low = is_pair ? hex_at(*p + 2, end) : -1;
    if (low < 0xdc00 || low > 0xdfff)
        return put_utf8(0xfffd, out);
    *p += 6;
    return put_utf8(0x10000 + ((uint32_t)(code - 0xd800) << 10) + (uint32_t)(low - 0xdc00), out);
}

/* What the escape at *p stands for. */
static size_t take_escape(const char **p, const char *end, char *out)
{
    static const char letters[] = "\"\\/bfnrt";
    static const char bytes[] = "\"\\/\b\f\n\r\t";
    if (end - *p < 2)
        return 0;
    if ((*p)[1] == 'u')
        return take_code(p, end, out);
    const char *at = memchr(letters, (*p)[1], sizeof letters - 1);
    if (at == NULL)
        return 0;
    out[0] = bytes[at - letters];
    *p += 2;
    return 1;
}

/* Whether a string, without its quotes, is this name. */
static bool is_name(const char *p, const char *end, const char *name, size_t len)
{
    if (memchr(p, '\\', (size_t)(end - p)) == NULL)
        return (size_t)(end - p) == len && memcmp(p, name, len) == 0;
    while (p < end) {
        char bytes[4] = {*p};
        size_t count = 1;
        if (*p == '\\')
            count = take_escape(&p, end, bytes);
        else
            p++;
        if (count == 0 || count > len || memcmp(bytes, name, count) != 0)
            return false;
        name += count;
        len -= count;
    }
    return len == 0;
}

static bool take_string(const char *p, const char *end, struct buf *value)
{
    while (p < end) {
        const char *plain = memchr(p, '\\', (size_t)(end - p));
        if (plain == NULL)
            plain = end;
        buf_add(value, p, (size_t)(plain - p));
        p = plain;
        if (p == end)
            break;
        char bytes[4];
        size_t count = take_escape(&p, end, bytes);
        if (count == 0)
            return false;
        buf_add(value, bytes, count);
    }
    return true;
}

/* --- for the caller --- */

const char *json_start(const char *json, const char *end)
{
    return skip_blank(json + str_bom(json, (size_t)(end - json)), end);
}

/* Behind a member's name to its value. */
static const char *find_value(const char *p, const char *end)
{
    p = skip_blank(p, end);
    return p < end && *p == ':' ? skip_blank(p + 1, end) : NULL;
}

/* Behind a value to the next one; NULL behind the last. */
static const char *next(const char *p, const char *end)
{
    p = skip_blank(p, end);
    return p < end && *p == ',' ? skip_blank(p + 1, end) : NULL;
}

const char *json_member(const char *p, const char *end, const char *name, size_t len)
{
    p = skip_blank(p + 1, end);
    while (p != NULL && p < end && *p == '"') {
        const char *from = p + 1;
        const char *to = string_end(from, end);
        p = to == NULL ? NULL : find_value(to + 1, end);
        if (p == NULL || is_name(from, to, name, len))
            return p;
        p = skip_value(p, end);
        if (p != NULL)
            p = next(p, end);
    }
    return NULL;
}

const char *json_item(const char *p, const char *end, size_t index)
{
    p = skip_blank(p + 1, end);
    for (; p != NULL && index > 0; index--) {
        p = skip_value(p, end);
        if (p != NULL)
            p = next(p, end);
    }
    return p;
}

bool json_take(const char *p, const char *end, struct buf *value)
{
    buf_clear(value);
    const char *to = skip_value(p, end);
    static const char firsts[] = "\"{[-0123456789tf"; /* null begins with none of these */
    if (to == NULL || memchr(firsts, *p, sizeof firsts - 1) == NULL)
        return false;
    if (*p == '"')
        return take_string(p + 1, to - 1, value) && !value->overflow;
    buf_add(value, p, (size_t)(to - p));
    return !value->overflow;
}
