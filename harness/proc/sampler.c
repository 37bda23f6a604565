#include "proc/sampler.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/procfs.h"
#include "proc/descent.h"
#include "proc/guard.h"

#define ROLES_MAX        16
#define THREADS_FULL_MAX 64 /* with more, only samples at the window's edges read all of it */

#define SHELL_COMM "sh" /* of /bin/sh, whatever program that is */

struct ticks {
    int64_t user, system;
};

struct row {
    pid_t pid;
    int stat_fd; /* kept open: cheaper, and it can never mean another process; -1 when ended */
    bool is_guard;
    bool is_shell; /* it runs the server, and does not count as one of its processes */
    struct procfs_stat last;
    struct threads threads;
    int64_t rss_peak_bytes, threads_peak;
    struct ticks base; /* at the window's start; zero for one that started later */
    struct thread_figures base_threads;
    bool ended_before; /* before the window */
};

struct sampler {
    struct descent descent;
    struct row *rows; /* first the guards, then the process that the inner one started */
    size_t nrows;
    bool has_shell;
    struct {
        const char *comm, *role;
    } roles[ROLES_MAX];
    size_t nroles;
    struct ticks family; /* highest seen of the live processes and all they waited for */
    struct ticks base;
    struct sample now;
    int64_t rss_peak_bytes, threads_peak; /* of all together, since the window's start */
    bool closed;
    double tick_s;
    int64_t page_bytes;
};

static bool is_left_out(const struct row *row)
{
    return row->is_guard || row->is_shell;
}

