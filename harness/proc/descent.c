#include "proc/descent.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/procfs.h"

struct candidate {
    pid_t pid, ppid;
    bool taken;
};

struct candidates {
    struct candidate *items;
    size_t count, size;
};

static void pid_add(pid_t **pids, size_t *count, pid_t pid)
{
    if ((*count & (*count - 1)) == 0) /* full at every power of two */
        *pids = mem_grow(*pids, *count == 0 ? 1 : 2 * *count, sizeof **pids);
    (*pids)[(*count)++] = pid;
}

static bool is_family(const struct descent *d, pid_t pid)
{
    for (size_t i = 0; i < d->nfamily; i++) {
        if (d->family[i] == pid)
            return true;
    }
    return false;
}

static int by_pid(const void *a, const void *b)
{
    const pid_t *x = a;
    const pid_t *y = b;
    return (*x > *y) - (*x < *y);
}

static bool is_foreign(const struct descent *d, pid_t pid)
{
    return d->nforeign > 0 && bsearch(&pid, d->foreign, d->nforeign, sizeof pid, by_pid) != NULL;
}

static void candidate_add(struct candidates *c, pid_t pid)
{
    struct procfs_stat stat;
    if (procfs_stat_read(pid, &stat) < 0)
        return;
    if (c->count == c->size) {
        c->size = c->size == 0 ? 64 : 2 * c->size;
        c->items = mem_grow(c->items, c->size, sizeof *c->items);
    }
    c->items[c->count++] = (struct candidate){.pid = pid, .ppid = stat.ppid};
}

/* Splits what /proc lists into those known as foreign, which stay so, and those to be judged. */
static void list_processes(struct descent *d, struct candidates *c)
{
    struct procfs_ids ids;
    pid_t *foreign = NULL;
    size_t nforeign = 0;
    if (procfs_ids_open(&ids, "/proc") < 0)
        return;
    for (pid_t pid = procfs_ids_next(&ids); pid != 0; pid = procfs_ids_next(&ids)) {
        if (is_foreign(d, pid))
            pid_add(&foreign, &nforeign, pid);
        else if (!is_family(d, pid))
            candidate_add(c, pid);
    }
    procfs_ids_close(&ids);
    free(d->foreign);
    d->foreign = foreign;
    d->nforeign = nforeign;
}

/* True if this round added a process: its children may be before it in the list. */
static bool take_round(struct descent *d, struct candidates *c)
{
    bool taken = false;
    for (size_t i = 0; i < c->count; i++) {
        struct candidate *item = &c->items[i];
        if (!item->taken && is_family(d, item->ppid)) {
            item->taken = true;
            taken = true;
            pid_add(&d->family, &d->nfamily, item->pid);
        }
    }
    return taken;
}

static bool is_listed(const struct candidates *c, pid_t pid)
{
    for (size_t i = 0; i < c->count; i++) {
        if (c->items[i].pid == pid)
            return true;
    }
    return false;
}

/* The rest are foreign, except those whose parent ended or started during the scan: the next scan
 * reads them again. */
static void keep_foreign(struct descent *d, const struct candidates *c)
{
    size_t known = d->nforeign;
    for (size_t i = 0; i < c->count; i++) {
        const struct candidate *item = &c->items[i];
        struct descent before = {.foreign = d->foreign, .nforeign = known};
        if (!item->taken &&
            (item->ppid == 0 || is_listed(c, item->ppid) || is_foreign(&before, item->ppid)))
            pid_add(&d->foreign, &d->nforeign, item->pid);
    }
    if (d->nforeign > known)
        qsort(d->foreign, d->nforeign, sizeof *d->foreign, by_pid);
}

void descent_init(struct descent *d, pid_t root)
{
    *d = (struct descent){0};
    pid_add(&d->family, &d->nfamily, root);
}

void descent_fini(struct descent *d)
{
    free(d->family);
    free(d->foreign);
    *d = (struct descent){0};
}

size_t descent_scan(struct descent *d)
{
    struct candidates c = {0};
    size_t before = d->nfamily;
    list_processes(d, &c);
    while (take_round(d, &c))
        continue;
    keep_foreign(d, &c);
    free(c.items);
    return d->nfamily - before;
}

void descent_remove(struct descent *d, pid_t pid)
{
    for (size_t i = 0; i < d->nfamily; i++) {
        if (d->family[i] == pid) {
            memmove(d->family + i, d->family + i + 1, (d->nfamily - i - 1) * sizeof *d->family);
            d->nfamily--;
            return;
        }
    }
}

void descent_forget(struct descent *d)
{
    free(d->foreign);
    d->foreign = NULL;
    d->nforeign = 0;
}
