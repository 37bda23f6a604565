#include "base/procfs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Numbers of /proc/PID/stat as proc(5) counts them; comm, the 2nd, may hold anything, so fields are
 * counted from the last ')'. */
enum {
    STAT_PPID = 4,
    STAT_UTIME = 14,
    STAT_STIME = 15,
    STAT_CUTIME = 16,
    STAT_CSTIME = 17,
    STAT_THREADS = 20,
    STAT_START = 22,
    STAT_RSS = 24,
    STAT_LAST = STAT_RSS,
};

/* A status names all groups of the user before VmHWM, and they may be many. */
#define STATUS_MAX    16384
#define SCHEDSTAT_MAX 128

ssize_t procfs_read(int at_fd, const char *path, char *text, size_t size)
{
    size_t len = 0;
    int fd = openat(at_fd, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    ssize_t n = 1;
    while (len < size - 1 && n > 0) {
        n = read(fd, text + len, size - 1 - len);
        if (n > 0)
            len += (size_t)n;
    }
    (void)close(fd);
    text[len] = '\0';
    return n < 0 ? -1 : (ssize_t)len;
}

static void copy_comm(const char *open, const char *close, char *comm)
{
    size_t len = (size_t)(close - open - 1);
    if (len >= PROCFS_COMM_MAX)
        len = PROCFS_COMM_MAX - 1;
    memcpy(comm, open + 1, len);
    comm[len] = '\0';
}

int procfs_stat_parse(const char *text, struct procfs_stat *out)
{
    int64_t fields[STAT_LAST + 1] = {0};
    const char *open = strchr(text, '(');
    const char *close = strrchr(text, ')');
    if (open == NULL || close == NULL || close < open || close[1] != ' ' || close[2] == '\0')
        return -1;
    const char *at = close + 3; /* behind the state letter */
    for (int i = STAT_PPID; i <= STAT_LAST; i++) {
        char *end = NULL;
        fields[i] = strtoll(at, &end, 10);
        if (end == at)
            return -1;
        at = end;
    }
    copy_comm(open, close, out->comm);
    out->ppid = (pid_t)fields[STAT_PPID];
    out->user_ticks = fields[STAT_UTIME];
    out->system_ticks = fields[STAT_STIME];
    out->waited_user_ticks = fields[STAT_CUTIME];
    out->waited_system_ticks = fields[STAT_CSTIME];
    out->threads = fields[STAT_THREADS];
    out->start_ticks = fields[STAT_START];
    out->rss_pages = fields[STAT_RSS];
    return 0;
}

int procfs_stat_read(pid_t pid, struct procfs_stat *out)
{
    char path[PROCFS_PATH_MAX];
    char text[PROCFS_STAT_MAX];
    (void)snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    if (procfs_read(AT_FDCWD, path, text, sizeof text) < 0)
        return -1;
    return procfs_stat_parse(text, out);
}

int64_t procfs_field(const char *text, const char *name)
{
    size_t len = strlen(name);
    for (const char *line = text; line != NULL;) {
        if (strncmp(line, name, len) == 0 && line[len] == ':') {
            char *end = NULL;
            int64_t value = strtoll(line + len + 1, &end, 10);
            return end == line + len + 1 ? -1 : value;
        }
        line = strchr(line, '\n');
        line = line == NULL ? NULL : line + 1;
    }
    return -1;
}

int procfs_status_read(int at_fd, const char *path, struct procfs_status *out)
{
    char text[STATUS_MAX];
    if (procfs_read(at_fd, path, text, sizeof text) <= 0)
        return -1;
    int64_t peak_kib = procfs_field(text, "VmHWM");
    out->rss_peak_bytes = peak_kib < 0 ? -1 : peak_kib * 1024;
    out->switches_voluntary = procfs_field(text, "voluntary_ctxt_switches");
    out->switches_involuntary = procfs_field(text, "nonvoluntary_ctxt_switches");
    return 0;
}

int procfs_schedstat_read(int at_fd, const char *path, struct procfs_schedstat *out)
{
    enum { ON_CORE, WAITING, SLICES, COUNT };
    char text[SCHEDSTAT_MAX];
    int64_t numbers[COUNT] = {0};
    if (procfs_read(at_fd, path, text, sizeof text) <= 0)
        return -1;
    const char *at = text;
    for (size_t i = 0; i < COUNT; i++) {
        char *end = NULL;
        numbers[i] = strtoll(at, &end, 10);
        if (end == at)
            return -1;
        at = end;
    }
    *out = (struct procfs_schedstat){.run_wait_ns = numbers[WAITING], .switches = numbers[SLICES]};
    return 0;
}

double procfs_tick_s(void)
{
    return 1.0 / (double)sysconf(_SC_CLK_TCK);
}

int procfs_ids_open(struct procfs_ids *ids, const char *path)
{
    ids->at = 0;
    ids->len = 0;
    ids->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return ids->fd < 0 ? -1 : 0;
}

pid_t procfs_ids_next(struct procfs_ids *ids)
{
    for (;;) {
        if (ids->at >= ids->len) {
            ssize_t n = getdents64(ids->fd, ids->raw, sizeof ids->raw);
            if (n <= 0)
                return 0;
            ids->at = 0;
            ids->len = (size_t)n;
        }
        const struct dirent64 *entry = (const void *)(ids->raw + ids->at);
        ids->at += entry->d_reclen;
        if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
            return (pid_t)strtol(entry->d_name, NULL, 10);
    }
}

void procfs_ids_close(struct procfs_ids *ids)
{
    if (ids->fd >= 0)
        (void)close(ids->fd);
    ids->fd = -1;
}
