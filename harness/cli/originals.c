#include "cli/originals.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/claims/claims.h"
#include "base/log.h"
#include "base/mem.h"
#include "cli/packages.h"
#include "cli/rust_service.h"
#include "proc/cores.h"
#include "proc/programs.h"

#define FOLDER         "originals"
#define COUNTS_MOST    INT64_C(10000000000)
#define SLEEP_LEAST_NS 1000 /* below, JavaScript formats the number differently */

/* What a program is given besides the work. */
enum takes { TAKES_NOTHING, TAKES_FANOUT, TAKES_POOL, TAKES_COMPUTE, TAKES_WORKERS };

/* What has to be there to run it. */
enum needs { NEEDS_NODE = 1, NEEDS_REDIS = 2, NEEDS_RUST = 4 };

static const struct original {
    struct arm_spec spec;
    const char *script; /* NULL: as the original is called */
    enum takes takes;
    unsigned needs;
} originals[ORIGINALS_MAX] = {
    {.spec = {.name = ARM_EXPRESS_INLINE, .original = ARM_EXPRESS_INLINE},
     .takes = TAKES_NOTHING,
     .needs = NEEDS_NODE},
    {.spec = {.name = ARM_EXPRESS_THREADS, .original = ARM_EXPRESS_THREADS},
     .takes = TAKES_FANOUT,
     .needs = NEEDS_NODE},
    {.spec = {.name = ARM_EXPRESS_PISCINA, .original = ARM_EXPRESS_PISCINA},
     .takes = TAKES_POOL,
     .needs = NEEDS_NODE},
    {.spec = {.name = ARM_EXPRESS_COMPUTE, .original = ARM_EXPRESS_COMPUTE},
     .takes = TAKES_COMPUTE,
     .needs = NEEDS_NODE},
    {.spec = {.name = ARM_EXPRESS_RUST, .original = ARM_EXPRESS_RUST},
     .script = ARM_EXPRESS_COMPUTE,
     .takes = TAKES_COMPUTE,
     .needs = NEEDS_NODE | NEEDS_RUST},
    {.spec = {.name = ARM_OFFLOAD_RUST,
              .strategy = "offload",
              .option = "compute-program",
              .is_with_originals = true},
     .needs = NEEDS_RUST},
    {.spec = {.name = ARM_EXPRESS_QUEUE, .original = ARM_EXPRESS_QUEUE},
     .takes = TAKES_WORKERS,
     .needs = NEEDS_NODE | NEEDS_REDIS},
    {.spec = {.name = ARM_EXPRESS_QUEUE_X10,
              .original = ARM_EXPRESS_QUEUE,
              .work_times = ARTICLE_LARGER},
     .takes = TAKES_WORKERS,
     .needs = NEEDS_NODE | NEEDS_REDIS},
};

/* ---- what they need ---- */

static int look_for_redis(int *out_fd, int *out_signal, struct err *err)
{
    *out_fd = -1;
    *out_signal = 0;
    char *path = program_in_path("redis-server");
    if (path == NULL)
        return err_set(err, ERR_USAGE,
                       "redis-server is not installed: apt-get install redis-server");
    free(path);
    return 0;
}

static const struct {
    enum needs need;
    const char *skipped;
    int (*hold)(int *out_fd, int *out_signal, struct err *err);
} all_needs[ORIGINALS_NEEDS] = {
    {NEEDS_NODE, "the originals", packages_hold},
    {NEEDS_REDIS, "the originals with BullMQ", look_for_redis},
    {NEEDS_RUST, ARM_EXPRESS_RUST " and " ARM_OFFLOAD_RUST, rust_service_hold},
};

void originals_init(struct originals *o)
{
    *o = (struct originals){0};
    for (size_t i = 0; i < LEN(o->in_use_fds); i++)
        o->in_use_fds[i] = -1;
}

static void add_all_but(struct originals *o, unsigned missing)
{
    o->rust_service = rust_service_path();
    for (size_t i = 0; i < LEN(originals); i++) {
        if ((originals[i].needs & missing) != 0)
            continue;
        struct arm_spec *spec = &o->specs[o->count++];
        *spec = originals[i].spec;
        if (spec->option != NULL)
            spec->text = o->rust_service;
    }
}

void originals_all(struct originals *out)
{
    originals_init(out);
    add_all_but(out, 0);
}

/* If something is missing, only the arms that need it are skipped. */
int originals_prepare(struct originals *out, struct err *err)
{
    unsigned missing = 0;
    originals_init(out);
    for (size_t i = 0; i < LEN(all_needs); i++) {
        int signal = 0;
        if (all_needs[i].hold(&out->in_use_fds[i], &signal, err) == 0)
            continue;
        if (signal != 0)
            return -1;
        if (missing == 0)
            out->why = *err;
        missing |= all_needs[i].need;
        log_warn("skipping %s: %s", all_needs[i].skipped, err->text);
    }
    add_all_but(out, missing);
    return 0;
}

void originals_fini(struct originals *o)
{
    for (size_t i = 0; i < LEN(o->in_use_fds); i++) {
        if (o->in_use_fds[i] >= 0)
            (void)close(o->in_use_fds[i]);
    }
    free(o->rust_service);
    originals_init(o);
}

/* ---- a command line ---- */

static const struct original *find(const char *name)
{
    size_t i = 0;
    while (originals[i].spec.original == NULL || strcmp(originals[i].spec.original, name) != 0)
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

static int add_service(struct str_list *argv, const struct original *o, struct err *err)
{
    str_list_add(argv, "--compute");
    if ((o->needs & NEEDS_RUST) == 0)
        return add_program(argv, "bench-compute", err);
    char *path = rust_service_path();
    str_list_add(argv, path);
    free(path);
    return 0;
}

static int add_own(struct str_list *argv, const struct original *o,
                   const struct target_options *target, struct err *err)
{
    switch (o->takes) {
    case TAKES_FANOUT:
        add_number(argv, "--threads", "", target->fanout);
        break;
    case TAKES_POOL:
        add_number(argv, "--threads", "",
                   target->pool_size > 0 ? target->pool_size : cores_allowed());
        break;
    case TAKES_COMPUTE:
        add_number(argv, "--compute-threads", "", target->compute_threads);
        return add_service(argv, o, err);
    case TAKES_WORKERS:
        add_number(argv, "--workers", "", target->queue_workers);
        break;
    case TAKES_NOTHING:
        break;
    }
    return 0;
}

bool originals_take(const char *option)
{
    static const char *const taken[] = {
        "work", "max-work", "pool-size", "fanout", "compute-threads", "queue-workers",
        /* by our gateway in front of the Rust service */
        "offload-connections", "offload-timeout", "max-queue", "max-header", "max-body",
        "allow-host", "idle-timeout", "grace"};
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
    bool has_redis = (o->needs & NEEDS_REDIS) != 0;
    if (has_redis && add_program(argv, "bench-redis", err) < 0)
        return -1;
    if (!has_redis)
        str_list_add(argv, "/usr/bin/env"); /* finds node in PATH; bench-redis does so itself */
    if (add_script(argv, o->script != NULL ? o->script : original, err) < 0)
        return -1;
    add_number(argv, "--work",
               target->work.kind == WORK_SLEEP ? "sleep:" : "count:", target->work.n);
    return add_own(argv, o, target, err);
}
