#include "report/secured.h"

#include <string.h>

#include "report/text.h"

static const struct report_style style = {.utf8 = true};

void secured_protocol(struct buf *list, const struct tls_use *t)
{
    if (t->version != NULL && t->cipher != NULL)
        text_list(list, "%s, %s%s", t->version, t->cipher,
                  t->is_mixed ? " (not on all connections)" : "");
}

void secured_certificate(struct buf *list, const struct tls_use *t)
{
    text_list(list, "certificate %s", t->is_verified ? "verified" : "not verified (--insecure)");
}

static bool is_before(const struct str_list *texts, size_t at)
{
    bool any = false;
    for (size_t i = 0; i < at; i++)
        any |= strcmp(texts->items[i], texts->items[at]) == 0;
    return any;
}

/* The names of all with the same text as arm `at`, and the text. */
static void add_group(struct buf *out, const struct str_list *names, const struct str_list *texts,
                      size_t at)
{
    struct buf list;
    size_t count = 0;
    buf_init(&list, BUF_TEXT_MAX);
    for (size_t i = at; i < names->count; i++) {
        char name[TEXT_NAME];
        if (strcmp(texts->items[i], texts->items[at]) != 0)
            continue;
        count++;
        text_list(&list, "%s", text_name(names->items[i], &style, name, sizeof name));
    }
    buf_puts(out, out->len > 0 ? "; " : "");
    if (count < names->count)
        buf_printf(out, "%s: ", list.data);
    buf_puts(out, texts->items[at]);
    buf_fini(&list);
}

void secured_arms(struct buf *out, const struct str_list *names, const struct str_list *texts)
{
    for (size_t i = 0; i < names->count; i++) {
        if (texts->items[i][0] != '\0' && !is_before(texts, i))
            add_group(out, names, texts, i);
    }
}
