#include "proc/threads.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/procfs.h"

static bool read_schedstat(int task_fd, pid_t tid, struct thread_figures *out)
{
    char path[PROCFS_PATH_MAX];
    struct procfs_schedstat seen;
    (void)snprintf(path, sizeof path, "%d/schedstat", (int)tid);
    if (procfs_schedstat_read(task_fd, path, &seen) < 0)
        return false;
    out->run_wait_ns = seen.run_wait_ns;
    out->switches = seen.switches;
    return true;
}

static bool read_status(int task_fd, pid_t tid, struct thread_figures *out)
{
    char path[PROCFS_PATH_MAX];
    struct procfs_status seen;
    (void)snprintf(path, sizeof path, "%d/status", (int)tid);
    if (procfs_status_read(task_fd, path, &seen) < 0)
        return false;
    out->switches_voluntary = seen.switches_voluntary;
    out->switches_involuntary = seen.switches_involuntary;
    return out->switches_voluntary >= 0 && out->switches_involuntary >= 0;
}

static int by_tid(const void *a, const void *b)
{
    const struct thread_row *x = a;
    const struct thread_row *y = b;
    return (x->tid > y->tid) - (x->tid < y->tid);
}

/* A figure below the last one belongs to a new thread of the same number. */
static int64_t gained(int64_t now, int64_t before)
{
    return now >= before ? now - before : now;
}

static const struct thread_figures *seen_before(const struct threads *t, pid_t tid)
{
    static const struct thread_figures none;
    const struct thread_row key = {.tid = tid};
    const struct thread_row *old =
        t->count == 0 ? NULL : bsearch(&key, t->rows, t->count, sizeof key, by_tid);
    return old == NULL ? &none : &old->seen;
}

static void add_gain(struct thread_figures *sum, const struct thread_figures *now,
                     const struct thread_figures *was)
{
    sum->run_wait_ns += gained(now->run_wait_ns, was->run_wait_ns);
    sum->switches += gained(now->switches, was->switches);
    sum->switches_voluntary += gained(now->switches_voluntary, was->switches_voluntary);
    sum->switches_involuntary += gained(now->switches_involuntary, was->switches_involuntary);
}

/* False for a thread that is gone. */
static bool read_row(const struct threads *t, int task_fd, enum threads_depth depth,
                     struct thread_row *row)
{
    row->seen = *seen_before(t, row->tid);
    return read_schedstat(task_fd, row->tid, &row->seen) &&
           (depth == THREADS_BRIEF || read_status(task_fd, row->tid, &row->seen));
}

static int open_tasks(struct procfs_ids *ids, pid_t pid)
{
    char path[PROCFS_PATH_MAX];
    (void)snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    return procfs_ids_open(ids, path);
}

void threads_sample(struct threads *t, pid_t pid, enum threads_depth depth)
{
    struct procfs_ids ids;
    struct thread_row *rows = NULL;
    size_t count = 0;
    size_t size = 0;
    if (open_tasks(&ids, pid) < 0)
        return;
    for (pid_t tid = procfs_ids_next(&ids); tid != 0; tid = procfs_ids_next(&ids)) {
        struct thread_row row = {.tid = tid};
        if (!read_row(t, ids.fd, depth, &row))
            continue;
        if (count == size) {
            size = size == 0 ? 16 : 2 * size;
            rows = mem_grow(rows, size, sizeof *rows);
        }
        rows[count++] = row;
    }
    procfs_ids_close(&ids);
    for (size_t i = 0; i < count; i++)
        add_gain(&t->sum, &rows[i].seen, seen_before(t, rows[i].tid));
    if (count > 1)
        qsort(rows, count, sizeof *rows, by_tid);
    free(t->rows);
    t->rows = rows;
    t->count = count;
}

int64_t threads_run_wait_ns(pid_t pid)
{
    struct procfs_ids ids;
    int64_t sum_ns = 0;
    if (open_tasks(&ids, pid) < 0)
        return 0;
    for (pid_t tid = procfs_ids_next(&ids); tid != 0; tid = procfs_ids_next(&ids)) {
        struct thread_figures seen = {0};
        (void)read_schedstat(ids.fd, tid, &seen); /* 0 for one that is gone */
        sum_ns += seen.run_wait_ns;
    }
    procfs_ids_close(&ids);
    return sum_ns;
}

void threads_fini(struct threads *t)
{
    free(t->rows);
    *t = (struct threads){0};
}
