#include "report/plot/caption.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/units.h"
#include "model/arm_figure.h"
#include "report/text.h"

#define DATE_LEN 10 /* of "2026-11-22T21:04:05.123Z" */

typedef void (*part_fn)(const struct result *r, struct buf *out);

/* --- parts: each adds nothing if the result does not have it --- */

static double setting_of(const struct result *r, const char *name)
{
    for (size_t i = 0; i < r->nconfig; i++) {
        if (r->config[i].kind == SETTING_NUMBER && strcmp(r->config[i].name, name) == 0)
            return r->config[i].number;
    }
    return NAN;
}

static void connections(const struct result *r, struct buf *out)
{
    if (r->connections > 0)
        buf_printf(out, "%" PRId64 " connection%s", r->connections, r->connections == 1 ? "" : "s");
}

static void pipelining(const struct result *r, struct buf *out)
{
    if (r->pipelining > 1)
        buf_printf(out, "%" PRId64 " requests in flight on each", r->pipelining);
}

static void add_setting(const struct result *r, const char *name, struct buf *out)
{
    for (size_t i = 0; i < r->nconfig; i++) {
        if (r->config[i].kind == SETTING_TEXT && strcmp(r->config[i].name, name) == 0)
            buf_printf(out, "%s=%s ", name, r->config[i].text);
    }
}

/* The next three are not shown; they only serve to tell whether the requests differ. */
static void method(const struct result *r, struct buf *out)
{
    add_setting(r, "method", out);
}

static void path(const struct result *r, struct buf *out)
{
    const char *authority = r->url == NULL ? NULL : strstr(r->url, "://");
    if (authority != NULL)
        buf_puts(out, authority + 3 + strcspn(authority + 3, "/?"));
}

static void body(const struct result *r, struct buf *out)
{
    add_setting(r, "body", out);
    add_setting(r, "input", out);
}

/* The planned length: the actual one differs between arms. */
static void length(const struct result *r, struct buf *out)
{
    char number[32];
    double amount = setting_of(r, "amount");
    double duration_s = setting_of(r, "duration");
    if (amount >= 1 && amount < 1e15)
        buf_printf(out, "%s request%s", text_grouped((int64_t)amount, number, sizeof number),
                   amount < 2 ? "" : "s");
    else
        buf_printf(out, "%.3g s", isnan(duration_s) ? r->duration_s : duration_s);
}

static void work(const struct result *r, struct buf *out)
{
    char number[32];
    if (r->work_kind == NULL || r->work_n == MISSING)
        return;
    if (strcmp(r->work_kind, "sleep") == 0)
        buf_printf(out, "%s sleep per request",
                   units_format_time(r->work_n, number, sizeof number));
    else
        buf_printf(out, "%s counts per request", text_grouped(r->work_n, number, sizeof number));
}

static void machine(const struct result *r, struct buf *out)
{
    const struct environment *e = &r->environment;
    if (e->cpu_model != NULL)
        text_list(out, "%s", e->cpu_model);
    if (e->cores_allowed > 0 && e->cores_online > e->cores_allowed)
        text_list(out, "%" PRId64 " of %" PRId64 " cores", e->cores_allowed, e->cores_online);
    else if (e->cores_online > 0)
        text_list(out, "%" PRId64 " core%s", e->cores_online, e->cores_online == 1 ? "" : "s");
    if (e->cpu_quota_cores > 0)
        text_list(out, "limited to %.3g cores", e->cpu_quota_cores);
}

static void version(const struct result *r, struct buf *out)
{
    if (r->tool_version != NULL)
        buf_printf(out, "bench %s", r->tool_version);
}

static void date(const struct result *r, struct buf *out)
{
    char wall[32];
    if (r->started_wall_ms <= 0)
        return;
    clock_format_wall(r->started_wall_ms, wall, sizeof wall);
    buf_add(out, wall, DATE_LEN);
}

/* --- over all results --- */

/* True if all results agree. first: the part of the first of them. */
static bool agree(const struct comparison *c, part_fn part, struct buf *first)
{
    struct buf next;
    size_t seen = 0;
    bool same = true;
    buf_init(&next, BUF_TEXT_MAX);
    for (size_t a = 0; a < c->narms; a++) {
        for (size_t i = 0; i < c->arms[a].nresults; i++) {
            struct buf *into = seen++ == 0 ? first : &next;
            buf_clear(into);
            part(&c->arms[a].results[i], into);
            same = same && (into == first || strcmp(first->data, next.data) == 0);
        }
    }
    buf_fini(&next);
    return same;
}

/* Adds `differ` instead if the results disagree; NULL leaves the part out. */
static void add_part(const struct comparison *c, part_fn part, const char *differ, struct buf *out)
{
    struct buf first;
    buf_init(&first, BUF_TEXT_MAX);
    bool same = agree(c, part, &first);
    if (same && first.len > 0)
        text_list(out, "%s", first.data);
    else if (!same && differ != NULL)
        text_list(out, "%s", differ);
    buf_fini(&first);
}

/* Adds only that they differ. */
static void add_difference(const struct comparison *c, part_fn part, const char *differ,
                           struct buf *out)
{
    struct buf first;
    buf_init(&first, BUF_TEXT_MAX);
    if (!agree(c, part, &first))
        text_list(out, "%s", differ);
    buf_fini(&first);
}

void plot_caption_load(const struct comparison *c, struct buf *out)
{
    size_t rounds = 0;
    for (size_t a = 0; a < c->narms; a++)
        rounds = c->arms[a].nresults > rounds ? c->arms[a].nresults : rounds;
    add_part(c, connections, "connections differ", out);
    add_part(c, pipelining, "pipelining differs", out);
    add_part(c, length, "durations differ", out);
    add_difference(c, method, "methods differ", out);
    add_difference(c, path, "paths differ", out);
    add_difference(c, body, "bodies differ", out);
    add_part(c, work, "work differs", out);
    if (rounds > 1)
        text_list(out, "%zu rounds", rounds);
}

void plot_caption_shared(const struct comparison *c, struct buf *out)
{
    static const part_fn parts[] = {connections, pipelining, length, work};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        add_part(c, parts[i], NULL, out);
}

void plot_caption_machine(const struct comparison *c, struct buf *out)
{
    add_part(c, machine, "machines differ", out);
    add_part(c, version, "versions differ", out);
    add_part(c, date, NULL, out);
}

void plot_caption_probe(const struct comparison *c, struct buf *out)
{
    const struct report_style style = {.utf8 = true};
    const char *path = comparison_probe_path(c);
    char text[TEXT_NAME];
    buf_printf(out, "%s latency, p99",
               path == NULL ? "Probe" : text_name(path, &style, text, sizeof text));
}
