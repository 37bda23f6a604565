#include "proc/cgroup.h"

#include <fcntl.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/procfs.h"

/* One folder's limit; NAN for none. */
typedef double (*quota_fn)(const char *folder);

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

/* The lowest quota of the folders from mount + path up to mount. Folders that do not exist are
 * skipped: a container may see the host's name of its group. */
static double tightest(const char *mount, const char *path, quota_fn quota)
{
    char *folder = mem_printf("%s%s", mount, path);
    size_t root = strlen(mount);
    double least = NAN;
    for (size_t len = strlen(folder); len >= root;) {
        folder[len] = '\0';
        least = fmin(least, quota(folder)); /* fmin passes over a NAN */
        const char *slash = memrchr(folder, '/', len);
        if (slash == NULL)
            break;
        len = (size_t)(slash - folder);
    }
    free(folder);
    return least;
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
    double least = NAN;
    const char *first = memchr(line, ':', len);
    const char *end = line + len;
    const char *second = first == NULL ? NULL : memchr(first + 1, ':', (size_t)(end - first - 1));
    if (second == NULL)
        return NAN;
    char *path = mem_strndup(second + 1, (size_t)(end - second - 1));
    char *legacy = mem_printf("%s/cpu", mount); /* a link to it when it is mounted as cpu,cpuacct */
    if (second == first + 1)
        least = tightest(mount, path, quota_v2);
    else if (has_controller(first + 1, (size_t)(second - first - 1), "cpu"))
        least = tightest(legacy, path, quota_v1);
    free(legacy);
    free(path);
    return least;
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
