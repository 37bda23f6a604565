#include "report/compare_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"
#include "report/compare_sections.h"
#include "report/text.h"

/* The first result of all; NULL when there is none. */
static const struct result *any_result(const struct comparison *c)
{
    for (size_t i = 0; i < c->narms; i++) {
        if (c->arms[i].nresults > 0)
            return &c->arms[i].results[0];
    }
    return NULL;
}

/* The work that bench asked a bundled target for; arms of one comparison are asked for the same. */
static const struct result *working_result(const struct comparison *c)
{
    for (size_t i = 0; i < c->narms; i++) {
        const struct arm *arm = &c->arms[i];
        if (arm->nresults > 0 && arm->results[0].work_kind != NULL &&
            arm->results[0].work_n != MISSING)
            return &arm->results[0];
    }
    return NULL;
}

static void add_load(struct buf *text, const struct comparison *c)
{
    char number[32];
    const struct result *r = any_result(c);
    const struct result *work = working_result(c);
    if (r != NULL) {
        text_list(text, "closed loop, %" PRId64 " connection%s", r->connections,
                  r->connections == 1 ? "" : "s");
        if (r->duration_s >= 0)
            text_list(text, "%.*f s a run", r->duration_s < 9.995 ? 2 : 1, r->duration_s);
    }
    if (work != NULL && strcmp(work->work_kind, "count") == 0)
        text_list(text, "%s counts a request", text_grouped(work->work_n, number, sizeof number));
    else if (work != NULL)
        text_list(text, "%s %s a request", work->work_kind,
                  units_format_time(work->work_n, number, sizeof number));
}

static void heading(const struct comparison *c, const struct report_style *style, struct buf *out)
{
    struct buf text;
    if (c->interrupted)
        text_notice(out, style, PAINT_YELLOW,
                    "INTERRUPTED: not all trials were run, and this is what there is.");
    if (c->title != NULL)
        text_notice(out, style, PAINT_BOLD, c->title);
    buf_init(&text, BUF_TEXT_MAX);
    buf_printf(&text, "%zu arm%s, %" PRId64 " round%s in random order, seed %" PRIu64, c->narms,
               c->narms == 1 ? "" : "s", c->rounds, c->rounds == 1 ? "" : "s", c->seed);
    text_notice(out, style, PAINT_BOLD, text.data);
    buf_clear(&text);
    add_load(&text, c);
    if (text.len > 0)
        text_notice(out, style, PAINT_PLAIN, text.data);
    buf_puts(out, "\n");
    buf_fini(&text);
}

static void findings(const struct comparison *c, const struct report_style *style, struct buf *out)
{
    if (c->nfindings > 0)
        buf_puts(out, "\n");
    for (size_t i = 0; i < c->nfindings; i++) {
        char label[32];
        (void)snprintf(label, sizeof label, "finding %zu", i + 1);
        text_entry(out, style, PAINT_DIM, label, c->findings[i].text);
    }
}

static void problems(const struct comparison *c, const struct report_style *style, struct buf *out)
{
    bool any = false;
    for (size_t i = 0; i < c->narms; i++) {
        const struct arm *arm = &c->arms[i];
        for (size_t k = 0; k < arm->nproblems; k++) {
            char name[COMPARE_NAME];
            struct buf text;
            buf_init(&text, BUF_TEXT_MAX);
            buf_printf(&text, "%s, round %" PRId64 ": %s",
                       compare_name(arm, style, name, sizeof name), arm->problems[k].round,
                       arm->problems[k].text);
            buf_puts(out, any ? "" : "\n");
            text_entry(out, style, PAINT_RED, "no result", text.data);
            buf_fini(&text);
            any = true;
        }
    }
}

static size_t rounds_with(const struct arm *arm, const char *code)
{
    size_t count = 0;
    for (size_t i = 0; i < arm->nresults; i++) {
        bool any = false;
        for (size_t k = 0; k < arm->results[i].nwarnings; k++)
            any |= strcmp(arm->results[i].warnings[k].code, code) == 0;
        count += any;
    }
    return count;
}

/* True for the first of its code in the arm: the others are the same in other rounds. */
static bool is_first(const struct arm *arm, size_t round, size_t at)
{
    const char *code = arm->results[round].warnings[at].code;
    for (size_t i = 0; i <= round; i++) {
        size_t end = i == round ? at : arm->results[i].nwarnings;
        for (size_t k = 0; k < end; k++) {
            if (strcmp(arm->results[i].warnings[k].code, code) == 0)
                return false;
        }
    }
    return true;
}

static bool has_warning(const struct arm *arm, const struct warning *w)
{
    for (size_t i = 0; i < arm->nresults; i++) {
        for (size_t k = 0; k < arm->results[i].nwarnings; k++) {
            const struct warning *own = &arm->results[i].warnings[k];
            if (strcmp(own->code, w->code) == 0 && strcmp(own->message, w->message) == 0)
                return true;
        }
    }
    return false;
}

/* "pool, offload": who was warned in the same words; one entry is enough for all of them. */
static size_t add_names(const struct comparison *c, const struct warning *w,
                        const struct report_style *style, struct buf *text)
{
    char name[COMPARE_NAME];
    struct buf names;
    size_t count = 0;
    buf_init(&names, BUF_TEXT_MAX);
    for (size_t i = 0; i < c->narms; i++) {
        if (!has_warning(&c->arms[i], w))
            continue;
        text_list(&names, "%s", compare_name(&c->arms[i], style, name, sizeof name));
        count++;
    }
    buf_puts(text, count == c->narms && count > 1 ? "all arms" : names.data);
    buf_fini(&names);
    return count;
}

static void warning_entry(const struct comparison *c, const struct arm *arm,
                          const struct warning *w, const struct report_style *style,
                          struct buf *out)
{
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    size_t named = add_names(c, w, style, &text);
    buf_printf(&text, ": %s [%s]", w->message, w->code);
    if (named == 1 && arm->nresults > 1)
        buf_printf(&text, " (in %zu of %zu rounds)", rounds_with(arm, w->code), arm->nresults);
    text_entry(out, style, PAINT_YELLOW, "warning", text.data);
    if (w->remedy != NULL)
        text_entry(out, style, PAINT_DIM, "  remedy", w->remedy);
    buf_fini(&text);
}

static bool told_before(const struct comparison *c, size_t arm, const struct warning *w)
{
    for (size_t i = 0; i < arm; i++) {
        if (has_warning(&c->arms[i], w))
            return true;
    }
    return false;
}

static void warnings_of(const struct comparison *c, size_t at, const struct report_style *style,
                        struct buf *out)
{
    const struct arm *arm = &c->arms[at];
    for (size_t i = 0; i < arm->nresults; i++) {
        for (size_t k = 0; k < arm->results[i].nwarnings; k++) {
            const struct warning *w = &arm->results[i].warnings[k];
            if (is_first(arm, i, k) && !told_before(c, at, w))
                warning_entry(c, arm, w, style, out);
        }
    }
}

static void warnings(const struct comparison *c, const struct report_style *style, struct buf *out)
{
    struct buf all;
    buf_init(&all, BUF_TEXT_MAX);
    for (size_t i = 0; i < c->narms; i++)
        warnings_of(c, i, style, &all);
    if (all.len > 0)
        buf_puts(out, "\n");
    buf_add(out, all.data, all.len);
    buf_fini(&all);
}

void report_comparison(const struct comparison *c, const struct report_style *style,
                       struct buf *out)
{
    heading(c, style, out);
    section_arms(c, style, out);
    findings(c, style, out);
    problems(c, style, out);
    warnings(c, style, out);
}
