/* How two runs were made: what was asked for, the machine, and the version of bench. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/diff/diff_internal.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/units.h"

/* --- parts: each adds nothing where it is not recorded --- */

typedef void (*part_fn)(const struct result *r, struct buf *out);

static void text(const char *value, struct buf *out)
{
    buf_puts(out, value == NULL ? "" : value);
}

static void count(int64_t n, struct buf *out)
{
    if (n > 0)
        buf_printf(out, "%" PRId64, n);
}

static void strategy(const struct result *r, struct buf *out)
{
    text(r->strategy == NULL ? "none" : r->strategy, out);
}

static void original(const struct result *r, struct buf *out)
{
    text(r->original == NULL ? "none" : r->original, out);
}

static void command(const struct result *r, struct buf *out)
{
    text(r->command == NULL ? "none" : r->command, out);
}

static bool is_started(const struct result *r)
{
    return r->strategy != NULL || r->original != NULL || r->command != NULL;
}

/* Of a server that bench starts, only the path: its port is another one each time. */
static void url(const struct result *r, struct buf *out)
{
    const char *authority = r->url == NULL ? NULL : strstr(r->url, "://");
    if (is_started(r) && authority != NULL)
        text(authority + 3 + strcspn(authority + 3, "/?"), out);
    else
        text(r->url, out);
}

/* A result of a bench without -S went to the URL's host. */
static void socket_path(const struct result *r, struct buf *out)
{
    const char *path = result_socket_path(r);
    text(path == NULL ? "none" : path, out);
}

static void connections(const struct result *r, struct buf *out)
{
    count(r->connections, out);
}

static void rate(const struct result *r, struct buf *out)
{
    const struct offered_load *o = &r->offered;
    if (!result_is_open_loop(r))
        buf_puts(out, "closed loop");
    else if (o->stages != NULL)
        text(o->stages, out);
    else
        buf_printf(out, "%.9g/s, %s arrivals", o->rate_rps, o->arrivals);
}

static void pipelining(const struct result *r, struct buf *out)
{
    count(r->pipelining, out);
}

static void workers(const struct result *r, struct buf *out)
{
    count(r->workers, out);
}

static void work(const struct result *r, struct buf *out)
{
    char number[32];
    if (r->work_kind == NULL || r->work_n == MISSING)
        buf_puts(out, "not known");
    else if (strcmp(r->work_kind, "sleep") == 0)
        buf_printf(out, "sleep:%s", units_format_time(r->work_n, number, sizeof number));
    else
        buf_printf(out, "%s:%" PRId64, r->work_kind, r->work_n);
}

static void hostname(const struct result *r, struct buf *out)
{
    text(r->environment.hostname, out);
}

static void cpu_model(const struct result *r, struct buf *out)
{
    text(r->environment.cpu_model, out);
}

static void cores(const struct result *r, struct buf *out)
{
    const struct environment *e = &r->environment;
    if (e->cores_allowed > 0 && e->cores_online > e->cores_allowed)
        buf_printf(out, "%" PRId64 " of %" PRId64, e->cores_allowed, e->cores_online);
    else
        count(e->cores_online > 0 ? e->cores_online : e->cores_allowed, out);
}

static void quota(const struct result *r, struct buf *out)
{
    if (isnan(r->environment.cpu_quota_cores))
        buf_puts(out, "none");
    else
        buf_printf(out, "%.3g cores", r->environment.cpu_quota_cores);
}

static void memory(const struct result *r, struct buf *out)
{
    char number[32];
    if (r->environment.memory_bytes > 0)
        buf_puts(out,
                 units_format_bytes((double)r->environment.memory_bytes, number, sizeof number));
}

static void kernel(const struct result *r, struct buf *out)
{
    text(r->environment.kernel, out);
}

static void os(const struct result *r, struct buf *out)
{
    text(r->environment.os, out);
}

static void arch(const struct result *r, struct buf *out)
{
    text(r->environment.arch, out);
}

static void governor(const struct result *r, struct buf *out)
{
    text(r->environment.governor, out);
}

static void fd_limit(const struct result *r, struct buf *out)
{
    count(r->environment.fd_limit, out);
}

static void version(const struct result *r, struct buf *out)
{
    text(r->tool_version, out);
}

