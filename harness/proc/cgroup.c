#include "proc/cgroup.h"

#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proc/procfs.h"

/* One folder's limit; NAN for none. */
typedef double (*quota_fn)(const char *folder);

/* "150000 100000" or "max 100000" */
static double quota_v2(const char *folder)
{
    char path[PATH_MAX];
    char text[64];
    (void)snprintf(path, sizeof path, "%s/cpu.max", folder);
    if (procfs_read(AT_FDCWD, path, text, sizeof text) <= 0)
        return NAN;
    char *end = NULL;
    double quota = strtod(text, &end);
    if (end == text)
        return NAN;
    double period = strtod(end, NULL);
    return quota > 0 && period > 0 ? quota / period : NAN;
}

static double number_in(const char *folder, const char *name)
{
    char path[PATH_MAX];
    char text[64];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return procfs_read(AT_FDCWD, path, text, sizeof text) <= 0 ? NAN : strtod(text, NULL);
}

/* The quota is -1 for none. */
static double quota_v1(const char *folder)
{
    double quota = number_in(folder, "cpu.cfs_quota_us");
    double period = number_in(folder, "cpu.cfs_period_us");
    return quota > 0 && period > 0 ? quota / period : NAN;
}

/* From mount + path up to mount. A path that is not there (a container that sees the host's name
 * of its group) answers nothing until the walk reaches a folder that is. */
static double tightest(const char *mount, const char *path, quota_fn quota)
{
    char folder[PATH_MAX];
    double least = NAN;
    size_t root = strlen(mount);
    (void)snprintf(folder, sizeof folder, "%s%s", mount, path);
    for (;;) {
        least = fmin(least, quota(folder)); /* fmin passes over a NAN */
        char *slash = strrchr(folder, '/');
        if (slash == NULL || (size_t)(slash - folder) < root)
            return least;
        *slash = '\0';
    }
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
static double line_quota(const char *line, size_t len, const char *mount)
{
    char path[PATH_MAX];
    char folder[PATH_MAX];
    const char *first = memchr(line, ':', len);
    const char *end = line + len;
    const char *second = first == NULL ? NULL : memchr(first + 1, ':', (size_t)(end - first - 1));
    if (second == NULL)
        return NAN;
    (void)snprintf(path, sizeof path, "%.*s", (int)(end - second - 1), second + 1);
    if (second == first + 1)
        return tightest(mount, path, quota_v2);
    if (!has_controller(first + 1, (size_t)(second - first - 1), "cpu"))
        return NAN;
    (void)snprintf(folder, sizeof folder, "%s/cpu", mount); /* also where cpu,cpuacct is linked */
    return tightest(folder, path, quota_v1);
}

double cgroup_cpu_quota_cores(const char *membership, const char *mount)
{
    double least = NAN;
    while (*membership != '\0') {
        size_t len = strcspn(membership, "\n");
        least = fmin(least, line_quota(membership, len, mount));
        membership += len + (membership[len] == '\n' ? 1 : 0);
    }
    return least;
}
