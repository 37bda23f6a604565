/* sampler: what a target's processes cost, read from /proc while a run is on.
 *
 * Shape   all descendants of the guard; guards among them are left out. sampler_fast, for 20 Hz,
 *         reads one small file per process; sampler_slow, for 1 Hz, also finds new processes and
 *         reads every thread. The window's edges take a slow sample each, and the figures of
 *         sampler_costs are differences between them. After the window nothing is sampled.
 * Units   CPU in seconds, to the kernel's tick of 10 ms.
 * Owner   sampler_new gives the sampler to the caller; the texts of sampler_add_role are borrowed.
 * Errors  none: a process that ends keeps its last figures. The total's CPU also counts processes
 *         too short-lived to be seen, through the parents that waited for them. Switches and
 *         run-queue wait miss what threads gained between their last sample and their end, so
 *         every row says live_threads_only. At most SAMPLER_PROCESSES_MAX processes have rows.
 * Source  proc(5).
 */
#ifndef PROC_SAMPLER_H
#define PROC_SAMPLER_H

#include <stdint.h>
#include <sys/types.h>

#include "model/result.h"
#include "proc/threads.h"

#define SAMPLER_PROCESSES_MAX 512

/* Of all processes together; CPU, wait and switches since they started, never decreasing. */
struct sample {
    double cpu_s; /* the sum of the next two */
    double user_s, system_s;
    int64_t rss_bytes; /* now */
    int64_t threads;   /* now */
    double run_wait_s; /* of the last slow sample, as are the switches */
    int64_t switches;  /* voluntary and involuntary */
};

struct sampler;

struct sampler *sampler_new(pid_t guard_pid);
void sampler_free(struct sampler *s); /* NULL is fine */
/* How a process of this name (at most 15 bytes count) is called in the result. Without one, the
 * guard's child is the "target" and any other goes by its name. */
void sampler_add_role(struct sampler *s, const char *comm, const char *role);
/* The guard's child is the /bin/sh of a command: once it has children, it does not count as a
 * process of the server. The processes that it waited for do. */
void sampler_leave_out_shell(struct sampler *s);
void sampler_fast(struct sampler *s);
void sampler_slow(struct sampler *s);
void sampler_open_window(struct sampler *s);
void sampler_close_window(struct sampler *s);
struct sample sampler_now(const struct sampler *s); /* of the last samples; reads nothing */
/* The part of one process in that; zero for one that is not among them. */
struct thread_figures sampler_threads(const struct sampler *s, int64_t pid);
/* Adds result.server: one row per process that lived in the window, and the total. r->accounting
 * must be filled before, for the CPU per request. A peak of the total is the highest sum of one
 * moment, so it may be below the sum of the processes' peaks. */
void sampler_costs(const struct sampler *s, struct result *r);

#endif
