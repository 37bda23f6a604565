#include "differences.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* What surrounds an error. */
struct spot {
    const char *data, *at, *end; /* at may be end */
};

static char byte_at(const struct spot *s)
{
    return s->at < s->end ? *s->at : '\0';
}

static char byte_before(const struct spot *s)
{
    return s->at > s->data ? s->at[-1] : '\0';
}

static const char *line_start(const char *data, const char *at)
{
    while (at > data && at[-1] != '\n')
        at--;
    return at;
}

/* Blanks at the start of a line continue the one before. */
static const char *field_line(const char *data, const char *at)
{
    const char *line = line_start(data, at);
    while (line > data && (*line == ' ' || *line == '\t'))
        line = line_start(data, line - 1);
    return line;
}

static bool line_has(const struct spot *s, const char *prefix)
{
    const char *line = field_line(s->data, s->at);
    size_t len = strlen(prefix);
    return (size_t)(s->end - line) >= len && strncasecmp(line, prefix, len) == 0;
}

/* --- we are stricter --- */

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
    {"no HTTP reply", is_not_http},
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
    {"a chunk size that is no number", is_past_size},
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

/* --- we are laxer --- */

static bool is_token_byte(char c)
{
    return isalnum((unsigned char)c) || (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

/* A byte that no token may have, in a name; or a control character, in a value. 'q' is in the name
 * of no header that either of us knows. */
static bool replace_byte(char *data, const struct spot *s)
{
    const char *line = field_line(s->data, s->at);
    const char *colon = memchr(line, ':', (size_t)(s->at - line));
    char c = byte_at(s);
    bool in_name = colon == NULL && !is_token_byte(c) && (unsigned char)c > ' ' && c != ':';
    bool in_value = colon != NULL && iscntrl((unsigned char)c) && strchr("\r\n\t", c) == NULL;
    if (s->at == s->end || (!in_name && !in_value))
        return false;
    data[s->at - s->data] = 'q';
    return true;
}

/* "Content-Length: 5, 05": a list of equal numbers. */
static bool equal_lengths(const char *line, const char *end, uint64_t *value)
{
    const char *p = memchr(line, ':', (size_t)(end - line));
    for (bool first = true; p != NULL && p < end && *p == (first ? ':' : ','); first = false) {
        uint64_t number = 0;
        for (p++; p < end && (*p == ' ' || *p == '\t'); p++) {
        }
        for (; p < end && isdigit((unsigned char)*p); p++)
            number = number * 10 + (uint64_t)(*p - '0');
        for (; p < end && (*p == ' ' || *p == '\t'); p++) {
        }
        if (!first && number != *value)
            return false;
        *value = number;
    }
    return p != NULL && p < end && (*p == '\r' || *p == '\n');
}

static bool blank_list(char *data, const struct spot *s)
{
    uint64_t value;
    if (!line_has(s, "content-length:") ||
        !equal_lengths(line_start(s->data, s->at), s->end, &value))
        return false;
    bool changed = false;
    for (const char *p = s->at; p < s->end && *p != '\r' && *p != '\n'; p++) {
        changed = changed || *p != ' ';
        data[p - s->data] = ' ';
    }
    return changed;
}

static bool blank_tab(char *data, const struct spot *s)
{
    if (byte_at(s) != '\t' || !line_has(s, "content-length:"))
        return false;
    data[s->at - s->data] = ' ';
    return true;
}

static bool in_content_length(char *data, const struct spot *s)
{
    return blank_tab(data, s) || blank_list(data, s);
}

/* The line of that name before `at`, or NULL. */
static const char *line_before(const struct spot *s, const char *at, const char *name)
{
    size_t len = strlen(name);
    for (const char *p = at; p > s->data; p--) {
        if (p[-1] == '\n' && (size_t)(s->end - p) >= len && strncasecmp(p, name, len) == 0)
            return p;
    }
    return NULL;
}

/* The input ends before the byte that shows that no fold follows: we have not judged the line. */
static bool is_open_line(const struct spot *s, const char *line)
{
    const char *lf = memchr(line, '\n', (size_t)(s->end - line));
    return lf == NULL || lf + 1 == s->end;
}

/* A second Content-Length equal to the first, or one beside a Transfer-Encoding. */
static bool rename_length(char *data, const struct spot *s)
{
    static const char name[] = "content-length:";
    uint64_t value = 0;
    uint64_t other = 1;
    const char *last = line_before(s, s->at, name);
    if (last == NULL)
        return false;
    if (is_open_line(s, last)) {
        data[last - s->data] = 'q';
        return true;
    }
    if (!equal_lengths(last, s->end, &value))
        return false;
    const char *first = line_before(s, last - 1, name);
    bool equal = first != NULL && equal_lengths(first, s->end, &other) && value == other;
    if (!equal && line_before(s, s->at, "transfer-encoding:") == NULL)
        return false;
    data[last - s->data] = 'q';
    return true;
}

static const struct {
    const char *why; /* http-parser's */
    bool (*take_out)(char *data, const struct spot *s);
} laxer[] = {
    {"HPE_INVALID_HEADER_TOKEN", replace_byte},
    {"HPE_INVALID_CONTENT_LENGTH", in_content_length},
    {"HPE_UNEXPECTED_CONTENT_LENGTH", rename_length},
};

/* --- silent --- */

/* "Connection: , close" and the like: RFC 9110 wants empty items passed over. */
static bool blank_empty_item(const char *data, char *line, const char *end)
{
    (void)data;
    bool empty = false;
    for (char *p = line; p < end; p++) {
        if (*p == ',' && empty) {
            *p = ' ';
            return true;
        }
        empty = *p == ',' || *p == ':' || (empty && (*p == ' ' || *p == '\t'));
    }
    return false;
}

static bool blank_tab_in_list(const char *data, char *line, const char *end)
{
    (void)data;
    char *tab = memchr(line, '\t', (size_t)(end - line));
    if (tab == NULL)
        return false;
    *tab = ' ';
    return true;
}

static bool rename_line(const char *data, char *line, const char *end)
{
    (void)data;
    (void)end;
    *line = 'q';
    return true;
}

/* A name that only begins so, such as "Transfer-Encodings". */
static bool rename_longer(const char *data, char *line, const char *end)
{
    char *next = line + strlen("transfer-encoding");
    return next < end && *next != ':' && rename_line(data, line, end);
}

/* "0" and CR LF, or with an extension, somewhere in the lines before: trailers decide nothing. */
static bool rename_trailer(const char *data, char *line, const char *end)
{
    for (const char *p = line; p > data;) {
        p = line_start(data, p - 1);
        size_t zeros = strspn(p, "0");
        if (zeros > 0 && strchr("\r; \t", p[zeros]) != NULL)
            return rename_line(data, line, end);
        if (p[0] == '\n' || (p[0] == '\r' && p[1] == '\n'))
            break;
    }
    return false;
}

/* RFC 9112 section 5.2 has a fold for a blank; http-parser loses its place in a list there. The
 * line before ends in the two bytes before this one. */
static bool unfold(const char *data, char *line, const char *end)
{
    (void)data;
    (void)end;
    if (line[-1] != '\n')
        return false;
    line[-1] = ' ';
    if (line[-2] == '\r')
        line[-2] = ' ';
    return true;
}

static const struct {
    const char *name;
    bool (*take_out)(const char *data, char *line, const char *end);
} silent[] = {
    {"transfer-encoding", rename_longer},
    {"connection:", rename_trailer},
    {"content-length:", rename_trailer},
    {"transfer-encoding:", rename_trailer},
    {" ", unfold},
    {"\t", unfold},
    {"connection:", blank_empty_item},
    {"connection:", blank_tab_in_list},
    {"transfer-encoding:", blank_empty_item},
    {"transfer-encoding:", blank_tab_in_list},
    {"proxy-connection:", rename_line},
};

static char *line_end(char *line, char *end)
{
    char *lf = memchr(line, '\n', (size_t)(end - line));
    return lf == NULL ? end : lf;
}

static bool take_out_silent(char *data, size_t len, size_t row, size_t *at)
{
    char *end = data + len;
    for (char *line = data + *at; line < end;) {
        char *stop = line_end(line, end);
        size_t name_len = strlen(silent[row].name);
        *at = (size_t)(stop - data) + 1;
        if (line - data >= 2 && (size_t)(stop - line) >= name_len &&
            strncasecmp(line, silent[row].name, name_len) == 0 &&
            silent[row].take_out(data, line, stop))
            return true;
        line = stop + 1;
    }
    return false;
}

/* --- for the caller --- */

static bool take_out_laxer(char *data, size_t len, const struct outcome *oracle)
{
    struct spot s = {data + oracle->started, data + oracle->at, data + len};
    for (size_t i = 0; oracle->bad && i < sizeof laxer / sizeof *laxer; i++) {
        if (strcmp(laxer[i].why, oracle->why) == 0)
            return laxer[i].take_out(data + oracle->started, &s);
    }
    return false;
}

/* Keeps the changed copy if the change means nothing to us. */
static bool keep(char *data, const char *changed, size_t len, enum response_to to)
{
    struct outcome before;
    struct outcome after;
    run_ours(data, len, to, 0, &before);
    run_ours(changed, len, to, 0, &after);
    if (!same_outcome(&before, &after) || before.at != after.at || before.why != after.why)
        return false;
    memcpy(data, changed, len);
    return true;
}

bool difference_take_out(char *data, size_t len, enum response_to to, const struct outcome *oracle)
{
    char copy[DIFFERENCE_MAX];
    memcpy(copy, data, len);
    if (take_out_laxer(copy, len, oracle) && keep(data, copy, len, to))
        return true;
    for (size_t row = 0; row < sizeof silent / sizeof *silent; row++) {
        for (size_t at = 0; at < len;) {
            memcpy(copy, data, len);
            if (take_out_silent(copy, len, row, &at) && keep(data, copy, len, to))
                return true;
        }
    }
    return false;
}
