#include "cli/originals.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "cli/step.h"
#include "model/claims.h"
#include "proc/cores.h"
#include "proc/programs.h"

#define FOLDER           "originals"
#define LOOK_LIMIT_NS    (20 * NS_PER_S)
#define INSTALL_LIMIT_NS (300 * NS_PER_S)

/* What a program takes beside the work. */
enum takes { TAKES_NOTHING, TAKES_FANOUT, TAKES_POOL, TAKES_COMPUTE, TAKES_REDIS };

static const struct original {
    struct arm_spec spec;
    enum takes takes;
} originals[ORIGINALS_MAX] = {
    {{.name = ARM_EXPRESS_INLINE, .original = ARM_EXPRESS_INLINE}, TAKES_NOTHING},
    {{.name = ARM_EXPRESS_THREADS, .original = ARM_EXPRESS_THREADS}, TAKES_FANOUT},
    {{.name = ARM_EXPRESS_PISCINA, .original = ARM_EXPRESS_PISCINA}, TAKES_POOL},
    {{.name = ARM_EXPRESS_COMPUTE, .original = ARM_EXPRESS_COMPUTE}, TAKES_COMPUTE},
    {{.name = ARM_EXPRESS_QUEUE, .original = ARM_EXPRESS_QUEUE}, TAKES_REDIS},
    {{.name = ARM_EXPRESS_QUEUE_X10, .original = ARM_EXPRESS_QUEUE, .work_times = ARTICLE_LARGER},
     TAKES_REDIS},
};

/* ---- what they need ---- */

static char env_program[] = "/usr/bin/env";

static int look_for_node(int *out_signal, struct err *err)
{
    static char node[] = "node";
    static char option[] = "-e";
    static char script[] = "if (parseInt(process.versions.node) < 18) {"
                           " console.error('node ' + process.version + ' is too old: 18 or later');"
                           " process.exit(1) }";
    char *argv[] = {env_program, node, option, script, NULL};
    return step_run(&(struct step_spec){.name = "node",
                                        .argv = argv,
                                        .install = "apt-get install nodejs npm",
                                        .limit_ns = LOOK_LIMIT_NS},
                    out_signal, err);
}

static int look_for_redis(struct err *err)
{
    char *path = program_in_path("redis-server");
    if (path == NULL)
        return err_set(err, ERR_USAGE,
                       "redis-server is not installed: apt-get install redis-server");
    free(path);
    return 0;
}

/* npm writes the second one when all of the first is there. */
static bool is_installed(const char *folder)
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

static int run_npm(char *folder, int *out_signal, struct err *err)
{
    static char npm[] = "npm";
    static char ci[] = "ci";
    static char prefix[] = "--prefix";
    static char quiet[] = "--no-audit";
    static char no_fund[] = "--no-fund";
    char *argv[] = {env_program, npm, ci, quiet, no_fund, prefix, folder, NULL};
    log_info("installing the packages of the originals in %s", folder);
    return step_run(&(struct step_spec){.name = "npm",
                                        .argv = argv,
                                        .install = "apt-get install npm",
                                        .limit_ns = INSTALL_LIMIT_NS},
                    out_signal, err);
}

/* Two comparisons at once: the second one waits, and finds them installed. */
static int install(int *out_signal, struct err *err)
{
    char *folder = program_data_find(FOLDER, err);
    if (folder == NULL)
        return -1;
    char *path = mem_printf("%s/package.json", folder);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    free(path);
    int failed = 0;
    if (fd >= 0)
        (void)flock(fd, LOCK_EX);
    if (!is_installed(folder))
        failed = run_npm(folder, out_signal, err);
    if (failed < 0 && *out_signal == 0)
        (void)err_wrap(err, "their packages (npm ci --prefix %s)", folder);
    if (fd >= 0)
        (void)close(fd);
    free(folder);
    return failed;
}

/* A program that is not there costs the comparison these arms, and no more. */
static int leave_out(const char *what, int signal, struct err *err)
{
    if (signal != 0)
        return -1;
    log_warn("%s left out: %s", what, err->text);
    *err = (struct err){0};
    return 0;
}

int originals_prepare(enum originals_use use, struct arm_spec *out, size_t *out_count,
                      struct err *err)
{
    int signal = 0;
    bool has_redis = true;
    *out_count = 0;
    if (use == ORIGINALS_RUN) {
        if (look_for_node(&signal, err) < 0 || install(&signal, err) < 0)
            return leave_out("the originals are", signal, err);
        has_redis = look_for_redis(err) == 0;
        if (!has_redis)
            (void)leave_out("the originals with BullMQ are", 0, err);
    }
    for (size_t i = 0; i < LEN(originals); i++) {
        if (has_redis || originals[i].takes != TAKES_REDIS)
            out[(*out_count)++] = originals[i].spec;
    }
    return 0;
}

/* ---- a command line ---- */

static const struct original *find(const char *name)
{
    size_t i = 0;
    while (strcmp(originals[i].spec.original, name) != 0)
        i++; /* it is one of them */
    return &originals[i];
}

static int add_program(struct str_list *argv, const char *name, struct err *err)
{
    char *path = program_find(name, err);
    if (path == NULL)
        return -1;
    str_list_add(argv, path);
    free(path);
    return 0;
}

static int add_script(struct str_list *argv, const char *name, struct err *err)
{
    char *folder = program_data_find(FOLDER, err);
    if (folder == NULL)
        return -1;
    char *path = mem_printf("%s/%s.js", folder, name);
    str_list_add(argv, "node");
    str_list_add(argv, path);
    free(path);
    free(folder);
    return 0;
}

static void add_number(struct str_list *argv, const char *option, const char *before, int64_t n)
{
    char *text = mem_printf("%s%lld", before, (long long)n);
    str_list_add(argv, option);
    str_list_add(argv, text);
    free(text);
}

static int add_own(struct str_list *argv, enum takes takes, const struct target_options *target,
                   struct err *err)
{
    switch (takes) {
    case TAKES_FANOUT:
        add_number(argv, "--threads", "", target->fanout);
        break;
    case TAKES_POOL:
        add_number(argv, "--threads", "",
                   target->pool_size > 0 ? target->pool_size : cores_allowed());
        break;
    case TAKES_COMPUTE:
        str_list_add(argv, "--compute");
        return add_program(argv, "bench-compute", err);
    case TAKES_REDIS:
        add_number(argv, "--workers", "", target->queue_workers);
        break;
    case TAKES_NOTHING:
        break;
    }
    return 0;
}

int original_command(const char *original, const struct target_options *target,
                     struct str_list *argv, struct err *err)
{
    const struct original *o = find(original);
    if (o->takes == TAKES_REDIS && add_program(argv, "bench-redis", err) < 0)
        return -1;
    if (o->takes != TAKES_REDIS)
        str_list_add(argv, env_program); /* looks for node; bench-redis does so itself */
    if (add_script(argv, original, err) < 0)
        return -1;
    add_number(argv, "--work",
               target->work.kind == WORK_SLEEP ? "sleep:" : "count:", target->work.n);
    return add_own(argv, o->takes, target, err);
}
