#include "base/str.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

#define WORD_MAX 64

void str_list_add(struct str_list *list, const char *text)
{
    list->items = mem_grow(list->items, list->count + 1, sizeof *list->items);
    list->items[list->count++] = mem_strdup(text);
}

void str_list_fini(struct str_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
    *list = (struct str_list){0};
}

bool str_starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool str_starts_as_scheme(const char *text, const char *scheme)
{
    return strncasecmp(text, scheme, strlen(scheme)) == 0;
}

bool str_ends(const char *text, const char *suffix)
{
    size_t len = strlen(text);
    size_t tail = strlen(suffix);
    return len >= tail && strcmp(text + len - tail, suffix) == 0;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: rows i-2, i-1 and i of the usual table. */
size_t str_distance(const char *a, const char *b)
{
    size_t rows[3][WORD_MAX + 1];
    size_t la = strlen(a);
    size_t lb = strlen(b);
    if (la > WORD_MAX || lb > WORD_MAX)
        return la > lb ? la : lb;
    for (size_t j = 0; j <= lb; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= la; i++) {
        size_t *now = rows[i % 3];
        const size_t *last = rows[(i + 2) % 3];
        const size_t *before = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= lb; j++) {
            size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            now[j] = least(change, least(last[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least(now[j], before[j - 2] + 1);
        }
    }
    return rows[la % 3][lb];
}

const char *str_nearest(const char *word, const char *const *words)
{
    const char *best = NULL;
    size_t best_distance = strlen(word) / 2 + 1;
    for (; *words != NULL; words++) {
        /* A word that the given one merely shortens or lengthens is the likeliest. */
        bool prefix = strlen(word) > 2 && (str_starts(*words, word) || str_starts(word, *words));
        size_t distance = prefix ? 1 : str_distance(word, *words);
        if (distance < best_distance) {
            best_distance = distance;
            best = *words;
        }
    }
    return best;
}

char *str_suggest(const char *word, const char *const *words, const char *shape,
                  const char *otherwise)
{
    size_t before = strcspn(shape, "*");
    const char *near = str_nearest(word, words);
    if (near == NULL)
        return mem_strdup(otherwise);
    return mem_printf("; did you mean %.*s%s%s", (int)before, shape, near, shape + before + 1);
}

/* Bytes that follow a lead byte; -1 for a byte that cannot lead. */
static int follow_bytes(uint8_t lead)
{
    if (lead < 0x80)
        return 0;
    if (lead >= 0xc2 && lead <= 0xdf)
        return 1;
    if (lead >= 0xe0 && lead <= 0xef)
        return 2;
    return lead >= 0xf0 && lead <= 0xf4 ? 3 : -1;
}

/* Overlong forms, surrogates and values past U+10FFFF show in the second byte. */
static bool second_byte_fits(uint8_t lead, uint8_t second)
{
    uint8_t low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    uint8_t high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    return second >= low && second <= high;
}

size_t str_decode(const char *text, uint32_t *code)
{
    const uint8_t *p = (const uint8_t *)text;
    int more = follow_bytes(p[0]);
    *code = more > 0 ? p[0] & (0x3fU >> more) : p[0];
    if (more < 0 || (more > 0 && !second_byte_fits(p[0], p[1])))
        return 0;
    for (int k = 1; k <= more; k++) {
        if ((p[k] & 0xc0) != 0x80)
            return 0; /* also at the end of the text */
        *code = *code << 6 | (p[k] & 0x3fU);
    }
    return (size_t)more + 1;
}

/* Unicode 15: the general categories Cc, Zl and Zp, the interlinear annotations, and what is
 * Default_Ignorable. The selectors U+FE00 to U+FE0F stay: they choose the glyph of an emoji. */
static bool is_control(uint32_t code)
{
    static const uint32_t ranges[][2] = {
        {0, 0x1f},          {0x7f, 0x9f},       {0xad, 0xad},     {0x34f, 0x34f},
        {0x61c, 0x61c},     {0x115f, 0x1160},   {0x17b4, 0x17b5}, {0x180b, 0x180f},
        {0x200b, 0x200f},   {0x2028, 0x202e},   {0x2060, 0x206f}, {0x3164, 0x3164},
        {0xfeff, 0xfeff},   {0xffa0, 0xffa0},   {0xfff0, 0xfffb}, {0x1bca0, 0x1bca3},
        {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
    };
    for (size_t i = 0; i < LEN(ranges); i++) {
        if (code >= ranges[i][0] && code <= ranges[i][1])
            return true;
    }
    return false;
}

size_t str_control(const char *text)
{
    uint32_t code = 0;
    size_t len = str_decode(text, &code);
    return len > 0 && is_control(code) ? len : 0;
}

/* GitHub also skips the blanks of Unicode, so that any character past ASCII counts as one. */
bool str_is_command(const char *text, const char *at)
{
    unsigned char before = at == text ? ' ' : (unsigned char)at[-1];
    return str_starts(at, "##[") || (str_starts(at, "::") && (before <= ' ' || before > '~'));
}

size_t str_fit(const char *text, size_t most)
{
    size_t len = strnlen(text, most);
    if (text[len] == '\0')
        return len;
    while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
        len--;
    return len;
}

void str_make_printable(char *text, size_t len)
{
    bool utf8 = str_is_utf8(text, len);
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        size_t control = c < 0x80 || utf8 ? str_control(text + i) : 1;
        if (control > 0 && c != '\n' && c != '\t')
            memset(text + i, '?', control);
    }
}

size_t str_bom(const char *text, size_t len)
{
    return len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

bool str_is_utf8(const char *text, size_t len)
{
    const uint8_t *p = (const uint8_t *)text;
    for (size_t i = 0; i < len; i++) {
        int more = follow_bytes(p[i]);
        if (more < 0 || (size_t)more >= len - i)
            return false;
        if (more > 0 && !second_byte_fits(p[i], p[i + 1]))
            return false;
        for (int k = 2; k <= more; k++) {
            if ((p[i + (size_t)k] & 0xc0) != 0x80)
                return false;
        }
        i += (size_t)more;
    }
    return true;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

int str_percent_byte(const char *p, const char *end)
{
    int high = end - p > 2 ? hex_value(p[1]) : -1;
    int low = high >= 0 ? hex_value(p[2]) : -1;
    return low >= 0 ? high * 16 + low : -1;
}
