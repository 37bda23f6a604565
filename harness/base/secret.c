#include "base/secret.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

/* How the names of headers with credentials end. */
static const char *const headers[] = {
    "authorization", "cookie",      "api-key",    "apikey",           "-token",       "-secret",
    "-password",     "-session-id", "access-key", "subscription-key", "functions-key"};

/* Every "scheme://user:password@host" becomes "scheme://host". */
static char *without_userinfo(const char *word)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    for (const char *mark = strstr(word, "://"); mark != NULL; mark = strstr(word, "://")) {
        const char *authority = mark + 3;
        const char *at = memrchr(authority, '@', strcspn(authority, "/?# \t\n\"'"));
        buf_add(&out, word, (size_t)(authority - word));
        word = at == NULL ? authority : at + 1;
    }
    buf_puts(&out, word);
    char *text = buf_take(&out);
    buf_fini(&out);
    return text;
}

/* Where the value of a header with credentials begins: behind "name:" or "name="; or NULL. */
static const char *secret_value(const char *word)
{
    const char *first = NULL;
    for (size_t i = 0; i < LEN(headers); i++) {
        for (const char *p = strcasestr(word, headers[i]); p != NULL;
             p = strcasestr(p + 1, headers[i])) {
            const char *end = p + strlen(headers[i]);
            end += strspn(end, " ");
            if ((*end == ':' || *end == '=') && (first == NULL || end + 1 < first))
                first = end + 1;
        }
    }
    return first;
}

char *secret_free(const char *word)
{
    char *text = without_userinfo(word);
    const char *value = secret_value(text);
    if (value == NULL)
        return text;
    char *hidden = mem_printf("%.*s (hidden)", (int)(value - text), text);
    free(text);
    return hidden;
}

char *secret_free_url(const char *url)
{
    size_t authority = strcspn(url, "/?#");
    const char *at = strstr(url, "://") == NULL ? memrchr(url, '@', authority) : NULL;
    return secret_free(at == NULL ? url : at + 1);
}

/* The text is cut where the word was shorter. */
static void overwrite(char *word, const char *text)
{
    size_t room = strlen(word);
    size_t len = strnlen(text, room);
    memcpy(word, text, len);
    memset(word + len, ' ', room - len);
}

void secret_hide(int argc, char **argv)
{
    for (int i = 0; i < argc; i++) {
        char *text = secret_free(argv[i]);
        if (strcmp(text, argv[i]) != 0) {
            char *word = argv[i];
            argv[i] = mem_strdup(word);
            overwrite(word, text);
        }
        free(text);
    }
}
