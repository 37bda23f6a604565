#include "report/plot/data.h"

#include <inttypes.h>

#include "base/clock.h"
#include "base/mem.h"
#include "model/arm_figure.h"
#include "report/plot/caption.h"
#include "report/plot/curve.h"
#include "report/plot/drain.h"
#include "report/plot/field.h"
#include "report/plot/figures.h"
#include "report/plot/generator.h"
#include "report/plot/heat.h"
#include "report/plot/over_time.h"
#include "report/plot/parts.h"
#include "report/plot/spike.h"
#include "report/text.h"

/* --- arms.dat --- */

static void write_arms(const void *what, struct buf *out)
{
    const struct comparison *c = what;
    buf_puts(out, PLOT_ARMS_HEAD);
    for (size_t i = 0; i < c->narms; i++) {
        char number[32];
        int64_t completed = 0;
        for (size_t k = 0; k < c->arms[i].nresults; k++)
            completed += c->arms[i].results[k].accounting.completed;
        plot_arm(out, i, c->arms[i].name);
        buf_printf(out, "\t%zu\t%" PRId64 "\t\"%s%s\"\n", c->arms[i].nresults, completed,
                   text_grouped(completed, number, sizeof number),
                   arm_answers_early(&c->arms[i]) ? " accepted" : "");
    }
}

/* --- one block of rows per arm --- */

/* `head` is comments: what the rows are, then the columns. */
static void add_blocks(const struct comparison *c, const char *head,
                       void (*add)(const struct arm *arm, struct buf *out), struct buf *out)
{
    buf_puts(out, head);
    for (size_t i = 0; i < c->narms; i++) {
        buf_printf(out, "%s# arm %zu ", i == 0 ? "" : "\n\n", i);
        plot_text(out, c->arms[i].name, SIZE_MAX, GLYPHS_ALL);
        buf_puts(out, "\n");
        add(&c->arms[i], out);
    }
}

#define IN_BLOCKS                                                                                  \
    "# One block per arm, in the order of arms.dat, separated by two empty lines; the rounds of\n" \
    "# an arm are merged. A block of NaN: nothing was measured.\n"
#define CURVE_COLUMNS                                                                              \
    "# few = 1: fewer than 10 samples beyond it. bound = 1: the latency is a lower bound.\n"       \
    "# percentile\t1/(1-percentile)\tlatency_ms\tfew\tbound\n"

/* NOLINTNEXTLINE(bugprone-easily-swappable-parameters): see the callers */
static void add_curve(const struct arm *arm, const struct plot_source *source,
                      void (*curve)(const struct plot_pool *pool, struct buf *out), struct buf *out)
{
    struct plot_pool pool;
    plot_pool_init(&pool, arm, source);
    curve(&pool, out);
    plot_pool_fini(&pool);
}

static void add_latency(const struct arm *arm, struct buf *out)
{
    add_curve(arm, &plot_requests, plot_curve_completed, out);
}

static void add_unfinished(const struct arm *arm, struct buf *out)
{
    add_curve(arm, &plot_requests, plot_curve_unfinished, out);
}

static void add_probe(const struct arm *arm, struct buf *out)
{
    add_curve(arm, &plot_probes, plot_curve_whole, out);
}

static void add_probe_new(const struct arm *arm, struct buf *out)
{
    add_curve(arm, &plot_new_probes, plot_curve_whole, out);
}

static void write_latency(const void *what, struct buf *out)
{
    add_blocks(what, "# Latency of the completed requests by percentile.\n" IN_BLOCKS CURVE_COLUMNS,
               add_latency, out);
}

static void write_unfinished(const void *what, struct buf *out)
{
    add_blocks(what,
               "# Latency by percentile, including unfinished requests with the time elapsed so\n"
               "# far, if that differs from latency.dat.\n" IN_BLOCKS CURVE_COLUMNS,
               add_unfinished, out);
}

