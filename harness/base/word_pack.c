#include "base/word_pack.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

char *word_pack(const struct str_list *words)
{
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    buf_puts(&text, "");
    for (size_t i = 0; i < words->count; i++)
        buf_printf(&text, "%zu:%s,", strlen(words->items[i]), words->items[i]);
    char *packed = buf_take(&text);
    buf_fini(&text);
    return packed;
}

int word_unpack(const char *text, struct str_list *out, struct err *err)
{
    while (*text != '\0') {
        char *mark = NULL;
        bool begins = *text >= '0' && *text <= '9';
        size_t len = begins ? strtoul(text, &mark, 10) : 0;
        if (!begins || *mark != ':' || strnlen(mark + 1, len) < len || mark[1 + len] != ',')
            return err_set(err, ERR_USAGE, "these are no packed words: '%.40s'", text);
        char *word = mem_strndup(mark + 1, len);
        str_list_add(out, word);
        free(word);
        text = mark + 1 + len + 1;
    }
    return 0;
}
