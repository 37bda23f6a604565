#include "cli/words.h"

#include <string.h>

#include "base/buf.h"

#define BLANKS " \t\r\n\v\f"

/* Adds what stands between quotes; returns its closing quote, or NULL. */
static const char *take_quoted(const char *at, struct buf *word)
{
    char quote = *at++;
    for (; *at != quote; at++) {
        if (*at == '\0')
            return NULL;
        bool escaped = quote == '"' && *at == '\\' && (at[1] == '"' || at[1] == '\\');
        at += escaped;
        buf_add(word, at, 1);
    }
    return at;
}

/* Adds one word; returns where it ends, or NULL. */
static const char *take_word(const char *at, struct buf *word)
{
    for (; *at != '\0' && strchr(BLANKS, *at) == NULL; at++) {
        if (*at == '\'' || *at == '"') {
            at = take_quoted(at, word);
            if (at == NULL)
                return NULL;
            continue;
        }
        at += *at == '\\' && at[1] != '\0';
        buf_add(word, at, 1);
    }
    return at;
}

int words_split(const char *text, struct str_list *out, struct err *err)
{
    const char *at = text + strspn(text, BLANKS);
    while (*at != '\0') {
        struct buf word;
        buf_init(&word, BUF_TEXT_MAX);
        buf_puts(&word, "");
        const char *end = take_word(at, &word);
        if (end != NULL)
            str_list_add(out, word.len == 0 ? "" : word.data);
        buf_fini(&word);
        if (end == NULL)
            return err_set(err, ERR_USAGE, "a quote in '%s' is not closed", text);
        at = end + strspn(end, BLANKS);
    }
    return 0;
}
