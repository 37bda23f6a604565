#include "proc/host.h"

#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <uv.h>

#include "base/mem.h"
#include "base/procfs.h"
#include "proc/cgroup.h"
#include "proc/cores.h"

#define TEXT_MAX 16384

/* The value of "name<blanks><sep> value" in a text of lines, without quotes; NULL when absent. */
static char *line_value(const char *text, const char *name, char sep)
{
    size_t len = strlen(name);
    const char *line = text;
    while (line != NULL && strncmp(line, name, len) != 0) {
        line = strchr(line, '\n');
        line = line == NULL ? NULL : line + 1;
    }
    if (line == NULL)
        return NULL;
    const char *value = line + len;
    value += strspn(value, " \t");
    if (*value != sep)
        return NULL;
    value++;
    value += strspn(value, " \t\"");
    return mem_strndup(value, strcspn(value, "\"\n"));
}

static char *file_value(const char *path, const char *name, char sep)
{
    char text[TEXT_MAX];
    return procfs_read(AT_FDCWD, path, text, sizeof text) <= 0 ? NULL : line_value(text, name, sep);
}

static char *first_line(const char *path)
{
    char text[256];
    if (procfs_read(AT_FDCWD, path, text, sizeof text) <= 0)
        return NULL;
    return mem_strndup(text, strcspn(text, "\n"));
}

/* x86 calls it "model name"; arm64 often says nothing there, but some boards name the "Model". */
static char *cpu_model(void)
{
    char *model = file_value("/proc/cpuinfo", "model name", ':');
    return model != NULL ? model : file_value("/proc/cpuinfo", "Model", ':');
}

double host_cpu_quota_cores(void)
{
    char text[TEXT_MAX];
    if (procfs_read(AT_FDCWD, "/proc/self/cgroup", text, sizeof text) <= 0)
        return NAN;
    return cgroup_cpu_quota_cores(text, "/sys/fs/cgroup");
}

static int64_t memory_field(const char *name)
{
    char text[TEXT_MAX];
    if (procfs_read(AT_FDCWD, "/proc/meminfo", text, sizeof text) <= 0)
        return MISSING;
    int64_t kib = procfs_field(text, name);
    return kib < 0 ? MISSING : kib * 1024;
}

int64_t host_memory_available_bytes(void)
{
    return memory_field("MemAvailable");
}

int64_t host_fd_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return MISSING;
    return limit.rlim_cur > INT64_MAX ? INT64_MAX : (int64_t)limit.rlim_cur;
}

void host_fill(struct environment *e)
{
    struct utsname name;
    double loads[1];
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    *e = (struct environment){
        .os = file_value("/etc/os-release", "PRETTY_NAME", '='),
        .cpu_model = cpu_model(),
        .governor = first_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
        .cores_online = online < 1 ? MISSING : online,
        .cores_allowed = cores_allowed(),
        .cpu_quota_cores = host_cpu_quota_cores(),
        .memory_bytes = memory_field("MemTotal"),
        .fd_limit = host_fd_limit(),
        .load_average_1m = getloadavg(loads, 1) == 1 ? loads[0] : NAN,
        .libuv_version = mem_strdup(uv_version_string()),
    };
    if (uname(&name) < 0)
        return;
    e->hostname = mem_strdup(name.nodename);
    e->kernel = mem_printf("%s %s", name.sysname, name.release);
    e->arch = mem_strdup(name.machine);
}
