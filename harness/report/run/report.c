#include "report/run/report.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"
#include "report/hosts.h"
#include "report/offered.h"
#include "report/run/report_internal.h"
#include "report/text.h"

static void notice_nothing(const struct result *r, struct str_list *notices)
{
    char text[200];
    char count[32];
    char duration[32];
    const struct accounting *a = &r->accounting;
    (void)text_duration(r->duration_s, duration, sizeof duration);
    if (a->sent > 0)
        (void)snprintf(text, sizeof text,
                       "NOTHING COMPLETED: %s requests sent, none answered in %s.",
                       text_grouped(a->sent, count, sizeof count), duration);
    else if (a->connected == 0 && a->connect_failed > 0)
        (void)snprintf(text, sizeof text, "NOTHING CONNECTED: all %s attempts failed in %s.",
                       text_grouped(a->connect_failed, count, sizeof count), duration);
    else
        (void)snprintf(text, sizeof text, "NOTHING COMPLETED: no request was sent in %s.",
                       duration);
    str_list_add(notices, text);
}

static void notice_target_end(const struct result *r, struct str_list *notices)
{
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    if (strcmp(r->target_end, "max-rss") == 0)
        buf_puts(&text, "TARGET STOPPED: it used more memory than --max-rss allows.");
    else
        buf_printf(&text, "TARGET EXITED on its own: %s.", r->target_end);
    str_list_add(notices, text.data);
    buf_fini(&text);
}

/* The figures below cannot tell a fast refusal from a fast response. */
static void notice_non_2xx(const struct accounting *a, struct str_list *notices)
{
    char number[32];
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    if (a->non_2xx == a->completed)
        buf_printf(&text, "NO 2xx: all %s responses are non-2xx",
                   text_grouped(a->completed, number, sizeof number));
    else
        buf_printf(&text, "MOSTLY NON-2xx: %s of responses",
                   text_share(a->non_2xx, a->completed, number, sizeof number));
    accounts_add_non_2xx(&text, a->statuses);
    buf_printf(&text, "; latencies below are %stheirs.",
               a->non_2xx == a->completed ? "" : "mostly ");
    str_list_add(notices, text.data);
    buf_fini(&text);
}

void report_run_notices(const struct result *r, struct str_list *notices)
{
    if (!r->valid)
        str_list_add(notices, "INVALID: do not use these figures; see the warnings below.");
    if (r->accounting.completed == 0)
        notice_nothing(r, notices);
    if (accounting_wrong_status(&r->accounting) > r->accounting.completed / 2)
        notice_non_2xx(&r->accounting, notices);
    if (r->target_end != NULL)
        notice_target_end(r, notices);
}

/* Some hosts did not do all of their share. */
static void notice_incomplete(const struct result *r, const struct report_style *style,
                              struct buf *out)
{
    char text[240];
    const struct merged *m = r->merged;
    size_t whole = 0;
    for (size_t i = 0; i < m->nparts; i++)
        whole += m->parts[i].state == PART_WHOLE;
    if (!isnan(m->lost_after_s))
        (void)snprintf(text, sizeof text,
                       "INCOMPLETE: a host was lost; only the first %.3g s, when all were there, "
                       "are counted.",
                       m->lost_after_s);
    else
        (void)snprintf(
            text, sizeof text,
            "%s: %zu of %zu shares are whole; the table of hosts tells about the others.",
            m->partial ? "PARTIAL" : "INCOMPLETE", whole, m->nparts);
    text_notice(out, style, PAINT_YELLOW, text);
}

/* What the user must know before reading any figure. */
void run_notices(const struct result *r, const struct report_style *style, struct buf *out)
{
    char text[200];
    char duration[32];
    struct str_list texts = {0};
    report_run_notices(r, &texts);
    for (size_t i = 0; i < texts.count; i++)
        text_notice(out, style, PAINT_RED, texts.items[i]);
    str_list_fini(&texts);
    if (r->interrupted && r->merged != NULL) {
        notice_incomplete(r, style, out);
    } else if (r->interrupted) {
        (void)text_duration(r->duration_s, duration, sizeof duration);
        (void)snprintf(text, sizeof text, "%s after %s: partial result.",
                       r->bailed_out ? "BAILED OUT (-B)" : "INTERRUPTED", duration);
        text_notice(out, style, PAINT_YELLOW, text);
    }
}

