#include "report/hosts.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/mem.h"
#include "base/units.h"
#include "report/text.h"

#define HOST_COLUMNS 24 /* of its name; fewer on a narrow page */
#define HOST_NARROW  12
#define NARROW       60
#define CELL         (HOST_COLUMNS * 4 + 32) /* bytes */

/* A column reads its cell; an empty one is not known. */
typedef void (*cell_fn)(const struct merged_part *p, const struct report_style *style, char *text);

static void rate(double rps, char *text)
{
    if (!isnan(rps))
        (void)metric_format(rps, METRIC_NUMBER, text, CELL);
}

static void time_ns(int64_t ns, char *text)
{
    if (ns != MISSING)
        (void)units_format_time(ns, text, CELL);
}

static void host(const struct merged_part *p, const struct report_style *style, char *text)
{
    char name[HOST_COLUMNS * 4 + 1];
    size_t most = text_columns(style) < NARROW ? HOST_NARROW : HOST_COLUMNS;
    if (p->share.host == NULL)
        (void)snprintf(text, CELL, "%" PRId64, p->share.index);
    else
        (void)snprintf(text, CELL, "%" PRId64 " %s", p->share.index,
                       text_short(p->share.host, style, most, name, sizeof name));
}

static void connections(const struct merged_part *p, const struct report_style *style, char *text)
{
    (void)style;
    (void)text_grouped(p->connections, text, CELL);
}

static void offered(const struct merged_part *p, const struct report_style *style, char *text)
{
    (void)style;
    rate(merged_part_offered_rps(p), text);
}

static void achieved(const struct merged_part *p, const struct report_style *style, char *text)
{
    (void)style;
    rate(merged_part_achieved_rps(p), text);
}

static void slip_p50(const struct merged_part *p, const struct report_style *style, char *text)
{
    (void)style;
    time_ns(p->slip_p50_ns, text);
}

static void slip_p99(const struct merged_part *p, const struct report_style *style, char *text)
{
    (void)style;
    time_ns(p->slip_p99_ns, text);
}

static void slip_max(const struct merged_part *p, const struct report_style *style, char *text)
{
    (void)style;
    time_ns(p->slip_max_ns, text);
}

/* In cores, of those that it has. */
static void cpu(const struct merged_part *p, const struct report_style *style, char *text)
{
    (void)style;
    double cores = p->duration_s > 0 ? p->cpu_s / p->duration_s : NAN;
    if (isnan(cores))
        return;
    int len = snprintf(text, CELL, "%.2f", cores);
    if (p->cores != MISSING)
        (void)snprintf(text + len, CELL - (size_t)len, " of %" PRId64, p->cores);
}

static void busiest(const struct merged_part *p, const struct report_style *style, char *text)
{
    (void)style;
    if (!isnan(p->busiest_worker))
        (void)snprintf(text, CELL, "%.0f%%", 100 * p->busiest_worker);
}

/* Behind a sign. A stranger's document may have any number. */
static void signed_ns(const char *sign, double ns, char *text)
{
    if (!(ns < (double)INT64_MAX))
        return;
    int len = snprintf(text, CELL, "%s", sign);
    (void)units_format_time((int64_t)ns, text + len, CELL - (size_t)len);
}

static void start(const struct merged_part *p, const struct report_style *style, char *text)
{
    (void)style;
    signed_ns("+", p->start_s * (double)NS_PER_S, text);
}

static void clock_error(const struct merged_part *p, const struct report_style *style, char *text)
{
    signed_ns(style->utf8 ? "±" : "+-", p->share.clock_error_us * (double)NS_PER_US, text);
}

static void state(const struct merged_part *p, const struct report_style *style, char *text)
{
    (void)style;
    (void)snprintf(text, CELL, "%s%s%s", part_state_names[p->state],
                   p->saturated ? ", saturated" : "", p->is_late ? ", late" : "");
}

static const struct column {
    const char *title;
    cell_fn read;
} columns[] = {
    {"host", host},
    {"connections", connections},
    {"offered/s", offered},
    {"achieved/s", achieved},
    {"slip 50%", slip_p50},
    {"slip 99%", slip_p99},
    {"slip max", slip_max},
    {"CPU", cpu},
    {"busiest", busiest},
    {"start", start},
    {"clock error", clock_error},
    {"state", state},
};

static bool is_known(const struct hosts *all, size_t count, const struct column *column,
                     const struct report_style *style)
{
    for (size_t k = 0; k < count; k++) {
        for (size_t i = 0; i < all[k].merged->nparts; i++) {
            char text[CELL] = "";
            column->read(&all[k].merged->parts[i], style, text);
            if (text[0] != '\0')
                return true;
        }
    }
    return false;
}

static void add_row(const char *name, const struct merged_part *p, const bool *shown,
                    const struct report_style *style, struct table *t)
{
    char arm[TEXT_NAME];
    if (name != NULL)
        table_cell(t, text_name(name, style, arm, sizeof arm));
    for (size_t k = 0; k < LEN(columns); k++) {
        char text[CELL] = "";
        columns[k].read(p, style, text);
        if (shown[k])
            table_cell(t, text[0] == '\0' ? "-" : text);
    }
}

size_t hosts_cells(const struct hosts *all, size_t count, size_t most,
                   const struct report_style *style, struct table *t)
{
    bool shown[LEN(columns)];
    size_t left = 0;
    if (count > 0 && all[0].arm != NULL)
        table_cell(t, "arm");
    for (size_t k = 0; k < LEN(columns); k++) {
        shown[k] = is_known(all, count, &columns[k], style);
        if (shown[k])
            table_cell(t, columns[k].title);
    }
    t->columns = t->cells.count;
    for (size_t i = 0; i < count; i++) {
        size_t nparts = all[i].merged->nparts;
        size_t rows = nparts < most ? nparts : most;
        for (size_t k = 0; k < rows; k++)
            add_row(all[i].arm, &all[i].merged->parts[k], shown, style, t);
        most -= rows;
        left += nparts - rows;
    }
    return left;
}

const char *const hosts_least[] = {"slip 50%", "slip max", "busiest", "connections", NULL};

void hosts_write(const struct hosts *all, size_t count, const struct report_style *style,
                 struct buf *out)
{
    struct table t;
    if (count == 0)
        return;
    table_init(&t, 0);
    size_t left = hosts_cells(all, count, HOSTS_ROWS, style, &t);
    table_fit(&t, style, hosts_least);
    buf_puts(out, "\n");
    table_write(&t, style, out);
    table_fini(&t);
    text_left_out(out, style, left);
}
