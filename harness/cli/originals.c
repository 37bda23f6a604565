#include "cli/originals.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/claims/claims.h"
#include "base/log.h"
#include "base/mem.h"
#include "cli/packages.h"
#include "proc/cores.h"
#include "proc/programs.h"

#define FOLDER         "originals"
#define COUNTS_MOST    INT64_C(10000000000)
#define SLEEP_LEAST_NS 1000 /* below, JavaScript formats the number differently */

/* What a program needs besides the work. */
enum takes { TAKES_NOTHING, TAKES_FANOUT, TAKES_POOL, TAKES_COMPUTE, TAKES_REDIS };

static const struct original {
    struct arm_spec spec;
    enum takes takes;
} originals[ORIGINALS_MAX] = {
    {.spec = {.name = ARM_EXPRESS_INLINE, .original = ARM_EXPRESS_INLINE}, .takes = TAKES_NOTHING},
    {.spec = {.name = ARM_EXPRESS_THREADS, .original = ARM_EXPRESS_THREADS}, .takes = TAKES_FANOUT},
    {.spec = {.name = ARM_EXPRESS_PISCINA, .original = ARM_EXPRESS_PISCINA}, .takes = TAKES_POOL},
    {.spec = {.name = ARM_EXPRESS_COMPUTE, .original = ARM_EXPRESS_COMPUTE},
     .takes = TAKES_COMPUTE},
    {.spec = {.name = ARM_EXPRESS_QUEUE, .original = ARM_EXPRESS_QUEUE}, .takes = TAKES_REDIS},
    {.spec = {.name = ARM_EXPRESS_QUEUE_X10,
              .original = ARM_EXPRESS_QUEUE,
              .work_times = ARTICLE_LARGER},
     .takes = TAKES_REDIS},
};

/* ---- what they need ---- */

static int look_for_redis(struct err *err)
{
    char *path = program_in_path("redis-server");
    if (path == NULL)
        return err_set(err, ERR_USAGE,
                       "redis-server is not installed: apt-get install redis-server");
    free(path);
    return 0;
}

void originals_all(struct originals *out)
{
    *out = (struct originals){.count = LEN(originals), .in_use_fd = -1};
    for (size_t i = 0; i < LEN(originals); i++)
        out->specs[i] = originals[i].spec;
}

static void leave_out_redis(struct originals *o)
{
    o->count = 0;
    for (size_t i = 0; i < LEN(originals); i++) {
        if (originals[i].takes != TAKES_REDIS)
            o->specs[o->count++] = originals[i].spec;
    }
}

/* If something is missing, only the arms that need it are skipped. */
int originals_prepare(struct originals *out, struct err *err)
{
    int signal = 0;
    originals_all(out);
    if (packages_hold(&out->in_use_fd, &signal, err) < 0) {
        if (signal != 0)
            return -1;
        out->why = *err;
        out->count = 0;
        log_warn("skipping the originals: %s", err->text);
        return 0;
    }
    if (look_for_redis(err) < 0) {
        leave_out_redis(out);
        log_warn("skipping the originals with BullMQ: %s", err->text);
    }
    return 0;
}

void originals_fini(struct originals *o)
{
    if (o->in_use_fd >= 0)
        (void)close(o->in_use_fd);
    o->in_use_fd = -1;
}

/* ---- a command line ---- */

static const struct original *find(const char *name)
{
    size_t i = 0;
    while (strcmp(originals[i].spec.original, name) != 0)
        i++; /* always found */
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
        add_number(argv, "--compute-threads", "", target->compute_threads);
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

bool originals_take(const char *option)
{
    static const char *const taken[] = {"work",   "max-work",        "pool-size",
                                        "fanout", "compute-threads", "queue-workers"};
    for (size_t i = 0; i < LEN(taken); i++) {
        if (strcmp(option, taken[i]) == 0)
            return true;
    }
    return false;
}

static int check_work(const struct work *work, struct err *err)
{
    if (work->kind == WORK_COUNT && work->n > COUNTS_MOST)
        return err_set(err, ERR_USAGE, "--work: the originals count to at most 10G");
    if (work->kind == WORK_SLEEP && work->n < SLEEP_LEAST_NS)
        return err_set(err, ERR_USAGE, "--work: the originals sleep for at least 1us");
    return 0;
}

int original_command(const char *original, const struct target_options *target,
                     struct str_list *argv, struct err *err)
{
    const struct original *o = find(original);
    if (check_work(&target->work, err) < 0)
        return -1;
    if (o->takes == TAKES_REDIS && add_program(argv, "bench-redis", err) < 0)
        return -1;
    if (o->takes != TAKES_REDIS)
        str_list_add(argv, "/usr/bin/env"); /* finds node in PATH; bench-redis does so itself */
    if (add_script(argv, original, err) < 0)
        return -1;
    add_number(argv, "--work",
               target->work.kind == WORK_SLEEP ? "sleep:" : "count:", target->work.n);
    return add_own(argv, o->takes, target, err);
}
