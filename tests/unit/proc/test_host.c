/* host and cgroup: the machine's facts, against what the same machine says elsewhere. */
#include <fcntl.h>
#include <math.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <uv.h>

#include <cmocka.h>

#include "base/mem.h"
#include "proc/cgroup.h"
#include "proc/host.h"

static void the_environment_is_this_machine(void **state)
{
    (void)state;
    struct result r;
    struct utsname name;
    struct rlimit limit;
    result_init(&r);
    struct environment *e = &r.environment;
    host_fill(e);
    assert_int_equal(uname(&name), 0);
    assert_string_equal(e->hostname, name.nodename);
    assert_string_equal(e->arch, name.machine);
    assert_non_null(strstr(e->kernel, name.release));
    assert_string_equal(e->libuv_version, uv_version_string());
    assert_true(e->cores_online >= 1);
    assert_in_range(e->cores_allowed, 1, e->cores_online);
    assert_true(e->memory_bytes > (int64_t)64 << 20);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    assert_int_equal(e->fd_limit, limit.rlim_cur);
    assert_true(e->load_average_1m >= 0);
    assert_true(isnan(e->cpu_quota_cores) || e->cpu_quota_cores > 0);
    result_fini(&r);
}

static void affinity_narrows_the_cores(void **state)
{
    (void)state;
    struct result r;
    cpu_set_t before;
    cpu_set_t one;
    int cpu = sched_getcpu();
    assert_true(cpu >= 0);
    assert_int_equal(sched_getaffinity(0, sizeof before, &before), 0);
    CPU_ZERO(&one);
    CPU_SET((size_t)cpu, &one);
    assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
    result_init(&r);
    host_fill(&r.environment);
    assert_int_equal(r.environment.cores_allowed, 1);
    result_fini(&r);
    assert_int_equal(sched_setaffinity(0, sizeof before, &before), 0);
}

/* --- cgroup: folders of our own --- */

static void put(const char *mount, const char *folder, const char *name, const char *text)
{
    char path[256];
    for (const char *at = strchr(folder, '/'); at != NULL; at = strchr(at + 1, '/')) {
        (void)snprintf(path, sizeof path, "%s/%.*s", mount, (int)(at - folder), folder);
        (void)mkdir(path, 0700);
    }
    (void)snprintf(path, sizeof path, "%s/%s%s", mount, folder, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    (void)close(fd);
}

static void the_tightest_quota_holds(void **state)
{
    static const struct {
        const char *membership;
        double want; /* 0: none */
    } cases[] = {
        {"0::/\n", 0},
        {"0::/a\n", 2},
        {"0::/a/b\n", 1.5},
        {"0::/a/free\n", 2},
        {"0::/a/not/there\n", 2},
        {"0::/free\n", 0},
        {"4:memory:/v1\n3:cpu,cpuacct:/v1\n", 0.5},
        {"3:cpuset,cpuacct:/v1\n", 0},
        {"7:cpu:/v1/unlimited\n0::/a\n", 0.5},
        {"", 0},
        {"nonsense\n:\n::\n", 0},
        {"0::/garbage\n", 0},
    };
    (void)state;
    char mount[] = "/tmp/bench-cgroup-XXXXXX";
    assert_non_null(mkdtemp(mount));
    put(mount, "a/", "cpu.max", "200000 100000\n");
    put(mount, "a/b/", "cpu.max", "150000 100000\n");
    put(mount, "a/free/", "cpu.max", "max 100000\n");
    put(mount, "free/", "cpu.max", "max 100000\n");
    put(mount, "garbage/", "cpu.max", "100000");
    put(mount, "cpu/v1/", "cpu.cfs_quota_us", "50000\n");
    put(mount, "cpu/v1/", "cpu.cfs_period_us", "100000\n");
    put(mount, "cpu/v1/unlimited/", "cpu.cfs_quota_us", "-1\n");
    put(mount, "cpu/v1/unlimited/", "cpu.cfs_period_us", "100000\n");
    for (size_t i = 0; i < LEN(cases); i++) {
        double got = cgroup_cpu_quota_cores(cases[i].membership, mount);
        if (cases[i].want == 0 ? !isnan(got) : got != cases[i].want)
            fail_msg("case %zu: %g", i, got);
    }
    static const char *const leftovers[] = {"a/cpu.max",
                                            "a/b/cpu.max",
                                            "a/b",
                                            "a/free/cpu.max",
                                            "a/free",
                                            "a",
                                            "free/cpu.max",
                                            "free",
                                            "garbage/cpu.max",
                                            "garbage",
                                            "cpu/v1/unlimited/cpu.cfs_quota_us",
                                            "cpu/v1/unlimited/cpu.cfs_period_us",
                                            "cpu/v1/unlimited",
                                            "cpu/v1/cpu.cfs_quota_us",
                                            "cpu/v1/cpu.cfs_period_us",
                                            "cpu/v1",
                                            "cpu",
                                            ""};
    for (size_t i = 0; i < LEN(leftovers); i++) {
        char path[256];
        (void)snprintf(path, sizeof path, "%s/%s", mount, leftovers[i]);
        assert_int_equal(remove(path), 0);
    }
}

static void what_was_throttled_adds_up(void **state)
{
    static const struct {
        const char *membership;
        double want; /* below 0: not known */
    } cases[] = {
        {"0::/\n", -1},
        {"0::/a\n", 1.5},
        {"0::/a/b\n", 1.75},
        {"0::/a/none\n", 1.5},
        {"4:cpu:/v1\n", 0.25},
        {"4:memory:/v1\n", -1},
        {"", -1},
    };
    (void)state;
    char mount[] = "/tmp/bench-cgroup-XXXXXX";
    assert_non_null(mkdtemp(mount));
    put(mount, "a/", "cpu.stat", "usage_usec 9\nnr_throttled 3\nthrottled_usec 1500000\n");
    put(mount, "a/b/", "cpu.stat", "throttled_usec 250000\n");
    put(mount, "a/none/", "cpu.stat", "usage_usec 9\nnot_throttled_usec 7\n");
    put(mount, "cpu/v1/", "cpu.stat", "nr_periods 1\nthrottled_time 250000000\n");
    for (size_t i = 0; i < LEN(cases); i++) {
        double got = cgroup_throttled_s(cases[i].membership, mount);
        if (cases[i].want < 0 ? !isnan(got) : fabs(got - cases[i].want) > 1e-9)
            fail_msg("case %zu: %g", i, got);
    }
    static const char *const leftovers[] = {"a/b/cpu.stat", "a/b", "a/none/cpu.stat", "a/none",
                                            "a/cpu.stat",   "a",   "cpu/v1/cpu.stat", "cpu/v1",
                                            "cpu",          ""};
    for (size_t i = 0; i < LEN(leftovers); i++) {
        char path[256];
        (void)snprintf(path, sizeof path, "%s/%s", mount, leftovers[i]);
        assert_int_equal(remove(path), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_environment_is_this_machine),
        cmocka_unit_test(affinity_narrows_the_cores),
        cmocka_unit_test(the_tightest_quota_holds),
        cmocka_unit_test(what_was_throttled_adds_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