static void write_probe(const void *what, struct buf *out)
{
    add_blocks(what,
               "# Latency of the probes on a connection that was kept, by percentile, with those\n"
               "# that timed out or were open at the end.\n" IN_BLOCKS CURVE_COLUMNS,
               add_probe, out);
}

static void write_probe_new(const void *what, struct buf *out)
{
    add_blocks(
        what,
        "# The same of the probes that had a connection opened for them.\n" IN_BLOCKS CURVE_COLUMNS,
        add_probe_new, out);
}

static void write_heat(const void *what, struct buf *out)
{
    add_blocks(
        what,
        "# The latencies over time: the requests that completed in a stretch of time with a\n"
        "# latency in that range, and their share of the stretch's requests.\n" IN_BLOCKS
        "# from_s\tto_s\tfrom_ms\tto_ms\trequests\tshare\n",
        plot_heat, out);
}

static void write_percentiles(const void *what, struct buf *out)
{
    add_blocks(what,
               "# The latency of the requests that completed in a stretch of time.\n" IN_BLOCKS
               "# from_s\tto_s\tp50_ms\tp90_ms\tp99_ms\tmax_ms\n",
               plot_percentiles, out);
}

#define MEANS                                                                                      \
    "# One block per arm, in the order of arms.dat, separated by two empty lines; means over "     \
    "the\n"                                                                                        \
    "# rounds. NaN: not measured.\n"

static void write_rate(const void *what, struct buf *out)
{
    add_blocks(what,
               "# Per second: responses; errors, which are the sum of the next two; requests that\n"
               "# timed out or failed; responses of another status than 2xx.\n" MEANS
               "# from_s\tto_s\tresponses\terrors\tlost\tnon_2xx\n",
               plot_rate, out);
}

static void write_server(const void *what, struct buf *out)
{
    add_blocks(what,
               "# What the load cost the server; switches and CPU wait are per second.\n" MEANS
               "# from_s\tto_s\tcpu_cores\trss_bytes\tthreads\tswitches\trun_wait_s\tbacklog\n",
               plot_server, out);
}

static void write_queue(const void *what, struct buf *out)
{
    add_blocks(what,
               "# The jobs of a queue: accepted (2xx responses) and completed per second, and the\n"
               "# backlog at the end of the seconds.\n" MEANS
               "# from_s\tto_s\taccepted\tcompleted\tbacklog\n",
               plot_queue, out);
}

static void write_generator(const void *what, struct buf *out)
{
    add_blocks(what,
               "# Each thread of the load generator in each round: percent of a core.\n" IN_BLOCKS
               "# round\tthread\tcpu\trun_wait\n",
               plot_generator, out);
}

/* --- one row per arm --- */

static void write_late(const void *what, struct buf *out)
{
    const struct comparison *c = what;
    buf_puts(out, "# How late the requests of an open loop were sent (slip), and how much of that\n"
                  "# bench itself was late to see that they were due (lag), in ms.\n"
                  "# arm\tslip_p50\tslip_p99\tslip_max\tlag_p50\tlag_p99\tlag_max\n");
    for (size_t i = 0; i < c->narms; i++) {
        buf_printf(out, "%zu", i);
        plot_late(&c->arms[i], out);
        buf_puts(out, "\n");
    }
}

static void write_parts(const void *what, struct buf *out)
{
    const struct comparison *c = what;
    buf_puts(out,
             "# The latency, and of it the wait and the work in the server; only means add up.\n"
             "# jobs = 1: of the jobs of a queue, and the first column is their time.\n"
             "# bound = 1: the latency counts unfinished requests at their age: a lower bound.\n"
             "\"arm\"\t\"name\"");
    plot_parts_head(out);
    for (size_t i = 0; i < c->narms; i++) {
        struct plot_parts parts = plot_parts_of(&c->arms[i]);
        buf_printf(out, "\n%zu\t", i);
        plot_text(out, c->arms[i].name, SIZE_MAX, GLYPHS_ALL);
        plot_parts_row(&parts, out);
    }
    buf_puts(out, "\n");
}

