#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/units.h"
#include "report/run/report_internal.h"
#include "report/spread.h"
#include "report/table.h"
#include "report/text.h"

#define NAMED_MAX   4   /* statuses or errors listed by name in a line */
#define JAIN_UNEVEN 0.9 /* below this index connections were served unevenly */

static void add_part(struct buf *text, int64_t count, const char *what)
{
    char number[32];
    if (count > 0)
        buf_printf(text, " + %s %s", text_grouped(count, number, sizeof number), what);
}

static void add_failed(struct buf *text, const struct accounting *a)
{
    char number[32];
    struct buf kinds;
    if (accounting_failed(a) == 0)
        return;
    buf_init(&kinds, BUF_TEXT_MAX);
    for (size_t i = 0; i < LOSS_COUNT; i++) {
        if (a->failed[i] > 0)
            text_list(&kinds, "%s %s", text_grouped(a->failed[i], number, sizeof number),
                      loss_keys[i]);
    }
    add_part(text, accounting_failed(a), "failed");
    buf_printf(text, " (%s)", kinds.data);
    buf_fini(&kinds);
}

/* Of an open loop: what was asked for, before what became of it. */
static void arrivals_entry(const struct accounting *a, const struct report_style *style,
                           struct buf *out)
{
    char due[32];
    char sent[32];
    char unsent[32];
    char unbound[32];
    char text[160];
    if (a->due == MISSING)
        return;
    if (a->unsent == 0 && a->unbound == 0)
        (void)snprintf(text, sizeof text, "%s due, all sent",
                       text_grouped(a->due, due, sizeof due));
    else if (a->unbound > 0)
        (void)snprintf(text, sizeof text, "%s due = %s sent + %s never sent + %s unbound",
                       text_grouped(a->due, due, sizeof due),
                       text_grouped(a->sent, sent, sizeof sent),
                       text_grouped(a->unsent, unsent, sizeof unsent),
                       text_grouped(a->unbound, unbound, sizeof unbound));
    else
        (void)snprintf(text, sizeof text, "%s due = %s sent + %s never sent%s",
                       text_grouped(a->due, due, sizeof due),
                       text_grouped(a->sent, sent, sizeof sent),
                       text_grouped(a->unsent, unsent, sizeof unsent),
                       a->held > 0 ? ": no connection was free" : "");
    text_entry(out, style, PAINT_DIM, "arrivals", text);
}

static void requests_entry(const struct result *r, const struct report_style *style,
                           struct buf *out)
{
    const struct accounting *a = &r->accounting;
    char sent[32];
    char completed[32];
    char age[32];
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    buf_printf(&text, "%s sent = %s %s", text_grouped(a->sent, sent, sizeof sent),
               text_grouped(a->completed, completed, sizeof completed),
               r->has_queue ? "answered" : "completed"); /* in a queue, jobs are what completes */
    add_part(&text, a->timed_out, "timed out");
    add_failed(&text, a);
    add_part(&text, a->in_flight_at_end, "in flight at the end");
    if (a->in_flight_at_end > 0 && a->oldest_in_flight_ns != MISSING)
        buf_printf(&text, " (oldest %s)",
                   units_format_time(a->oldest_in_flight_ns, age, sizeof age));
    text_entry(out, style, PAINT_DIM, "requests", text.data);
    buf_fini(&text);
}

static void unbound_entry(const struct accounting *a, const struct report_style *style,
                          struct buf *out)
{
    char count[32];
    char text[120];
    if (a->unbound == 0)
        return;
    (void)snprintf(text, sizeof text, "%s requests not sent: a value of theirs was missing",
                   text_grouped(a->unbound, count, sizeof count));
    text_entry(out, style, PAINT_YELLOW, "unbound", text);
}

/* "12 x reset: Connection reset by peer (ECONNRESET); 3 x parse: not HTTP". */
static void reasons_entry(const struct accounting *a, const struct report_style *style,
                          struct buf *out)
{
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    for (size_t i = 0; i < a->nloss_reasons; i++) {
        const struct loss_reason *reason = &a->loss_reasons[i];
        char number[32];
        const char *words = reason->number > 0 ? strerrordesc_np(reason->number) : reason->text;
        text_list(&text, "%s x %s: %s", text_grouped(reason->count, number, sizeof number),
                  loss_keys[reason->kind], words == NULL ? "unknown error" : words);
    }
    if (text.len > 0)
        text_entry(out, style, PAINT_DIM, "failed", text.data);
    buf_fini(&text);
}

/* Only if nothing completed: otherwise the latency table shows how long they waited. */
static void ages_entry(const struct result *r, const struct report_style *style, struct buf *out)
{
    char text[120];
    char half[40];
    char most[40];
    struct spread ages;
    spread_init(&ages, r->unfinished);
    if (r->accounting.completed > 0 || spread_samples(&ages) == 0)
        return;
    (void)snprintf(text, sizeof text, "time elapsed when given up or at the end: p50 %s, max %s",
                   spread_percentile(&ages, 0.5, style, half, sizeof half),
                   spread_max(&ages, style, most, sizeof most));
    text_entry(out, style, PAINT_DIM, "unfinished", text);
}

