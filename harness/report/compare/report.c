#include "report/compare/report.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"
#include "model/protocol.h"
#include "report/compare/report_internal.h"
#include "report/offered.h"
#include "report/secured.h"
#include "report/text.h"

/* The first result of the comparison; NULL if there is none. */
static const struct result *any_result(const struct comparison *c)
{
    for (size_t i = 0; i < c->narms; i++) {
        if (c->arms[i].nresults > 0)
            return &c->arms[i].results[0];
    }
    return NULL;
}

/* A result with known work; bench gives all bundled targets of a comparison the same work. */
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

/* True if bench knows the work of some arms but not of all. */
static bool is_mixed(const struct comparison *c)
{
    bool bundled = false;
    bool own = false;
    for (size_t i = 0; i < c->narms; i++) {
        const struct arm *arm = &c->arms[i];
        bundled |= arm->nresults > 0 && arm->results[0].work_kind != NULL;
        own |= arm->nresults > 0 && arm->results[0].work_kind == NULL;
    }
    return bundled && own;
}

/* The planned number of requests per run; 0: limited by time only. */
static int64_t planned_requests(const struct result *r)
{
    for (size_t i = 0; i < r->nconfig; i++) {
        const struct setting *s = &r->config[i];
        bool is_amount = s->kind == SETTING_NUMBER && strcmp(s->name, "amount") == 0;
        if (is_amount && s->number >= 1 && s->number < 1e15)
            return (int64_t)s->number;
    }
    return 0;
}

static void add_length(struct buf *text, const struct result *r)
{
    char number[32];
    int64_t requests = planned_requests(r);
    if (requests > 0)
        text_list(text, "%s request%s per run", text_grouped(requests, number, sizeof number),
                  requests == 1 ? "" : "s");
    else if (r->duration_s >= 0)
        text_list(text, "%.*f s per run", r->duration_s < 9.995 ? 2 : 1, r->duration_s);
}

void compare_load(const struct comparison *c, struct buf *text)
{
    char number[32];
    const struct result *r = any_result(c);
    const struct result *work = working_result(c);
    if (r != NULL) {
        offered_list(text, r);
        add_length(text, r);
        if (!isnan(c->divided_duration_s))
            buf_printf(text,
                       " (without --rounds: -d %.4g s is divided among %" PRId64
                       " rounds, 1 s at least)",
                       c->divided_duration_s, c->rounds);
    }
    if (work != NULL && strcmp(work->work_kind, "count") == 0)
        text_list(text, "%s counts per request", text_grouped(work->work_n, number, sizeof number));
    else if (work != NULL)
        text_list(text, "%s %s per request", work->work_kind,
                  units_format_time(work->work_n, number, sizeof number));
    if (work != NULL && is_mixed(c))
        buf_puts(text, " (bundled targets)");
}

/* Of the first run whose connections came up, or else of the first. */
static void add_secured(const struct arm *arm, struct buf *text)
{
    const struct result *first = NULL;
    for (size_t i = 0; i < arm->nresults; i++) {
        const struct result *r = &arm->results[i];
        if (r->has_tls && (first == NULL || first->tls.version == NULL))
            first = r;
    }
    if (first == NULL)
        return;
    secured_protocol(text, &first->tls);
    text_list(text, "%s", tls_mode_names[result_tls_mode(first)]);
    secured_certificate(text, &first->tls);
}

void compare_tls(const struct comparison *c, struct buf *text)
{
    struct str_list names = {0};
    struct str_list texts = {0};
    for (size_t i = 0; i < c->narms; i++) {
        struct buf own;
        buf_init(&own, BUF_TEXT_MAX);
        add_secured(&c->arms[i], &own);
        str_list_add(&names, c->arms[i].name);
        str_list_add(&texts, own.data);
        buf_fini(&own);
    }
    secured_arms(text, &names, &texts);
    str_list_fini(&names);
    str_list_fini(&texts);
}

void compare_size(const struct comparison *c, struct buf *text)
{
    buf_printf(text, "%zu arm%s, %" PRId64 " round%s in random order, seed %" PRIu64, c->narms,
               c->narms == 1 ? "" : "s", c->rounds, c->rounds == 1 ? "" : "s", c->seed);
}

