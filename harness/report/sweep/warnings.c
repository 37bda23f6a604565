/* What the runs of a sweep warn of: one entry for each kind, with the first that has it. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/compare/content.h"
#include "report/sweep/report.h"
#include "report/text.h"

/* Over all trials. */
struct kind {
    size_t runs;
    bool *of; /* the sweep's arms that have it */
};

static bool has(const struct result *r, const char *code)
{
    for (size_t i = 0; i < r->nwarnings; i++) {
        if (strcmp(r->warnings[i].code, code) == 0)
            return true;
    }
    return false;
}

static struct kind gather(const struct sweep *s, const char *code)
{
    struct kind k = {.of = mem_zalloc(s->narms * sizeof(bool))};
    for (size_t i = 0; i < s->comparison.narms; i++) {
        const struct arm *arm = &s->comparison.arms[i];
        for (size_t n = 0; n < arm->nresults; n++) {
            if (!has(&arm->results[n], code))
                continue;
            k.runs++;
            k.of[i % s->narms] = true;
        }
    }
    return k;
}

static size_t count_runs(const struct sweep *s)
{
    size_t count = 0;
    for (size_t i = 0; i < s->comparison.narms; i++)
        count += s->comparison.arms[i].nresults;
    return count;
}

/* By the first one of the kind, which this arm has. */
static void tell(const struct sweep *s, const struct arm *arm, const struct warning *first,
                 const struct report_style *style, struct buf *out)
{
    struct kind k = gather(s, first->code);
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    buf_printf(&text, "%s: %s [%s] (in %zu of %zu runs, of ", arm->name, first->message,
               first->code, k.runs, count_runs(s));
    bool is_first = true;
    for (size_t i = 0; i < s->narms; i++) {
        if (k.of[i])
            buf_printf(&text, "%s%s", is_first ? "" : ", ", s->arms[i]);
        is_first &= !k.of[i];
    }
    buf_puts(&text, ")");
    text_entry(out, style, PAINT_YELLOW, "warning", text.data);
    if (compare_remedy(first)[0] != '\0')
        text_entry(out, style, PAINT_DIM, "  remedy", compare_remedy(first));
    buf_fini(&text);
    free(k.of);
}

static bool is_told(const struct str_list *codes, const char *code)
{
    for (size_t i = 0; i < codes->count; i++) {
        if (strcmp(codes->items[i], code) == 0)
            return true;
    }
    return false;
}

static void tell_those_of(const struct sweep *s, const struct arm *arm, struct str_list *codes,
                          const struct report_style *style, struct buf *out)
{
    for (size_t k = 0; k < arm->nresults; k++) {
        const struct result *r = &arm->results[k];
        for (size_t i = 0; i < r->nwarnings; i++) {
            if (is_told(codes, r->warnings[i].code))
                continue;
            str_list_add(codes, r->warnings[i].code);
            tell(s, arm, &r->warnings[i], style, out);
        }
    }
}

void report_sweep_warnings(const struct sweep *s, const struct report_style *style, struct buf *out)
{
    struct str_list codes = {0};
    for (size_t i = 0; i < s->comparison.narms; i++)
        tell_those_of(s, &s->comparison.arms[i], &codes, style, out);
    str_list_fini(&codes);
}
