/* cgroup: how many cores a control group lets this process use, and how long it held it back.
 *
 * Shape   both versions; the tightest limit on the way from the process's group to the root holds,
 *         and each of them may hold it back.
 *         The root folders are parameters so that a test can bring its own.
 * Units   cores: 1.5 is one and a half.
 * Errors  NAN: no limit, or none that can be read.
 * Source  cgroups(7); cpu.max and cpu.stat (v2), cpu.cfs_quota_us, cpu.cfs_period_us and cpu.stat
 *         (v1).
 */
#ifndef PROC_CGROUP_H
#define PROC_CGROUP_H

/* membership: the text of /proc/self/cgroup; mount: "/sys/fs/cgroup". */
double cgroup_cpu_quota_cores(const char *membership, const char *mount);
/* For how long quotas kept threads from running, summed over the cores, since the groups were made,
 * in seconds; NAN: no group counts it. */
double cgroup_throttled_s(const char *membership, const char *mount);

#endif
