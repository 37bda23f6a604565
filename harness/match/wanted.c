#include "match/wanted.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/secret.h"

#define SHOWN_MOST ((size_t)80) /* bytes of a text that somebody expects */

static char *statuses(const struct expectation *expect)
{
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    for (size_t i = 0; i < expect->nstatuses; i++) {
        const struct status_range *range = &expect->statuses[i];
        buf_printf(&text, "%s%d", i == 0 ? "status " : ",", range->from);
        if (range->to != range->from)
            buf_printf(&text, "-%d", range->to);
    }
    char *taken = buf_take(&text);
    buf_fini(&text);
    return taken;
}

/* The text of a check, up to a NUL in it. */
static char *shown(const struct body_check *check)
{
    char *text = secret_free(check->text);
    size_t len = strlen(text);
    str_make_printable(text, len);
    if (len > SHOWN_MOST) {
        char *cut = mem_printf("%.*s...", (int)str_fit(text, SHOWN_MOST), text);
        free(text);
        text = cut;
    }
    return text;
}

char *wanted_text(const struct rule *rule, const struct matching_wrong *wrong)
{
    static const char *const formats[MISMATCH_KIND_COUNT] = {
        [MISMATCH_BODY] = "the body '%s'",
        [MISMATCH_CONTAINS] = "a body with '%s'",
        [MISMATCH_REGEX] = "a match of '%s' in its body",
        [MISMATCH_SHA256] = "a body with the SHA-256 %s",
    };
    if (wrong->kind == MISMATCH_STATUS)
        return statuses(rule->expect);
    if (wrong->kind == MISMATCH_SIZE)
        return mem_printf("a body of %lld bytes", (long long)wrong->check->size);
    char *what = shown(wrong->check);
    const char *format = formats[wrong->kind];
    size_t before = strcspn(format, "%");
    char *text = mem_printf("%.*s%s%s", (int)before, format, what, format + before + 2);
    free(what);
    return text;
}
