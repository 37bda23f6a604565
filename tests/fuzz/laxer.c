#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "differences.h"
#include "spot.h"

/* --- laxer --- */

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

static const char *skip_blanks(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t'))
        p++;
    return p;
}

static const char *item_number(const char *p, const char *end, uint64_t *number)
{
    *number = 0;
    for (p = skip_blanks(p, end); p < end && isdigit((unsigned char)*p); p++)
        *number = *number * 10 + (uint64_t)(*p - '0');
    return skip_blanks(p, end);
}

/* "Content-Length: 5, 05": a list of equal numbers. */
static bool equal_lengths(const char *line, const char *end, uint64_t *value)
{
    const char *p = memchr(line, ':', (size_t)(end - line));
    if (p == NULL)
        return false;
    p = item_number(p + 1, end, value);
    while (p < end && *p == ',') {
        uint64_t number;
        p = item_number(p + 1, end, &number);
        if (number != *value)
            return false;
    }
    return p < end && (*p == '\r' || *p == '\n');
}

/* The input ends before the byte that shows that no fold follows: we have not judged the line. */
static bool is_open_line(const struct spot *s, const char *line)
{
    const char *lf = memchr(line, '\n', (size_t)(s->end - line));
    return lf == NULL || lf + 1 == s->end;
}

static bool blank_list(char *data, const struct spot *s)
{
    uint64_t value;
    const char *line = line_start(s->data, s->at);
    if (!line_has(s, "content-length:") ||
        (!is_open_line(s, line) && !equal_lengths(line, s->end, &value)))
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

/* RFC 9112 section 7.1.1 allows blanks of both kinds before an extension. */
static bool blank_tab_after_size(char *data, const struct spot *s)
{
    if (byte_at(s) != '\t' || !isxdigit((unsigned char)byte_before(s)))
        return false;
    data[s->at - s->data] = ' ';
    return true;
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
    {"HPE_INVALID_CHUNK_SIZE", blank_tab_after_size},
    {"HPE_UNEXPECTED_CONTENT_LENGTH", rename_length},
};

/* --- silent --- */

/* "Connection: , close" and the like: RFC 9110 wants empty items passed over. */
static bool blank_empty_item(const char *data, char *line, const char *end)
{
    (void)data;
    char *before = line + strcspn(line, ":"); /* the item: a colon or a comma */
    for (char *p = before + 1; p <= end; p++) {
        bool ends_item = p == end || *p == ',' || *p == '\r';
        if (ends_item && before != NULL && (*before == ',' || (p < end && *p == ','))) {
            *(*before == ',' ? before : p) = ' ';
            return true;
        }
        if (ends_item)
            before = p;
        else if (*p != ' ' && *p != '\t')
            before = NULL;
    }
    return false;
}

static bool is_cut_word(const char *item, size_t len)
{
    static const char *const words[] = {"chunked", "close", "keep-alive", "upgrade"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (len < strlen(words[i]) && strncasecmp(item, words[i], len) == 0)
            return true;
    }
    return false;
}

/* "Transfer-Encoding: chunk, chunked": where the first ends too early for the word that it might
 * have been, http-parser overlooks the comma; where an item starts with a byte that no token has,
 * it overlooks all that follow. */
static bool rename_odd_item(const char *data, char *line, const char *end)
{
    (void)data;
    for (char *item = line + strcspn(line, ":") + 1; item < end;) {
        item += strspn(item, " \t");
        size_t len = strcspn(item, " \t,\r\n");
        if (item < end && len > 0 && (is_cut_word(item, len) || !is_token_byte(*item))) {
            *item = 'q';
            return true;
        }
        item += len + 1;
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

/* An empty Transfer-Encoding adds nothing to the list of one before it; http-parser forgets that.
 */
static bool rename_empty(const char *data, char *line, const char *end)
{
    const char *value = line + strlen("transfer-encoding:");
    return value + strspn(value, " \t,\r") >= end && rename_line(data, line, end);
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
    {"transfer-encoding:", rename_empty},
    {" ", unfold},
    {"\t", unfold},
    {"connection:", blank_empty_item},
    {"connection:", blank_tab_in_list},
    {"connection:", rename_odd_item},
    {"transfer-encoding:", rename_odd_item},
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
static bool keep(char *data, const char *changed, size_t len, enum response_to to,
                 const struct outcome *ours)
{
    struct outcome now;
    run_ours(changed, len, to, 0, &now);
    if (!same_outcome(ours, &now) || ours->at != now.at || ours->why != now.why)
        return false;
    memcpy(data, changed, len);
    return true;
}

bool difference_take_out(char *data, size_t len, enum response_to to, const struct outcome *ours,
                         const struct outcome *oracle)
{
    char copy[DIFFERENCE_MAX + 1] = {0}; /* the rows may ask for a NUL behind it */
    memcpy(copy, data, len);
    if (take_out_laxer(copy, len, oracle) && keep(data, copy, len, to, ours))
        return true;
    for (size_t row = 0; row < sizeof silent / sizeof *silent; row++) {
        for (size_t at = 0; at < len;) {
            memcpy(copy, data, len);
            if (take_out_silent(copy, len, row, &at) && keep(data, copy, len, to, ours))
                return true;
        }
    }
    return false;
}
