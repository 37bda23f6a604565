#include "cli/packages.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "cli/first_use.h"
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
    int failed = step_run(&(struct step_spec){.name = "npm",
                                              .argv = argv,
                                              .install = "apt-get install npm",
                                              .limit_ns = INSTALL_LIMIT_NS},
                          out_signal, err);
    return failed < 0 && *out_signal == 0
               ? err_wrap(err, "their packages (npm ci --prefix %s)", folder)
               : failed;
}

int packages_hold(int *out_fd, int *out_signal, struct err *err)
{
    static const struct first_use packages = {
        .folder = "originals",
        .locked = "package.json",
        .name = "the originals' packages",
        .made = "installed",
        .wait_limit_ns = HOLD_LIMIT_NS,
        .is_there = is_installed,
        .make = run_npm,
    };
    *out_fd = -1;
    *out_signal = 0;
    if (look_for_node(out_signal, err) < 0)
        return -1;
    return first_use_hold(&packages, out_fd, out_signal, err);
}