/* "20.0M" is shown as the 20M that the user gave. */
static char *short_count(double n, char *text, size_t size)
{
    (void)units_format_count(n, text, size);
    char *point = strchr(text, '.');
    size_t drop = point == NULL ? 0 : 1 + strspn(point + 1, "0");
    if (drop > 1 && !isdigit((unsigned char)point[drop]))
        memmove(point, point + drop, strlen(point + drop) + 1);
    return text;
}

static void add_work(struct buf *text, const struct result *r)
{
    char n[32];
    if (r->work_kind == NULL || r->work_n == MISSING)
        return;
    if (strcmp(r->work_kind, "count") == 0)
        buf_printf(text, " (%s counts per request)", short_count((double)r->work_n, n, sizeof n));
    else
        buf_printf(text, " (%s %s per request)", r->work_kind,
                   units_format_time(r->work_n, n, sizeof n));
}

/* " (127.0.0.1:8080)", unless the URL says it; " (unix socket /run/app.sock)"; " (through the proxy
 * http://127.0.0.1:3128)". */
static void add_address(struct buf *text, const struct result *r)
{
    const char *path = result_socket_path(r);
    if (result_proxy(r) != NULL)
        buf_printf(text, " (through the proxy %s)", result_proxy(r));
    else if (path != NULL)
        buf_printf(text, " (unix socket %s)", path);
    else if (r->url != NULL && r->address != NULL && strstr(r->url, r->address) == NULL)
        buf_printf(text, " (%s)", r->address);
}

void run_target(const struct result *r, struct buf *text)
{
    if (r->strategy != NULL)
        buf_puts(text, r->strategy);
    else if (r->original != NULL)
        buf_puts(text, r->original);
    else if (r->command != NULL)
        buf_puts(text, r->command);
    add_work(text, r);
    if (r->url != NULL)
        buf_printf(text, "%s%s", text->len > 0 ? " at " : "", r->url);
    add_address(text, r);
}

static void heading_target(const struct result *r, const struct report_style *style,
                           struct buf *out)
{
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    run_target(r, &text);
    if (r->title != NULL)
        text_notice(out, style, PAINT_BOLD, r->title);
    text_notice(out, style, PAINT_BOLD, text.data);
    buf_fini(&text);
}

void run_load(const struct result *r, struct buf *text)
{
    char duration[32];
    (void)text_duration(r->duration_s, duration, sizeof duration);
    offered_list(text, r);
    if (r->has_http2)
        text_list(text, "HTTP/2, %" PRId64 " stream%s on each", r->pipelining,
                  r->pipelining == 1 ? "" : "s");
    else if (r->pipelining > 1)
        text_list(text, "%" PRId64 " requests in flight on each", r->pipelining);
    if (r->workers > 1)
        text_list(text, "%" PRId64 " worker threads", r->workers);
    text_list(text, "%s", duration);
    if (r->rounds > 0)
        buf_printf(text, " in %" PRId64 " round%s", r->rounds, r->rounds == 1 ? "" : "s");
}

static void heading_load(const struct result *r, const struct report_style *style, struct buf *out)
{
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    run_load(r, &text);
    text_notice(out, style, PAINT_PLAIN, text.data);
    buf_fini(&text);
}

static void warnings(const struct result *r, const struct report_style *style, struct buf *out)
{
    if (r->nwarnings > 0)
        buf_puts(out, "\n");
    for (size_t i = 0; i < r->nwarnings; i++) {
        const struct warning *w = &r->warnings[i];
        struct buf text;
        buf_init(&text, BUF_TEXT_MAX);
        buf_printf(&text, "%s [%s]", w->message, w->code);
        text_entry(out, style, PAINT_YELLOW, "warning", text.data);
        if (w->remedy != NULL)
            text_entry(out, style, PAINT_DIM, "  remedy", w->remedy);
        buf_fini(&text);
    }
}

void report_run(const struct result *r, const struct report_style *style, struct buf *out)
{
    size_t before = out->len;
    run_notices(r, style, out);
    if (style->brief) {
        run_section_brief(r, style, out);
        return;
    }
    buf_puts(out, out->len > before ? "\n" : "");
    heading_target(r, style, out);
    heading_load(r, style, out);
    run_section_summary(r, style, out);
    run_section_queue(r, style, out);
    run_section_recovery(r, style, out);
    run_section_latency(r, style, out);
    run_section_requests(r, style, out);
    run_section_percentiles(r, style, out);
    run_section_rates(r, style, out);
    run_section_statuses(r, style, out);
    run_section_accounts(r, style, out);
    run_section_costs(r, style, out);
    hosts_write(&(struct hosts){.merged = r->merged}, r->merged != NULL, style, out);
    warnings(r, style, out);
}
