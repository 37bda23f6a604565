#include "report/markdown.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/str.h"
#include "report/text.h"

#define FENCE_MIN 3

static const struct report_style style = {.utf8 = true};

/* A ':' between two words may belong to a URL or an emoji; "www." alone makes a link. */
static bool is_harmless(const char *at)
{
    unsigned char c = (unsigned char)*at;
    if (str_starts(at, "www."))
        return false;
    if (c >= 0x80 || isalnum(c) || strchr(" -./,;%()+='?", c) != NULL)
        return true;
    return c == ':' && (at[1] == ' ' || at[1] == '\0');
}

/* ":smile:" */
static bool is_emoji(const char *at)
{
    size_t len =
        strspn(at + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-");
    return *at == ':' && len > 0 && at[1 + len] == ':';
}

/* The first digit of what may be the hash of a commit: 7 to 40 hexadecimal digits. Shorter ones of
 * decimal digits alone are figures. */
static bool is_commit(const char *start, const char *at)
{
    static const char hex[] = "0123456789abcdefABCDEF";
    size_t len = strspn(at, hex);
    bool is_word =
        (at == start || !isalnum((unsigned char)at[-1])) && !isalnum((unsigned char)at[len]);
    return is_word && len >= 7 && len <= 40 && (len == 40 || strspn(at, "0123456789") < len);
}

/* GitHub looks for "@user", "#123", "GH-123", emojis and commits in what was made of the entities,
 * and so for what an entity alone does not hide. */
static bool is_reference(const char *start, const char *at)
{
    if (*at == '-')
        return at - start >= 2 && strncasecmp(at - 2, "gh", 2) == 0;
    return *at == '@' || *at == '#' || is_emoji(at) || is_commit(start, at);
}

static void add_escaped(struct buf *out, const char *safe)
{
    for (const char *at = safe; *at != '\0'; at++) {
        if (is_harmless(at))
            buf_add(out, at, 1);
        else
            buf_printf(out, "&#%d;", (unsigned char)*at);
        if (is_reference(safe, at))
            buf_puts(out, "&#8203;"); /* an invisible character that is part of no reference */
    }
}

void markdown_text(struct buf *out, const char *text)
{
    struct buf safe;
    buf_init(&safe, BUF_TEXT_MAX);
    text_safe(&safe, &style, text);
    add_escaped(out, safe.data);
    buf_fini(&safe);
}

/* "- ", "1. " or "===" would start a different kind of block. */
static bool is_marker(const char *text)
{
    const char *end = text + strspn(text, "0123456789");
    bool number = end > text && (*end == '.' || *end == ')') && (end[1] == ' ' || end[1] == '\0');
    return number || (*text != '\0' && strchr("-+=", *text) != NULL);
}

static void add_line(struct buf *out, const char *line)
{
    struct buf safe;
    buf_init(&safe, BUF_TEXT_MAX);
    text_safe(&safe, &style, line);
    const char *at = safe.data + strspn(safe.data, " ");
    if (is_marker(at))
        buf_printf(out, "&#%d;", *at++);
    add_escaped(out, at);
    buf_fini(&safe);
}

void markdown_block(struct buf *out, const char *text)
{
    for (bool first = true; first || *text != '\0'; first = false) {
        size_t len = strcspn(text, "\n");
        char *line = mem_strndup(text, len);
        buf_puts(out, first ? "" : "<br>");
        add_line(out, line);
        free(line);
        text += len + (text[len] == '\n' ? 1 : 0);
    }
}

void markdown_cell(struct buf *out, const char *text)
{
    text += strspn(text, " ");
    buf_puts(out, " ");
    markdown_text(out, text);
    buf_puts(out, *text == '\0' ? "|" : " |");
}

/* Longer than any run of backticks in the text, so that none of them can end the block. */
static size_t fence_len(const char *text)
{
    size_t longest = FENCE_MIN - 1;
    for (text = strchr(text, '`'); text != NULL; text = strchr(text, '`')) {
        size_t run = strspn(text, "`");
        longest = run > longest ? run : longest;
        text += run;
    }
    return longest + 1;
}

void markdown_fence(struct buf *out, const char *text)
{
    size_t len = fence_len(text);
    buf_pad(out, '`', len);
    buf_puts(out, "text\n");
    buf_puts(out, text);
    buf_puts(out, text[0] == '\0' || str_ends(text, "\n") ? "" : "\n");
    buf_pad(out, '`', len);
    buf_puts(out, "\n");
}
