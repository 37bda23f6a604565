/* bench doctor: checks this machine for what is missing or distorts results. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fds.h"
#include "base/mem.h"
#include "base/units.h"
#include "cli/cmd.h"
#include "cli/output.h"
#include "cli/rust_service.h"
#include "model/result.h"
#include "proc/host.h"
#include "proc/ignored_net.h"
#include "proc/programs.h"

enum finding_level { FINDING_OK, FINDING_NOTE, FINDING_BAD };

/* One line per finding; bad ones make runs impossible, notes limit or distort them. */
struct findings {
    struct buf out;
    int bad, notes;
};

__attribute__((format(printf, 4, 5))) static void find(struct findings *f, enum finding_level level,
                                                       const char *name, const char *format, ...)
{
    static const char *const marks[] = {"ok  ", "note", "BAD "};
    char text[400];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    str_make_printable(text, strlen(text));
    f->bad += level == FINDING_BAD;
    f->notes += level == FINDING_NOTE;
    buf_printf(&f->out, "%s  %-14s %s\n", marks[level], name, text);
}

static void check_cores(struct findings *f, const struct environment *e)
{
    find(f, FINDING_OK, "cpu", "%s", e->cpu_model == NULL ? "unknown model" : e->cpu_model);
    if (e->cores_allowed == 1)
        find(f, FINDING_NOTE, "cores",
             "1 usable core: load generator and server share it, so each slows the other");
    else if (e->cores_allowed <= 4)
        find(f, FINDING_NOTE, "cores",
             "%lld usable cores: the load generator takes one away from the server under test",
             (long long)e->cores_allowed);
    else
        find(f, FINDING_OK, "cores", "%lld usable", (long long)e->cores_allowed);
    if (!isnan(e->cpu_quota_cores))
        find(f, FINDING_NOTE, "cpu quota",
             "%.1f cores (cgroup): bursts are throttled, which shows as latency; remove it for "
             "measurements",
             e->cpu_quota_cores);
}

static void check_governor(struct findings *f, const struct environment *e)
{
    if (e->governor == NULL)
        find(f, FINDING_OK, "governor", "not visible (usual in a virtual machine)");
    else if (strcmp(e->governor, "performance") == 0)
        find(f, FINDING_OK, "governor", "performance");
    else
        find(f, FINDING_NOTE, "governor",
             "%s: clock speed varies with load; `cpupower frequency-set -g performance` keeps it "
             "constant",
             e->governor);
}

static void check_machine(struct findings *f, const struct environment *e)
{
    double busy = e->load_average_1m / (double)e->cores_online;
    find(f, busy > 0.5 ? FINDING_NOTE : FINDING_OK, "load", "%.2f over the last minute%s",
         e->load_average_1m,
         busy > 0.5 ? ": other programs are running, results will be noisy" : "");
    struct err err;
    if (fds_reserve(10000, NULL, &err) < 0)
        find(f, FINDING_NOTE, "open files", "%lld, too few for 10,000 connections: %s",
             (long long)e->fd_limit, err.text);
    else
        find(f, FINDING_OK, "open files", "enough for 10,000 connections");
    if (access("/proc/self/schedstat", R_OK) != 0)
        find(f, FINDING_NOTE, "schedstat", "missing: CPU wait cannot be measured");
}

static void check_programs(struct findings *f)
{
    static const struct {
        const char *program, *package, *without;
    } wanted[] = {
        {"gnuplot", "gnuplot-nox", "no pictures"},
        {"node", "nodejs", "no comparison with the original Node.js programs"},
        {"npm", "npm", "no comparison with the original Node.js programs"},
        {"redis-server", "redis-server", "no comparison with the original BullMQ program"},
        {"mpirun", "openmpi-bin", "no load from several hosts (--hosts)"},
    };
    struct err err;
    char *target = program_find("bench-target", &err);
    if (target == NULL)
        find(f, FINDING_BAD, "bench-target", "%s", err.text);
    else
        find(f, FINDING_OK, "bench-target", "%s", target);
    free(target);
    for (size_t i = 0; i < LEN(wanted); i++) {
        char *path = program_in_path(wanted[i].program);
        if (path != NULL)
            find(f, FINDING_OK, wanted[i].program, "found");
        else
            find(f, FINDING_NOTE, wanted[i].program, "not found: %s; `apt-get install %s`",
                 wanted[i].without, wanted[i].package);
        free(path);
    }
    char net[IF_NAMESIZE];
    if (ignored_net(NULL, net))
        find(f, FINDING_NOTE, "network",
             "only on %s: Open MPI uses no interface whose name begins with vir, so --hosts does "
             "not reach other machines; rename it (ip link set %s name br0, while it is down)",
             net, net);
    char *rank = program_find("bench-rank", &err);
    if (rank != NULL)
        find(f, FINDING_OK, "bench-rank", "%s", rank);
    else
        find(f, FINDING_NOTE, "bench-rank",
             "not found: no load from several hosts (--hosts); install the package bench-rank, or "
             "libopenmpi-dev before the build");
    free(rank);
    if (rust_service_look(&err) == 0)
        find(f, FINDING_OK, "cargo", "found, with the crates of the original Rust service");
    else
        find(f, FINDING_NOTE, "cargo", "no comparison with the original Rust service: %s",
             err.text);
}

static int doctor_exec(void *options, const struct opt_line *line, struct err *err)
{
    (void)options;
    (void)line;
    struct findings f = {0};
    struct result r;
    result_init(&r);
    host_fill(&r.environment);
    buf_init(&f.out, BUF_TEXT_MAX);
    check_cores(&f, &r.environment);
    check_governor(&f, &r.environment);
    check_machine(&f, &r.environment);
    check_programs(&f);
    int failed = output_text(&f.out, err);
    result_fini(&r);
    buf_fini(&f.out);
    if (failed < 0)
        return -1;
    if (f.bad > 0)
        return err_set(err, ERR_USAGE,
                       "this machine cannot run all of bench: see the lines marked BAD");
    return 0;
}

const struct cmd cmd_doctor = {
    .name = "doctor",
    .args = "",
    .help = "Check this machine for anything that is missing or distorts results.",
    .options_size = 1,
    .exec = doctor_exec,
};
