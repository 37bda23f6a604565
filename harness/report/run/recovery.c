/* How the server came back from a spike of the rate. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/recovery_words.h"
#include "report/run/report_internal.h"
#include "report/text.h"

static const struct {
    const char *label;
    void (*words)(const struct recovery *r, struct buf *out);
} entries[] = {
    {"recovery", recovery_words},
    {"  goal", recovery_goal_words},
    {"  backlog", recovery_backlog_words},
    {"  goodput", recovery_goodput_words},
};

void run_section_recovery(const struct result *r, const struct report_style *style, struct buf *out)
{
    if (r->recovery.state != RECOVERY_NONE)
        buf_puts(out, "\n");
    for (size_t i = 0; i < LEN(entries); i++) {
        struct buf text;
        buf_init(&text, BUF_TEXT_MAX);
        if (r->recovery.state != RECOVERY_NONE)
            entries[i].words(&r->recovery, &text);
        if (text.len > 0)
            text_entry(out, style, PAINT_DIM, entries[i].label, text.data);
        buf_fini(&text);
    }
}

/* "goal: p99<200 ms" */
static void add_text(struct str_list *texts, const char *label, const char *words)
{
    char *text = mem_printf("%s: %s", label + strspn(label, " "), words);
    str_list_add(texts, text);
    free(text);
}

void run_recovery_texts(const struct result *r, struct str_list *texts)
{
    for (size_t i = 0; i < LEN(entries) && r->recovery.state != RECOVERY_NONE; i++) {
        struct buf text;
        buf_init(&text, BUF_TEXT_MAX);
        entries[i].words(&r->recovery, &text);
        if (text.len > 0)
            add_text(texts, entries[i].label, text.data);
        buf_fini(&text);
    }
}
