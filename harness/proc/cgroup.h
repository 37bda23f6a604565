/* cgroup: how many cores a control group lets this process use.
 *
 * Shape   both versions; the tightest limit on the way from the process's group to the root holds.
 *         The root folders are parameters so that a test can bring its own.
 * Units   cores: 1.5 is one and a half.
 * Errors  NAN: no limit, or none that can be read.
 * Source  cgroups(7); cpu.max (v2), cpu.cfs_quota_us and cpu.cfs_period_us (v1).
 */
#ifndef PROC_CGROUP_H
#define PROC_CGROUP_H

/* membership: the text of /proc/self/cgroup; mount: "/sys/fs/cgroup". */
double cgroup_cpu_quota_cores(const char *membership, const char *mount);

#endif
