#include "cli/packages.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "proc/programs.h"
#include "proc/step.h"

#define LOOK_LIMIT_NS    (20 * NS_PER_S)
#define INSTALL_LIMIT_NS (300 * NS_PER_S)
#define HOLD_LIMIT_NS    (120 * NS_PER_S)

static char env_program[] = "/usr/bin/env";
static char node[] = "node";
static char option_e[] = "-e";

static int look_for_node(int *out_signal, struct err *err)
{
    static char script[] = "if (parseInt(process.versions.node) < 18) {"
                           " console.error('node ' + process.version + ' is too old: 18 or later');"
                           " process.exit(1) }";
    char *argv[] = {env_program, node, option_e, script, NULL};
    return step_run(&(struct step_spec){.name = "node",
                                        .argv = argv,
                                        .install = "apt-get install nodejs npm",
                                        .limit_ns = LOOK_LIMIT_NS},
                    out_signal, err);
}

/* npm writes the second file when it has installed everything in the first. */
static bool is_recent(const char *folder)
{
    struct stat wanted;
    struct stat there;
    char *lock = mem_printf("%s/package-lock.json", folder);
    char *done = mem_printf("%s/node_modules/.package-lock.json", folder);
    bool fits =
        stat(lock, &wanted) == 0 && stat(done, &there) == 0 && there.st_mtime >= wanted.st_mtime;
    free(lock);
    free(done);
    return fits;
}

/* Part of it may have been deleted since, so all packages are loaded once. */
static bool is_installed(char *folder, int *out_signal)
{
    static char script[] = "process.chdir(process.argv[1]);"
                           "const from = require('module').createRequire(process.cwd() + '/x');"
                           "Object.keys(from('./package.json').dependencies).forEach(from)";
    char *argv[] = {env_program, node, option_e, script, folder, NULL};
    struct err err;
    return is_recent(folder) &&
           step_run(&(struct step_spec){.name = node, .argv = argv, .limit_ns = LOOK_LIMIT_NS},
                    out_signal, &err) == 0;
}

static int run_npm(char *folder, int *out_signal, struct err *err)
{
    static char npm[] = "npm";
    static char ci[] = "ci";
    static char prefix[] = "--prefix";
    static char no_audit[] = "--no-audit";
    static char no_fund[] = "--no-fund";
    static char retries[] = "--fetch-retries=1";
    char *argv[] = {env_program, npm, ci, no_audit, no_fund, retries, prefix, folder, NULL};
    log_say("installing the npm packages of the originals in %s (only once)", folder);
    return step_run(&(struct step_spec){.name = "npm",
                                        .argv = argv,
                                        .install = "apt-get install npm",
                                        .limit_ns = INSTALL_LIMIT_NS},
                    out_signal, err);
}

/* Any process that can read the file can hold the lock, so waiting is limited. */
static int hold(int fd, int how, const char *for_what, struct err *err)
{
    static const struct timespec pause = {.tv_nsec = 100 * NS_PER_MS};
    int64_t end_ns = clock_now_ns() + HOLD_LIMIT_NS;
    bool is_told = false;
    while (flock(fd, how | LOCK_NB) < 0) {
        int why = errno;
        if (why != EWOULDBLOCK && why != EINTR)
            return err_set(err, ERR_USAGE,
                           "cannot lock the originals' package.json: %s; install bench on a file "
                           "system that can lock files",
                           strerrordesc_np(why));
        if (clock_now_ns() >= end_ns)
            return err_set(err, ERR_USAGE, "waited %lld s until %s",
                           (long long)(HOLD_LIMIT_NS / NS_PER_S), for_what);
        if (!is_told)
            log_say("waiting until %s", for_what);
        is_told = true;
        (void)nanosleep(&pause, NULL);
    }
    return 0;
}

static int hold_shared(int fd, struct err *err)
{
    return hold(fd, LOCK_SH, "another bench has installed the originals' packages", err);
}

/* A shared lock to use the packages, an exclusive one to install them. */
static int install(char *folder, int fd, int *out_signal, struct err *err)
{
    if (hold_shared(fd, err) < 0)
        return -1;
    if (is_installed(folder, out_signal) || *out_signal != 0)
        return *out_signal == 0 ? 0 : err_set(err, ERR_INTERRUPTED, "interrupted");
    if (hold(fd, LOCK_EX, "no other comparison uses the originals' packages", err) < 0)
        return -1;
    bool is_there = is_installed(folder, out_signal); /* another process may have installed them */
    int failed = 0;
    if (*out_signal != 0)
        failed = err_set(err, ERR_INTERRUPTED, "interrupted");
    else if (!is_there)
        failed = run_npm(folder, out_signal, err);
    if (failed < 0 && *out_signal == 0)
        return err_wrap(err, "their packages (npm ci --prefix %s)", folder);
    return failed < 0 ? -1 : hold_shared(fd, err);
}

int packages_hold(const char *name, int *out_fd, int *out_signal, struct err *err)
{
    *out_fd = -1;
    *out_signal = 0;
    if (look_for_node(out_signal, err) < 0)
        return -1;
    char *folder = program_data_find(name, err);
    if (folder == NULL)
        return -1;
    char *path = mem_printf("%s/package.json", folder);
    *out_fd = open(path, O_RDONLY | O_CLOEXEC);
    int failed = *out_fd < 0 ? err_set(err, ERR_USAGE, "cannot read %s; reinstall bench", path)
                             : install(folder, *out_fd, out_signal, err);
    free(path);
    free(folder);
    if (failed < 0 && *out_fd >= 0) {
        (void)close(*out_fd); /* releases the lock for others */
        *out_fd = -1;
    }
    return failed;
}
