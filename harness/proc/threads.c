#include "proc/threads.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "proc/procfs.h"

static bool read_figures(int task_fd, pid_t tid, struct thread_figures *out)
{
    char path[PROCFS_PATH_MAX];
    char text[4096];
    long long wait_ns = 0;
    (void)snprintf(path, sizeof path, "%d/schedstat", (int)tid);
    if (procfs_read(task_fd, path, text, 128) <= 0)
        return false;
    char *end = NULL;
    (void)strtoll(text, &end, 10); /* time on a core */
    wait_ns = strtoll(end, NULL, 10);
    (void)snprintf(path, sizeof path, "%d/status", (int)tid);
    if (procfs_read(task_fd, path, text, sizeof text) <= 0)
        return false;
    *out = (struct thread_figures){
        .run_wait_ns = wait_ns,
        .switches_voluntary = procfs_field(text, "voluntary_ctxt_switches"),
        .switches_involuntary = procfs_field(text, "nonvoluntary_ctxt_switches"),
    };
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

static void add_gain(struct threads *t, const struct thread_row *row)
{
    static const struct thread_figures none;
    const struct thread_row *old =
        t->count == 0 ? NULL : bsearch(row, t->rows, t->count, sizeof *row, by_tid);
    const struct thread_figures *was = old == NULL ? &none : &old->seen;
    t->sum.run_wait_ns += gained(row->seen.run_wait_ns, was->run_wait_ns);
    t->sum.switches_voluntary += gained(row->seen.switches_voluntary, was->switches_voluntary);
    t->sum.switches_involuntary +=
        gained(row->seen.switches_involuntary, was->switches_involuntary);
}

void threads_sample(struct threads *t, pid_t pid)
{
    char path[PROCFS_PATH_MAX];
    struct procfs_ids ids;
    struct thread_row *rows = NULL;
    size_t count = 0;
    size_t size = 0;
    (void)snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    if (procfs_ids_open(&ids, path) < 0)
        return;
    for (pid_t tid = procfs_ids_next(&ids); tid != 0; tid = procfs_ids_next(&ids)) {
        struct thread_row row = {.tid = tid};
        if (!read_figures(ids.fd, tid, &row.seen))
            continue;
        if (count == size) {
            size = size == 0 ? 16 : 2 * size;
            rows = mem_grow(rows, size, sizeof *rows);
        }
        rows[count++] = row;
    }
    procfs_ids_close(&ids);
    for (size_t i = 0; i < count; i++)
        add_gain(t, &rows[i]);
    if (count > 1)
        qsort(rows, count, sizeof *rows, by_tid);
    free(t->rows);
    t->rows = rows;
    t->count = count;
}

void threads_fini(struct threads *t)
{
    free(t->rows);
    *t = (struct threads){0};
}
