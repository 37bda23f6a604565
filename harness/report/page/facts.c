#include "report/page/facts.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/units.h"
#include "report/shell_word.h"
#include "report/text.h"

void facts_fini(struct facts *f)
{
    str_list_fini(&f->names);
    str_list_fini(&f->values);
}

static void add(struct facts *f, const char *name, const char *value)
{
    if (value == NULL || value[0] == '\0')
        return;
    str_list_add(&f->names, name);
    str_list_add(&f->values, value);
}

static void add_count(struct facts *f, const char *name, int64_t n)
{
    char text[32];
    (void)snprintf(text, sizeof text, "%" PRId64, n);
    if (n != MISSING)
        add(f, name, text);
}

static void add_number(struct facts *f, const char *name, double x)
{
    char text[32];
    (void)snprintf(text, sizeof text, "%.15g", x);
    if (!isnan(x))
        add(f, name, text);
}

static void add_time(struct facts *f, const char *name, double seconds)
{
    char text[32];
    if (isfinite(seconds) && seconds >= 0 && seconds < 1e9)
        add(f, name, units_format_time((int64_t)(seconds * 1e9), text, sizeof text));
}

static void add_bytes(struct facts *f, const char *name, int64_t bytes)
{
    char text[32];
    if (bytes != MISSING)
        add(f, name, units_format_bytes((double)bytes, text, sizeof text));
}

static void add_date(struct facts *f, const char *name, int64_t wall_ms)
{
    char wall[32];
    clock_format_wall(wall_ms, wall, sizeof wall);
    if (wall_ms > 0)
        add(f, name, wall);
}

/* --- settings --- */

/* What the page shows elsewhere, or what only says where the output went. */
static const char *const unshown[] = {"dry_run",  "json",  "latency", "out",
                                      "progress", "save",  "seed",    "status_codes",
                                      "strategy", "title", "work"};

/* Those that are not plain counts. */
static const struct {
    const char *name, *unit; /* NULL: bytes */
} units[] = {
    {"drain", " s"},
    {"duration", " s"},
    {"grace", " s"},
    {"idle_timeout", " s"},
    {"job_backoff", " s"},
    {"job_lease", " s"},
    {"isolate_boot_ms", " ms"},
    {"isolate_mib", " MiB"},
    {"max_body", NULL},
    {"max_header", NULL},
    {"max_rss", NULL},
    {"offload_timeout", " s"},
    {"probe_rate", " per second"},
    {"ready_timeout", " s"},
    {"stalled_interval", " s"},
    {"timeout", " s"},
    {"warmup", " s"},
};

static bool is_shown(const struct setting *s)
{
    for (size_t i = 0; i < LEN(unshown); i++) {
        if (strcmp(unshown[i], s->name) == 0)
            return false;
    }
    return s->kind == SETTING_TEXT || (s->kind != SETTING_NULL && s->number != 0);
}

static void add_quantity(struct facts *f, const char *label, const struct setting *s)
{
    char text[48];
    const char *unit = "";
    for (size_t i = 0; i < LEN(units); i++)
        unit = strcmp(units[i].name, s->name) == 0 ? units[i].unit : unit;
    if (unit == NULL)
        add_bytes(f, label, (int64_t)s->number);
    else
        (void)snprintf(text, sizeof text, "%.15g%s", s->number, unit);
    if (unit != NULL && isfinite(s->number))
        add(f, label, text);
}

/* "probe rate", "20 per second". */
static void add_setting(struct facts *f, const struct setting *s)
{
    char *label = mem_strdup(s->name);
    for (char *at = strchr(label, '_'); at != NULL; at = strchr(at, '_'))
        *at = ' ';
    if (s->kind == SETTING_NUMBER)
        add_quantity(f, label, s);
    else
        add(f, label, s->kind == SETTING_FLAG ? "yes" : s->text);
    free(label);
}

void facts_add_settings(struct facts *f, const struct setting *settings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (is_shown(&settings[i]))
            add_setting(f, &settings[i]);
    }
}

/* --- where, and what --- */

/* Of one minute before the trial, and so also of the servers before it. */
static void add_load(struct facts *f, double average)
{
    char text[96];
    (void)snprintf(text, sizeof text,
                   "%.3g (threads that ran or were ready, also those of the trials before)",
                   average);
    if (!isnan(average))
        add(f, "load average of the minute before", text);
}

static void add_work(struct facts *f, const struct result *r)
{
    char amount[32];
    if (r->work_kind == NULL || r->work_n == MISSING)
        return;
    bool is_sleep = strcmp(r->work_kind, "sleep") == 0;
    char *text = mem_printf("%s%s",
                            is_sleep ? units_format_time(r->work_n, amount, sizeof amount)
                                     : text_grouped(r->work_n, amount, sizeof amount),
                            is_sleep ? " of waiting" : " counts");
    add(f, "work of a request", text);
    free(text);
}

void facts_add_environment(struct facts *f, const struct environment *e)
{
    add(f, "host", e->hostname);
    add(f, "operating system", e->os);
    add(f, "kernel", e->kernel);
    add(f, "architecture", e->arch);
    add(f, "processor", e->cpu_model);
    add(f, "governor", e->governor);
    add_count(f, "cores online", e->cores_online);
    add_count(f, "cores allowed", e->cores_allowed);
    add_number(f, "quota of cores", e->cpu_quota_cores);
    add_bytes(f, "memory", e->memory_bytes);
    add_count(f, "file descriptors", e->fd_limit);
    add_load(f, e->load_average_1m);
    add(f, "libuv", e->libuv_version);
}

void facts_add_command(struct facts *f, const char *name, char *const *argv, size_t count)
{
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    for (size_t i = 0; i < count; i++) {
        buf_puts(&text, i > 0 ? " " : "");
        shell_word(&text, argv[i]);
    }
    add(f, name, text.data);
    buf_fini(&text);
}

void facts_add_result(struct facts *f, const struct result *r)
{
    add(f, "title", r->title);
    add(f, "bench", r->tool_version);
    facts_add_command(f, "measured by", r->argv, r->nargv);
    add_date(f, "begun", r->started_wall_ms);
    add_time(f, "measured for", r->duration_s);
    add(f, "url", r->url);
    add(f, "address", r->address);
    add(f, "strategy", r->strategy);
    add(f, "original", r->original);
    add(f, "command of the server", r->command);
    facts_add_command(f, "options of the server", r->target_argv.items, r->target_argv.count);
    add_work(f, r);
    if (r->has_tls) {
        add(f, "TLS", r->tls.version);
        add(f, "cipher", r->tls.cipher);
        add(f, "TLS library", r->tls.library);
    }
    facts_add_environment(f, &r->environment);
    facts_add_settings(f, r->config, r->nconfig);
}

const char *facts_find(const struct facts *f, const char *name)
{
    for (size_t i = 0; i < f->names.count; i++) {
        if (strcmp(f->names.items[i], name) == 0)
            return f->values.items[i];
    }
    return NULL;
}