static void heading(const struct comparison *c, const struct report_style *style, struct buf *out)
{
    struct buf text;
    if (c->interrupted)
        text_notice(out, style, PAINT_YELLOW, COMPARE_INTERRUPTED);
    if (c->title != NULL)
        text_notice(out, style, PAINT_BOLD, c->title);
    buf_init(&text, BUF_TEXT_MAX);
    compare_size(c, &text);
    text_notice(out, style, PAINT_BOLD, text.data);
    buf_clear(&text);
    compare_load(c, &text);
    if (text.len > 0)
        text_notice(out, style, PAINT_PLAIN, text.data);
    buf_clear(&text);
    compare_tls(c, &text);
    if (text.len > 0)
        text_entry(out, style, PAINT_DIM, "TLS", text.data);
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

/* True if an earlier round of the arm had the same problem. */
static bool is_repeated(const struct arm *arm, size_t at)
{
    bool any = false;
    for (size_t i = 0; i < at; i++)
        any |= strcmp(arm->problems[i].text, arm->problems[at].text) == 0;
    return any;
}

/* "round 2", "rounds 1, 3, 4", "rounds 1 to 3": all rounds with the same problem. */
static void add_rounds(struct buf *text, const struct arm *arm, size_t at)
{
    size_t count = 0;
    int64_t last = arm->problems[at].round;
    struct buf list;
    buf_init(&list, BUF_TEXT_MAX);
    for (size_t i = at; i < arm->nproblems; i++) {
        if (strcmp(arm->problems[i].text, arm->problems[at].text) != 0)
            continue;
        last = arm->problems[i].round;
        text_list(&list, "%" PRId64, last);
        count++;
    }
    bool in_a_row = last - arm->problems[at].round + 1 == (int64_t)count;
    if (in_a_row && count > 2)
        buf_printf(text, "rounds %" PRId64 " to %" PRId64, arm->problems[at].round, last);
    else
        buf_printf(text, "round%s %s", count > 1 ? "s" : "", list.data);
    buf_fini(&list);
}

static void add_problem(const struct arm *arm, size_t at, const struct report_style *style,
                        struct str_list *texts)
{
    char name[TEXT_NAME];
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    buf_printf(&text, "%s, ", text_name(arm->name, style, name, sizeof name));
    add_rounds(&text, arm, at);
    buf_printf(&text, ": %s", arm->problems[at].text);
    str_list_add(texts, text.data);
    buf_fini(&text);
}

void compare_problems(const struct comparison *c, const struct report_style *style,
                      struct str_list *texts)
{
    for (size_t i = 0; i < c->narms; i++) {
        const struct arm *arm = &c->arms[i];
        for (size_t k = 0; k < arm->nproblems; k++) {
            if (!is_repeated(arm, k))
                add_problem(arm, k, style, texts);
        }
    }
}

static void problems(const struct comparison *c, const struct report_style *style, struct buf *out)
{
    struct str_list texts = {0};
    compare_problems(c, style, &texts);
    if (texts.count > 0)
        buf_puts(out, "\n");
    for (size_t i = 0; i < texts.count; i++)
        text_entry(out, style, PAINT_RED, "no result", texts.items[i]);
    str_list_fini(&texts);
}

void report_arms(const struct comparison *c, const struct report_style *style, struct buf *out)
{
    compare_section(compare_cells, c, style, out);
    compare_section(compare_recovery_cells, c, style, out);
    compare_section(compare_host_cells, c, style, out);
    compare_section_warnings(c, style, out);
}

void report_comparison(const struct comparison *c, const struct report_style *style,
                       struct buf *out)
{
    heading(c, style, out);
    compare_section_claims(c, style, out);
    compare_section(compare_cells, c, style, out);
    compare_section(compare_recovery_cells, c, style, out);
    compare_section(compare_host_cells, c, style, out);
    compare_section(compare_reference_cells, c, style, out);
    findings(c, style, out);
    problems(c, style, out);
    compare_section_warnings(c, style, out);
}
