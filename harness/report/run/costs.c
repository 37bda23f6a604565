#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/units.h"
#include "report/run/report_internal.h"
#include "report/table.h"
#include "report/text.h"

#define LABEL_COLUMNS        30   /* of a process */
#define ROWS_MAX             32   /* processes shown one by one, and their sum */
#define JOBS_LEAST           30   /* below it, clock ticks and started jobs distort CPU per job */
#define WAIT_WORTH_TELLING   0.05 /* of the window */
#define OTHERS_WORTH_TELLING 0.05 /* cores */

enum column {
    CPU_PER_REQUEST,
    CPU_PER_2XX,
    CPU_PER_JOB,
    CORES,
    RSS,
    THREADS,
    STARTED,
    SWITCHES,
    CPU_WAIT,
    COLUMN_COUNT
};

static const char *const titles[COLUMN_COUNT] = {
    "CPU/request", "CPU/2xx", "CPU/job",          "cores",    "peak RSS",
    "threads",     "started", "switches/request", "CPU wait",
};

struct row {
    double values[COLUMN_COUNT]; /* NAN: not measured */
    char label[4 * LABEL_COLUMNS + 1];
    bool has_few_ticks; /* its CPU was fewer than ten ticks */
};

static char *format_ns(double ns, char *text, size_t size)
{
    return text_figure(ns, METRIC_TIME, text, size);
}

static char *format_cores(double cores, char *text, size_t size)
{
    (void)snprintf(text, size, "%.2f", cores);
    return text;
}

static char *format_whole(double count, char *text, size_t size)
{
    return text_grouped((int64_t)llround(count), text, size);
}

static char *(*const formats[COLUMN_COUNT])(double, char *, size_t) = {
    format_ns,    format_ns,    format_ns,          format_cores, units_format_bytes,
    format_whole, format_whole, units_format_count, format_ns,
};

static double number(int64_t n)
{
    return n == MISSING ? NAN : (double)n;
}

/* NAN if b is 0 or either is missing. */
static double ratio(double a, double b)
{
    return b > 0 ? a / b : NAN;
}

static struct row row_of_process(const struct result *r, const struct process_cost *c)
{
    const struct accounting *a = &r->accounting;
    double cpu_s = c->cpu_user_s + c->cpu_system_s;
    double switches = number(c->switches_voluntary) + number(c->switches_involuntary);
    double jobs =
        r->has_queue && r->queue.completed >= JOBS_LEAST ? number(r->queue.completed) : NAN;
    double good = a->non_2xx > 0 ? accounting_replies_like(a, a->completed - a->non_2xx) : NAN;
    struct row row = {.has_few_ticks = cpu_s < CPU_LEAST_S,
                      .values = {
                          [CPU_PER_REQUEST] = c->cpu_per_request_us * (double)NS_PER_US,
                          [CPU_PER_2XX] = ratio(cpu_s * (double)NS_PER_S, good),
                          [CPU_PER_JOB] = ratio(cpu_s * (double)NS_PER_S, jobs),
                          [CORES] = ratio(cpu_s, r->duration_s),
                          [RSS] = number(c->rss_peak_bytes),
                          [THREADS] = number(c->threads_peak),
                          [STARTED] = number(c->threads_started),
                          [SWITCHES] = ratio(switches, (double)accounting_replies(a)),
                          [CPU_WAIT] = c->run_wait_s * (double)NS_PER_S,
                      }};
    return row;
}

static void label_process(struct row *row, const struct report_style *style, const char *role)
{
    (void)text_short(role, style, LABEL_COLUMNS, row->label, sizeof row->label);
}

static bool used_cpu(const struct process_cost *c)
{
    return c->cpu_user_s + c->cpu_system_s > 0;
}

static bool used_none(const struct process_cost *c)
{
    return c->cpu_user_s + c->cpu_system_s <= 0; /* false for NAN */
}

/* True if another process of the same role did the work: the shell that started a server. */
static bool is_idle(const struct server_cost *s, size_t i)
{
    if (!used_none(&s->processes[i]))
        return false;
    for (size_t k = 0; k < s->nprocesses; k++) {
        if (used_cpu(&s->processes[k]) && strcmp(s->processes[k].role, s->processes[i].role) == 0)
            return true;
    }
    return false;
}

static size_t count_idle(const struct server_cost *s)
{
    size_t count = 0;
    for (size_t i = 0; i < s->nprocesses; i++)
        count += is_idle(s, i);
    return count;
}

/* The processes that used CPU; a total first unless there is only one. */
static size_t collect(const struct result *r, const struct report_style *style,
                      struct row rows[ROWS_MAX])
{
    const struct server_cost *s = &r->server;
    size_t count = 0;
    if (s->nprocesses - count_idle(s) != 1) {
        rows[count] = row_of_process(r, &s->total);
        (void)snprintf(rows[count++].label, sizeof rows[0].label, "total");
    }
    for (size_t i = 0; i < s->nprocesses && count < ROWS_MAX; i++) {
        if (is_idle(s, i))
            continue;
        rows[count] = row_of_process(r, &s->processes[i]);
        label_process(&rows[count++], style, s->processes[i].role);
    }
    return count;
}

static bool is_per_request(size_t column)
{
    return column == CPU_PER_REQUEST || column == CPU_PER_2XX || column == CPU_PER_JOB;
}

