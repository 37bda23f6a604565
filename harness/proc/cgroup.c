#include "proc/cgroup.h"

#include <fcntl.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/procfs.h"

/* What one folder says; NAN for nothing. */
typedef double (*folder_fn)(const char *folder);
/* What two folders say together; either may be NAN. */
typedef double (*join_fn)(double a, double b);

/* One question to all groups of a process. */
struct question {
    folder_fn v1, v2;
    join_fn join;
};

/* Reads up to two numbers from the file folder/name; a missing one, or "max", gives 0. */
static void read_numbers(const char *folder, const char *name, double out[2])
{
    char text[64] = "";
    char *path = mem_printf("%s/%s", folder, name);
    char *end = NULL;
    (void)procfs_read(AT_FDCWD, path, text, sizeof text);
    free(path);
    out[0] = strtod(text, &end);
    out[1] = strtod(end, NULL);
}

static double cores(double quota_us, double period_us)
{
    return quota_us > 0 && period_us > 0 ? quota_us / period_us : NAN;
}

/* "150000 100000" or "max 100000" */
static double quota_v2(const char *folder)
{
    double numbers[2];
    read_numbers(folder, "cpu.max", numbers);
    return cores(numbers[0], numbers[1]);
}

/* The quota is -1 for none. */
static double quota_v1(const char *folder)
{
    double quota[2];
    double period[2];
    read_numbers(folder, "cpu.cfs_quota_us", quota);
    read_numbers(folder, "cpu.cfs_period_us", period);
    return cores(quota[0], period[0]);
}

/* One line of cpu.stat. */
static double stat_field(const char *folder, const char *name, double unit_s)
{
    char text[1024];
    char *path = mem_printf("%s/cpu.stat", folder);
    const char *line = procfs_read(AT_FDCWD, path, text, sizeof text) <= 0 ? NULL : text;
    size_t len = strlen(name);
    free(path);
    while (line != NULL && (strncmp(line, name, len) != 0 || line[len] != ' ')) {
        line = strchr(line, '\n');
        line = line == NULL ? NULL : line + 1;
    }
    return line == NULL ? NAN : strtod(line + len, NULL) * unit_s;
}

static double throttled_v2(const char *folder)
{
    return stat_field(folder, "throttled_usec", 1e-6);
}

static double throttled_v1(const char *folder)
{
    return stat_field(folder, "throttled_time", 1e-9);
}

static double sum(double a, double b)
{
    return isnan(a) ? b : a + (isnan(b) ? 0 : b);
}

/* What the folders from mount + path up to mount say together. Folders that do not exist are
 * skipped: a container may see the host's name of its group. */
static double ask_all(const char *mount, const char *path, folder_fn ask, join_fn join)
{
    char *folder = mem_printf("%s%s", mount, path);
    size_t root = strlen(mount);
    double answer = NAN;
    for (size_t len = strlen(folder); len >= root;) {
        folder[len] = '\0';
        answer = join(answer, ask(folder));
        const char *slash = memrchr(folder, '/', len);
        if (slash == NULL)
            break;
        len = (size_t)(slash - folder);
    }
    free(folder);
    return answer;
}

/* True when `name` is one of the comma-separated controllers. */
static bool has_controller(const char *list, size_t len, const char *name)
{
    size_t want = strlen(name);
    while (len > 0) {
        size_t part = 0;
        while (part < len && list[part] != ',')
            part++;
        if (part == want && strncmp(list, name, want) == 0)
            return true;
        size_t step = part < len ? part + 1 : part;
        list += step;
        len -= step;
    }
    return false;
}

/* "4:cpu,cpuacct:/group" of version 1 or "0::/group" of version 2. */
static double ask_line(const char *line, size_t len, const char *mount, const struct question *q)
{
    double answer = NAN;
    const char *first = memchr(line, ':', len);
    const char *end = line + len;
    const char *second = first == NULL ? NULL : memchr(first + 1, ':', (size_t)(end - first - 1));
    if (second == NULL)
        return NAN;
    char *path = mem_strndup(second + 1, (size_t)(end - second - 1));
    char *legacy = mem_printf("%s/cpu", mount); /* a link to it when it is mounted as cpu,cpuacct */
    if (second == first + 1)
        answer = ask_all(mount, path, q->v2, q->join);
    else if (has_controller(first + 1, (size_t)(second - first - 1), "cpu"))
        answer = ask_all(legacy, path, q->v1, q->join);
    free(legacy);
    free(path);
    return answer;
}

static double ask_groups(const char *membership, const char *mount, const struct question *q)
{
    double answer = NAN;
    while (*membership != '\0') {
        size_t len = strcspn(membership, "\n");
        answer = q->join(answer, ask_line(membership, len, mount, q));
        membership += len + (membership[len] == '\n' ? 1 : 0);
    }
    return answer;
}

double cgroup_cpu_quota_cores(const char *membership, const char *mount)
{
    /* fmin passes over a NAN */
    return ask_groups(membership, mount, &(struct question){quota_v1, quota_v2, fmin});
}

double cgroup_throttled_s(const char *membership, const char *mount)
{
    return ask_groups(membership, mount, &(struct question){throttled_v1, throttled_v2, sum});
}
