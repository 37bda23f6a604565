#include "report/page/facts.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/units.h"
#include "report/shell_word.h"

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

void facts_add_settings(struct facts *f, const struct setting *settings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct setting *s = &settings[i];
        if (s->kind == SETTING_NUMBER)
            add_number(f, s->name, s->number);
        else if (s->kind == SETTING_FLAG)
            add(f, s->name, s->number != 0 ? "yes" : "no");
        else if (s->kind == SETTING_TEXT)
            add(f, s->name, s->text);
        else
            add(f, s->name, "-");
    }
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
    add_number(f, "load average", e->load_average_1m);
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
    add_number(f, "measured for, s", r->duration_s);
    add(f, "url", r->url);
    add(f, "address", r->address);
    add(f, "strategy", r->strategy);
    add(f, "original", r->original);
    add(f, "command of the server", r->command);
    facts_add_command(f, "options of the server", r->target_argv.items, r->target_argv.count);
    add(f, "work of a request", r->work_kind);
    add_count(f, "amount of work", r->work_n);
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