void accounts_add_non_2xx(struct buf *text, const int64_t statuses[1000])
{
    struct buf named;
    char number[32];
    int told = 0;
    buf_init(&named, BUF_TEXT_MAX);
    for (int status = 0; status < 1000; status++) {
        if (statuses[status] == 0 || status / 100 == 2)
            continue;
        if (told++ < NAMED_MAX)
            text_list(&named, "%s x %03d", text_grouped(statuses[status], number, sizeof number),
                      status);
    }
    if (told > NAMED_MAX)
        text_list(&named, "and %d other statuses", told - NAMED_MAX);
    if (told > 0)
        buf_printf(text, " (%s)", named.data);
    buf_fini(&named);
}

/* " (3 by status, 1 by regex)"; nothing when that is not known. */
static void add_kinds(const struct accounting *a, struct buf *text)
{
    char number[32];
    struct buf kinds;
    buf_init(&kinds, BUF_TEXT_MAX);
    for (size_t i = 0; i < LEN(a->mismatched); i++) {
        if (a->mismatched[i] > 0)
            text_list(&kinds, "%s by %s", text_grouped(a->mismatched[i], number, sizeof number),
                      mismatch_keys[i]);
    }
    if (kinds.len > 0)
        buf_printf(text, " (%s)", kinds.data);
    buf_fini(&kinds);
}

static void responses_entry(const struct accounting *a, const struct report_style *style,
                            struct buf *out)
{
    char number[32];
    struct buf text;
    if (a->completed == 0)
        return;
    buf_init(&text, BUF_TEXT_MAX);
    if (a->non_2xx == 0) {
        buf_puts(&text, "all 2xx");
    } else {
        int64_t good = a->completed - a->non_2xx;
        buf_printf(&text, "%s 2xx", text_grouped(good, number, sizeof number));
        buf_printf(&text, ", %s non-2xx", text_grouped(a->non_2xx, number, sizeof number));
        accounts_add_non_2xx(&text, a->statuses);
    }
    if (a->mismatches > 0)
        text_list(&text, "%s not as expected", text_grouped(a->mismatches, number, sizeof number));
    add_kinds(a, &text);
    text_list(&text, "%s received",
              units_format_bytes((double)a->bytes_received, number, sizeof number));
    text_list(&text, "%s sent", units_format_bytes((double)a->bytes_sent, number, sizeof number));
    text_entry(out, style, PAINT_DIM, "responses", text.data);
    buf_fini(&text);
}

static void add_error(struct buf *text, const struct connect_error *e)
{
    char number[32];
    if (e->trouble != NULL) {
        protocol_add_trouble(text, e);
        return;
    }
    const char *name = strerrorname_np(e->number);
    const char *words = strerrordesc_np(e->number);
    (void)text_grouped(e->count, number, sizeof number);
    if (name == NULL || words == NULL)
        text_list(text, "%s x errno %d", number, e->number);
    else
        text_list(text, "%s x %s (%s)", number, words, name);
}

/* With --wait-open. */
static void after_end_entry(const struct result *r, const struct report_style *style,
                            struct buf *out)
{
    const struct accounting *a = &r->accounting;
    char done[32];
    char open[32];
    char p50[32];
    char p99[32];
    struct buf text;
    if (a->completed_after_end == MISSING || a->in_flight_at_end == 0)
        return;
    buf_init(&text, BUF_TEXT_MAX);
    buf_printf(&text, "%s of the %s in flight were answered after the end",
               text_grouped(a->completed_after_end, done, sizeof done),
               text_grouped(a->in_flight_at_end, open, sizeof open));
    if (a->completed_after_end > 0 && r->after_end != NULL)
        buf_printf(&text, ", p50 %s, p99 %s",
                   text_figure((double)hist_percentile_ns(r->after_end, 0.50), METRIC_TIME, p50,
                               sizeof p50),
                   text_figure((double)hist_percentile_ns(r->after_end, 0.99), METRIC_TIME, p99,
                               sizeof p99));
    buf_puts(&text, "; they are in no other figure");
    text_entry(out, style, PAINT_DIM, "open", text.data);
    buf_fini(&text);
}

static void connects_entry(const struct result *r, const struct report_style *style,
                           struct buf *out)
{
    const struct accounting *a = &r->accounting;
    char number[32];
    struct buf text;
    struct buf errors;
    buf_init(&text, BUF_TEXT_MAX);
    buf_init(&errors, BUF_TEXT_MAX);
    if (a->connected > r->connections && result_is_open_loop(r))
        text_list(&text, "%s connections opened, as they were needed",
                  text_grouped(a->connected, number, sizeof number));
    else if (a->connected > r->connections)
        text_list(&text, "%s connections opened to keep %" PRId64 " open",
                  text_grouped(a->connected, number, sizeof number), r->connections);
    if (a->connect_failed > 0)
        text_list(&text, "%s attempts failed",
                  text_grouped(a->connect_failed, number, sizeof number));
    for (size_t i = 0; i < a->nconnect_errors; i++)
        add_error(&errors, &a->connect_errors[i]);
    if (errors.len > 0)
        buf_printf(&text, ":%s%s", errors.data[0] == '\n' ? "" : " ", errors.data);
    if (text.len > 0)
        text_entry(out, style, PAINT_DIM, "connect", text.data);
    buf_fini(&errors);
    buf_fini(&text);
}