static void write_drain(const void *what, struct buf *out)
{
    const struct comparison *c = what;
    buf_puts(out,
             "# The backlog of a queue at the end of the load, and the time until it is gone.\n"
             "\"arm\"\t\"end_s\"\t\"backlog\"\t\"drain_s\"\t\"text\"\n");
    for (size_t i = 0; i < c->narms; i++) {
        buf_printf(out, "%zu", i);
        plot_drain(&c->arms[i], out);
        buf_puts(out, "\n");
    }
}

static void write_spike(const void *what, struct buf *out)
{
    const struct comparison *c = what;
    buf_puts(out,
             "# A spike of the rate: where it begins and ends, when the arm was back within its\n"
             "# goal, and when the jobs that had piled up were done, in s of the run.\n"
             "\"arm\"\t\"from_s\"\t\"to_s\"\t\"back_s\"\t\"drained_s\"\n");
    for (size_t i = 0; i < c->narms; i++) {
        buf_printf(out, "%zu", i);
        plot_spike(&c->arms[i], out);
        buf_puts(out, "\n");
    }
}

static void write_compare(const void *what, struct buf *out)
{
    plot_figures(what, out);
}

static void write_compare_text(const void *what, struct buf *out)
{
    plot_figure_texts(what, out);
}

#define LIMIT_COLUMNS 40 /* of its text */

static void write_limits(const void *what, struct buf *out)
{
    const struct comparison *c = what;
    buf_puts(out, "# Limits on the latency: percentile, ms, label in the SVG, label in the PNG.\n"
                  "# A row of NaN: none is known.\n");
    if (c->nlimits == 0)
        buf_puts(out, "NaN\tNaN\t\" \"\t\" \"\n");
    for (size_t i = 0; i < c->nlimits; i++) {
        const struct latency_limit *limit = &c->limits[i];
        buf_printf(out, "%.12g\t%.9g\t", limit->q, limit->ns / (double)NS_PER_MS);
        plot_both(out, limit->text, LIMIT_COLUMNS);
        buf_puts(out, "\n");
    }
}

/* --- caption.dat --- */

static void write_caption(const void *what, struct buf *out)
{
    const struct comparison *c = what;
    static void (*const lines[])(const struct comparison *, struct buf *) = {
        plot_caption_load, plot_caption_machine, plot_caption_probe};
    buf_puts(out, "# Test conditions: the load and the machine; then what the probe measured. As\n"
                  "# shown in the SVG and in the PNG.\n");
    for (size_t i = 0; i < LEN(lines); i++) {
        struct buf text;
        buf_init(&text, BUF_TEXT_MAX);
        lines[i](c, &text);
        plot_caption(out, i, text.data);
        buf_fini(&text);
    }
}

const struct plot_file plot_files[] = {
    {.name = "arms.dat", .write = write_arms},
    {.name = "caption.dat", .write = write_caption},
    {.name = "compare.dat", .write = write_compare},
    {.name = "compare_text.dat", .write = write_compare_text},
    {.name = "drain.dat", .write = write_drain},
    {.name = "generator.dat", .write = write_generator},
    {.name = "heat.dat", .write = write_heat},
    {.name = "late.dat", .write = write_late},
    {.name = "latency.dat", .write = write_latency},
    {.name = "latency_unfinished.dat", .write = write_unfinished},
    {.name = "limits.dat", .write = write_limits},
    {.name = "parts.dat", .write = write_parts},
    {.name = "percentiles.dat", .write = write_percentiles},
    {.name = "probe.dat", .write = write_probe},
    {.name = "probe_new.dat", .write = write_probe_new},
    {.name = "queue.dat", .write = write_queue},
    {.name = "rate.dat", .write = write_rate},
    {.name = "server.dat", .write = write_server},
    {.name = "spike.dat", .write = write_spike},
    {NULL, NULL},
};