static void engine(const struct result *r, struct buf *out)
{
    text(r->engine, out);
}

static void libuv(const struct result *r, struct buf *out)
{
    text(r->environment.libuv_version, out);
}

static const struct part {
    enum diff_group group;
    const char *what;
    part_fn read;
    const char *setting; /* of the config that says the same; NULL: none */
} parts[] = {
    {DIFF_PLAN, "strategy", strategy, "strategy"},
    {DIFF_PLAN, "original", original, NULL},
    {DIFF_PLAN, "command", command, "cmd"},
    {DIFF_PLAN, "URL", url, NULL},
    {DIFF_PLAN, "socket path", socket_path, "socket_path"},
    {DIFF_PLAN, "connections", connections, "connections"},
    {DIFF_PLAN, "rate", rate, NULL},
    {DIFF_PLAN, "pipelining", pipelining, "pipelining"},
    {DIFF_PLAN, "load threads", workers, "workers"},
    {DIFF_PLAN, "work", work, "work"},
    {DIFF_MACHINE, "host", hostname, NULL},
    {DIFF_MACHINE, "CPU", cpu_model, NULL},
    {DIFF_MACHINE, "cores", cores, NULL},
    {DIFF_MACHINE, "CPU quota", quota, NULL},
    {DIFF_MACHINE, "CPU governor", governor, NULL},
    {DIFF_MACHINE, "memory", memory, NULL},
    {DIFF_MACHINE, "kernel", kernel, NULL},
    {DIFF_MACHINE, "system", os, NULL},
    {DIFF_MACHINE, "architecture", arch, NULL},
    {DIFF_MACHINE, "open files allowed", fd_limit, NULL},
    {DIFF_TOOL, "bench", version, NULL},
    {DIFF_TOOL, "engine", engine, NULL},
    {DIFF_TOOL, "libuv", libuv, NULL},
};

/* NULL for what is not recorded. */
static char *part_of(const struct result *r, part_fn read)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    read(r, &out);
    char *whole = out.len > 0 ? mem_strdup(out.data) : NULL;
    buf_fini(&out);
    return whole;
}

static void compare_parts(const struct result *old, const struct result *new, const char *arm,
                          struct diff_file *file)
{
    for (size_t i = 0; i < LEN(parts); i++) {
        char *before = part_of(old, parts[i].read);
        char *after = part_of(new, parts[i].read);
        if (!diff_same_text(before, after))
            diff_add_entry(file, arm, parts[i].group, parts[i].what, before, after);
        free(before);
        free(after);
    }
}

/* --- the settings --- */

static bool is_told(const char *name, const char *const *ignored)
{
    for (size_t i = 0; i < LEN(parts); i++) {
        if (parts[i].setting != NULL && strcmp(parts[i].setting, name) == 0)
            return true;
    }
    for (; *ignored != NULL; ignored++) {
        if (strcmp(*ignored, name) == 0)
            return true;
    }
    return false;
}

static void compare_setting(const char *name, const struct setting *old, const struct setting *new,
                            const char *arm, struct diff_file *file)
{
    if (setting_is_same(old, new))
        return;
    char *option = setting_option(name);
    char *before = setting_text(old);
    char *after = setting_text(new);
    diff_add_entry(file, arm, DIFF_PLAN, option, before, after);
    free(option);
    free(before);
    free(after);
}

static void compare_settings(const struct result *old, const struct result *new, const char *arm,
                             const char *const *ignored, struct diff_file *file)
{
    for (int side = 0; side < 2; side++) {
        const struct result *from = side == 0 ? old : new;
        for (size_t i = 0; i < from->nconfig && i < SETTINGS_COMPARED_MAX; i++) {
            const char *name = from->config[i].name;
            const struct setting *before = settings_find(old->config, old->nconfig, name);
            if (is_told(name, ignored) || (side == 1 && before != NULL))
                continue;
            compare_setting(name, before, settings_find(new->config, new->nconfig, name), arm,
                            file);
        }
    }
}

void diff_add_plan(const struct result *old, const struct result *new, const char *arm,
                   const char *const *ignored, struct diff_file *file)
{
    compare_parts(old, new, arm, file);
    compare_settings(old, new, arm, ignored, file);
}