static int64_t higher(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static void row_open(struct sampler *s, pid_t pid)
{
    char path[PROCFS_PATH_MAX];
    (void)snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    int fd = s->nrows < SAMPLER_PROCESSES_MAX ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    s->rows[s->nrows++] = (struct row){.pid = pid, .stat_fd = fd};
}

static void row_end(struct sampler *s, struct row *row)
{
    (void)close(row->stat_fd);
    row->stat_fd = -1;
    row->last.threads = 0;
    row->last.rss_pages = 0;
    row->last.waited_user_ticks =
        0; /* if its parent waited for it, the parent's figure includes it now */
    row->last.waited_system_ticks = 0;
    descent_remove(&s->descent, row->pid);
}

/* True for the first row that is not a guard. */
static bool is_started_by_guard(const struct sampler *s, const struct row *row)
{
    return !row->is_guard && (row == s->rows || row[-1].is_guard);
}

static void row_fast(struct sampler *s, struct row *row)
{
    char text[PROCFS_STAT_MAX];
    ssize_t n = pread(row->stat_fd, text, sizeof text - 1, 0);
    text[n > 0 ? n : 0] = '\0';
    if (n <= 0 || procfs_stat_parse(text, &row->last) < 0) {
        row_end(s, row);
        return;
    }
    row->is_guard = strcmp(row->last.comm, GUARD_COMM) == 0;
    /* A shell without children may still become the server by exec. */
    row->is_shell = s->has_shell && is_started_by_guard(s, row) && row + 1 < s->rows + s->nrows &&
                    strcmp(row->last.comm, SHELL_COMM) == 0;
    row->rss_peak_bytes = higher(row->rss_peak_bytes, row->last.rss_pages * s->page_bytes);
    row->threads_peak = higher(row->threads_peak, row->last.threads);
}

static void row_slow(struct row *row, enum threads_depth depth)
{
    char path[PROCFS_PATH_MAX];
    struct procfs_status status;
    if (row->stat_fd < 0 || is_left_out(row))
        return;
    if (row->last.threads <= THREADS_FULL_MAX)
        depth = THREADS_FULL;
    threads_sample(&row->threads, row->pid, depth);
    (void)snprintf(path, sizeof path, "/proc/%d/status", (int)row->pid);
    if (procfs_status_read(AT_FDCWD, path, &status) == 0)
        row->rss_peak_bytes = higher(row->rss_peak_bytes, status.rss_peak_bytes);
}

/* A parent is read before its children, so a child that ends in between is missed for a tick rather
 * than counted twice. */
static void sum_up(struct sampler *s)
{
    struct ticks family = {0};
    struct ticks seen = {0};
    s->now.rss_bytes = 0;
    s->now.threads = 0;
    for (size_t i = 0; i < s->nrows; i++) {
        const struct row *row = &s->rows[i];
        family.user += row->last.waited_user_ticks;
        family.system += row->last.waited_system_ticks;
        if (is_left_out(row))
            continue;
        seen.user += row->last.user_ticks;
        seen.system += row->last.system_ticks;
        if (row->stat_fd < 0)
            continue;
        family.user += row->last.user_ticks;
        family.system += row->last.system_ticks;
        s->now.rss_bytes += row->last.rss_pages * s->page_bytes;
        s->now.threads += row->last.threads;
    }
    s->family.user = higher(s->family.user, higher(family.user, seen.user));
    s->family.system = higher(s->family.system, higher(family.system, seen.system));
    s->now.cpu_s = (double)(s->family.user + s->family.system) * s->tick_s;
    s->now.user_s = (double)s->family.user * s->tick_s;
    s->now.system_s = (double)s->family.system * s->tick_s;
    s->rss_peak_bytes = higher(s->rss_peak_bytes, s->now.rss_bytes);
    s->threads_peak = higher(s->threads_peak, s->now.threads);
}

static void sum_up_threads(struct sampler *s)
{
    int64_t wait_ns = 0;
    s->now.switches = 0;
    for (size_t i = 0; i < s->nrows; i++) {
        const struct thread_figures *sum = &s->rows[i].threads.sum;
        wait_ns += sum->run_wait_ns;
        s->now.switches += sum->switches;
    }
    s->now.run_wait_s = (double)wait_ns / (double)NS_PER_S;
}

void sampler_fast(struct sampler *s)
{
    if (s->closed)
        return;
    for (size_t i = 0; i < s->nrows; i++) {
        if (s->rows[i].stat_fd >= 0)
            row_fast(s, &s->rows[i]);
    }
    sum_up(s);
}

static void sample_all(struct sampler *s, enum threads_depth depth)
{
    size_t found = descent_scan(&s->descent);
    for (size_t i = s->descent.nfamily - found; i < s->descent.nfamily; i++)
        row_open(s, s->descent.family[i]);
    sampler_fast(s);
    for (size_t i = 0; i < s->nrows; i++)
        row_slow(&s->rows[i], depth);
    sum_up_threads(s);
}

void sampler_slow(struct sampler *s)
{
    if (!s->closed)
        sample_all(s, THREADS_BRIEF);
}

struct sampler *sampler_new(pid_t guard_pid)
{
    struct sampler *s = mem_zalloc(sizeof *s);
    s->rows = mem_array(SAMPLER_PROCESSES_MAX, sizeof *s->rows);
    s->tick_s = procfs_tick_s();
    s->page_bytes = sysconf(_SC_PAGESIZE);
    descent_init(&s->descent, guard_pid);
    row_open(s, guard_pid);
    sampler_slow(s);
    return s;
}

void sampler_free(struct sampler *s)
{
    if (s == NULL)
        return;
    for (size_t i = 0; i < s->nrows; i++) {
        if (s->rows[i].stat_fd >= 0)
            (void)close(s->rows[i].stat_fd);
        threads_fini(&s->rows[i].threads);
    }
    descent_fini(&s->descent);
    free(s->rows);
    free(s);
}

void sampler_leave_out_shell(struct sampler *s)
{
    s->has_shell = true;
}

void sampler_add_role(struct sampler *s, const char *comm, const char *role)
{
    if (s->nroles == ROLES_MAX)
        return;
    s->roles[s->nroles].comm = comm;
    s->roles[s->nroles++].role = role;
}

void sampler_open_window(struct sampler *s)
{
    descent_forget(&s->descent);
    sample_all(s, THREADS_FULL);
    for (size_t i = 0; i < s->nrows; i++) {
        struct row *row = &s->rows[i];
        row->ended_before = row->stat_fd < 0;
        row->base = (struct ticks){row->last.user_ticks, row->last.system_ticks};
        row->base_threads = row->threads.sum;
        row->threads_peak = row->last.threads;
    }
    s->base = s->family;
    s->rss_peak_bytes = s->now.rss_bytes;
    s->threads_peak = s->now.threads;
}

void sampler_close_window(struct sampler *s)
{
    descent_forget(&s->descent);
    sample_all(s, THREADS_FULL);
    s->closed = true;
}

struct sample sampler_now(const struct sampler *s)
{
    return s->now;
}

struct thread_figures sampler_threads(const struct sampler *s, int64_t pid)
{
    struct thread_figures sum = {0};
    for (size_t i = 0; i < s->nrows; i++) {
        if (s->rows[i].pid == pid)
            sum = s->rows[i].threads.sum;
    }
    return sum;
}

static const char *role_of(const struct sampler *s, size_t i)
{
    const char *comm = s->rows[i].last.comm;
    for (size_t k = 0; k < s->nroles; k++) {
        if (strncmp(s->roles[k].comm, comm, PROCFS_COMM_MAX - 1) == 0)
            return s->roles[k].role;
    }
    size_t target = 0;
    while (target < i && s->rows[target].is_guard)
        target++;
    return i == target ? "target" : comm;
}

static double per_request_us(const struct result *r, const struct process_cost *c)
{
    int64_t replies = accounting_replies(&r->accounting);
    return replies > 0 ? (c->cpu_user_s + c->cpu_system_s) * 1e6 / (double)replies : NAN;
}

static void add_cost(const struct sampler *s, size_t i, struct result *r)
{
    const struct row *row = &s->rows[i];
    const struct thread_figures *sum = &row->threads.sum;
    const struct thread_figures *base = &row->base_threads;
    struct process_cost *total = &r->server.total;
    struct process_cost *c = result_add_process(r, role_of(s, i), row->pid);
    c->cpu_user_s = (double)(row->last.user_ticks - row->base.user) * s->tick_s;
    c->cpu_system_s = (double)(row->last.system_ticks - row->base.system) * s->tick_s;
    c->cpu_per_request_us = per_request_us(r, c);
    c->rss_peak_bytes = row->rss_peak_bytes;
    c->threads_peak = row->threads_peak;
    c->switches_voluntary = sum->switches_voluntary - base->switches_voluntary;
    c->switches_involuntary = sum->switches_involuntary - base->switches_involuntary;
    c->run_wait_s = (double)(sum->run_wait_ns - base->run_wait_ns) / (double)NS_PER_S;
    c->live_threads_only = true;
    total->switches_voluntary += c->switches_voluntary;
    total->switches_involuntary += c->switches_involuntary;
    total->run_wait_s += c->run_wait_s;
    total->rss_peak_bytes = higher(total->rss_peak_bytes, c->rss_peak_bytes);
}

void sampler_costs(const struct sampler *s, struct result *r)
{
    struct process_cost *total = &r->server.total;
    r->has_server = true;
    total->cpu_user_s = (double)(s->family.user - s->base.user) * s->tick_s;
    total->cpu_system_s = (double)(s->family.system - s->base.system) * s->tick_s;
    total->cpu_per_request_us = per_request_us(r, total);
    total->rss_peak_bytes = s->rss_peak_bytes;
    total->threads_peak = s->threads_peak;
    total->switches_voluntary = 0;
    total->switches_involuntary = 0;
    total->run_wait_s = 0;
    total->live_threads_only = true;
    for (size_t i = 0; i < s->nrows; i++) {
        if (!is_left_out(&s->rows[i]) && !s->rows[i].ended_before)
            add_cost(s, i, r);
    }
}