/* Returns true if the figure is marked. */
static bool add_cell(struct table *t, const struct row *row, size_t column)
{
    char text[32];
    char cell[40];
    double value = row->values[column];
    bool few = row->has_few_ticks && is_per_request(column) && !isnan(value);
    if (isnan(value))
        (void)snprintf(cell, sizeof cell, "-");
    else
        (void)snprintf(cell, sizeof cell, "%s%s", formats[column](value, text, sizeof text),
                       few ? "*" : "");
    table_cell(t, cell);
    return few;
}

static bool measured(const struct row *rows, size_t count, size_t column)
{
    for (size_t i = 0; i < count; i++) {
        if (!isnan(rows[i].values[column]))
            return true;
    }
    return false;
}

/* Columns without any value are left out. */
static void write_table(const struct row *rows, size_t count, const struct report_style *style,
                        struct buf *out)
{
    struct table t;
    size_t shown[COLUMN_COUNT];
    size_t nshown = 0;
    bool few = false;
    for (size_t column = 0; column < COLUMN_COUNT; column++) {
        if (measured(rows, count, column))
            shown[nshown++] = column;
    }
    if (nshown == 0)
        return;
    table_init(&t, 1 + nshown);
    table_cell(&t, "server");
    for (size_t i = 0; i < nshown; i++)
        table_cell(&t, titles[shown[i]]);
    for (size_t row = 0; row < count; row++) {
        table_cell(&t, rows[row].label);
        for (size_t i = 0; i < nshown; i++)
            few |= add_cell(&t, &rows[row], shown[i]);
    }
    buf_puts(out, "\n");
    table_write(&t, style, out);
    table_fini(&t);
    if (few)
        text_notice(out, style, PAINT_DIM,
                    "* CPU: fewer than 10 ticks of the kernel's clock (0.1 s)");
}

static void note_idle(const struct server_cost *s, const struct report_style *style,
                      struct buf *out)
{
    char text[80];
    size_t count = count_idle(s);
    if (count == 0)
        return;
    (void)snprintf(text, sizeof text, "%zu process%s used no CPU and %s not shown", count,
                   count == 1 ? "" : "es", count == 1 ? "is" : "are");
    text_notice(out, style, PAINT_DIM, text);
}

static void section_server(const struct result *r, const struct report_style *style,
                           struct buf *out)
{
    struct row rows[ROWS_MAX];
    if (!r->has_server)
        return;
    size_t count = collect(r, style, rows);
    write_table(rows, count, style, out);
    note_idle(&r->server, style, out);
    if (r->server.total.live_threads_only)
        text_notice(out, style, PAINT_DIM,
                    "switches and CPU wait do not include threads that had exited");
}

/* Its warning says the same, with a remedy. */
static bool warns_of_cpu_wait(const struct result *r)
{
    bool any = false;
    for (size_t i = 0; i < r->nwarnings; i++)
        any |= strcmp(r->warnings[i].code, "cpu-wait") == 0;
    return any;
}

/* Saturation means too much to do; this is about having no core to do it on. */
static void write_cpu_wait(const struct result *r, const struct report_style *style,
                           struct buf *out)
{
    char text[240];
    char wait[32];
    double threads = r->workers > 1 ? (double)r->workers : 1;
    double wait_s = r->client.run_wait_s / threads;
    if (isnan(wait_s) || wait_s <= WAIT_WORTH_TELLING * r->duration_s || warns_of_cpu_wait(r))
        return;
    (void)snprintf(
        text, sizeof text,
        "%s %s for a CPU core (%.0f%% of the window): the machine has too few cores for bench "
        "and the server, and latencies include this wait",
        r->workers > 1 ? "each bench thread waited" : "bench waited",
        text_figure(wait_s * (double)NS_PER_S, METRIC_TIME, wait, sizeof wait),
        100 * wait_s / r->duration_s);
    text_entry(out, style, PAINT_DIM, "", text);
}

/* The cost of the load generator, and whether it distorts the rest. */
static void section_client(const struct result *r, const struct report_style *style,
                           struct buf *out)
{
    const struct client_cost *c = &r->client;
    char number_text[32];
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    if (c->saturated)
        buf_puts(&text, "SATURATED: these figures show the load generator's limit");
    else if (c->late)
        buf_puts(&text, "LATE: latencies include the load generator's own delay");
    else if (!isnan(c->busiest_worker))
        buf_puts(&text, "not saturated");
    if (!isnan(c->busiest_worker))
        text_list(&text, "busiest thread at %.0f%% of a core", 100 * c->busiest_worker);
    if (!isnan(c->cpu_per_request_us))
        text_list(&text, "%s CPU per request",
                  text_figure(c->cpu_per_request_us * (double)NS_PER_US, METRIC_TIME, number_text,
                              sizeof number_text));
    if (r->machine.other_cpu_cores >= OTHERS_WORTH_TELLING)
        text_list(&text, "other programs used %.2f cores", r->machine.other_cpu_cores);
    if (text.len > 0) {
        buf_puts(out, "\n");
        text_entry(out, style, PAINT_DIM, "client", text.data);
        write_cpu_wait(r, style, out);
    }
    buf_fini(&text);
}

void run_section_costs(const struct result *r, const struct report_style *style, struct buf *out)
{
    section_server(r, style, out);
    section_client(r, style, out);
}
