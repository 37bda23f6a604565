/* procfs: reads /proc without allocating, so that the guard may use it too.
 *
 * Shape   one call reads one small file; ids iterates over the numbers in a folder: processes in
 *         /proc, threads in /proc/PID/task.
 * Units   CPU times of a stat in clock ticks as the kernel gives them (procfs_tick_s converts).
 * Owner   the caller's storage; an open struct procfs_ids holds one descriptor.
 * Errors  -1 when the process is gone or the text is not what the kernel writes; no message.
 * Source  proc(5): /proc/PID/stat, status and schedstat.
 */
#ifndef BASE_PROCFS_H
#define BASE_PROCFS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PROCFS_STAT_MAX 1024
#define PROCFS_COMM_MAX 16
#define PROCFS_PATH_MAX 64

struct procfs_stat {
    char comm[PROCFS_COMM_MAX];
    pid_t ppid;
    int64_t user_ticks, system_ticks;
    int64_t waited_user_ticks, waited_system_ticks; /* of children that ended and were waited for */
    int64_t threads;
    int64_t start_ticks; /* with the pid it identifies a process */
    int64_t rss_pages;
};

/* The whole file, cut at size - 1 and NUL-terminated; its length, or -1. at_fd: as in openat. */
ssize_t procfs_read(int at_fd, const char *path, char *text, size_t size);
int procfs_stat_parse(const char *text, struct procfs_stat *out);
int procfs_stat_read(pid_t pid, struct procfs_stat *out);

/* Of a process, or of one thread: "/proc/self/status", "TID/status" below a folder of threads. */
struct procfs_status {
    int64_t rss_peak_bytes; /* VmHWM; each is -1 where the file does not have it */
    int64_t switches_voluntary, switches_involuntary;
};
int procfs_status_read(int at_fd, const char *path, struct procfs_status *out);

/* Of one thread; of a process it is that of its first thread. */
struct procfs_schedstat {
    int64_t run_wait_ns; /* ready to run while no core was free */
    int64_t switches;    /* time slices: one for each switch to the thread */
};
int procfs_schedstat_read(int at_fd, const char *path, struct procfs_schedstat *out);

/* The number behind "Name:" in a text of such lines, without its unit; -1 when it is not there. */
int64_t procfs_field(const char *text, const char *name);
double procfs_tick_s(void);

struct procfs_ids {
    int fd;
    size_t at, len;
    _Alignas(8) char raw[8192];
};

int procfs_ids_open(struct procfs_ids *ids, const char *path);
pid_t procfs_ids_next(struct procfs_ids *ids); /* 0 at the end */
void procfs_ids_close(struct procfs_ids *ids);

#endif