/* Only if some failed: the others are in the latency table. */
static void probes_entry(const struct result *r, const struct report_style *style, struct buf *out)
{
    const struct probe_fate *all = &r->probe_counts.all;
    char due[32];
    char completed[32];
    struct buf text;
    if (!r->has_probe || probe_fate_failed(all) == 0)
        return;
    buf_init(&text, BUF_TEXT_MAX);
    buf_printf(&text, "%s due = %s completed", text_grouped(all->due, due, sizeof due),
               text_grouped(all->completed, completed, sizeof completed));
    add_part(&text, all->non_2xx, "non-2xx");
    accounts_add_non_2xx(&text, r->probe_counts.statuses);
    add_part(&text, all->timed_out, "timed out");
    add_part(&text, all->failed, "failed");
    add_part(&text, all->open_at_end, "open at the end");
    text_entry(out, style, PAINT_DIM, "probes", text.data);
    buf_fini(&text);
}

static void fairness_entry(const struct result *r, const struct report_style *style,
                           struct buf *out)
{
    const struct fairness *f = &r->fairness;
    struct buf text;
    bool starved = f->starved != MISSING && f->starved > 0;
    bool uneven = !isnan(f->jain) && f->jain < JAIN_UNEVEN;
    if (r->accounting.completed == 0 || (!starved && !uneven))
        return;
    if (result_is_open_loop(r))
        return; /* connections are opened when they are needed, so they are not alike */
    buf_init(&text, BUF_TEXT_MAX);
    if (starved)
        text_list(&text, "%" PRId64 " of %" PRId64 " connections got no response", f->starved,
                  r->connections);
    if (f->min != MISSING && f->median != MISSING && f->max != MISSING)
        text_list(&text, "%" PRId64 " to %" PRId64 " responses per connection, median %" PRId64,
                  f->min, f->max, f->median);
    if (!isnan(f->jain))
        text_list(&text, "Jain index %.2f (1 = even)", f->jain);
    text_entry(out, style, PAINT_DIM, "fairness", text.data);
    buf_fini(&text);
}

static void warmup_entry(const struct accounting *a, const struct report_style *style,
                         struct buf *out)
{
    char number[32];
    char carried[32];
    char text[160];
    if (a->warmup_discarded == 0)
        return;
    int len = snprintf(text, sizeof text, "%s requests before the measurement window",
                       text_grouped(a->warmup_discarded, number, sizeof number));
    if (a->carried == 0)
        (void)snprintf(text + len, sizeof text - (size_t)len, ", not counted");
    else
        (void)snprintf(text + len, sizeof text - (size_t)len,
                       "; the %s answered in it count in rates and costs only",
                       text_grouped(a->carried, carried, sizeof carried));
    text_entry(out, style, PAINT_DIM, "warm-up", text);
}

void run_section_accounts(const struct result *r, const struct report_style *style, struct buf *out)
{
    buf_puts(out, "\n");
    arrivals_entry(&r->accounting, style, out);
    requests_entry(r, style, out);
    unbound_entry(&r->accounting, style, out);
    reasons_entry(&r->accounting, style, out);
    ages_entry(r, style, out);
    responses_entry(&r->accounting, style, out);
    after_end_entry(r, style, out);
    connects_entry(r, style, out);
    run_section_protocol(r, style, out);
    probes_entry(r, style, out);
    warmup_entry(&r->accounting, style, out);
    fairness_entry(r, style, out);
}

void run_section_statuses(const struct result *r, const struct report_style *style, struct buf *out)
{
    const struct accounting *a = &r->accounting;
    struct table t;
    if (!style->status_codes || a->completed == 0)
        return;
    table_init(&t, 3);
    table_cell(&t, "status");
    table_cell(&t, "responses");
    table_cell(&t, "share");
    for (int status = 0; status < (int)LEN(a->statuses); status++) {
        char text[32];
        if (a->statuses[status] == 0)
            continue;
        (void)snprintf(text, sizeof text, "%03d", status);
        table_cell(&t, text);
        table_cell(&t, text_grouped(a->statuses[status], text, sizeof text));
        (void)snprintf(text, sizeof text, "%.2f%%",
                       100 * (double)a->statuses[status] / (double)a->completed);
        table_cell(&t, text);
    }
    buf_puts(out, "\n");
    table_write(&t, style, out);
    table_fini(&t);
}
