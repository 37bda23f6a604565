#include "cli/rust_service.h"

#include <errno.h>
#include <ftw.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "cli/first_use.h"
#include "proc/programs.h"
#include "proc/step.h"

#define FOLDER          "originals/rust-compute"
#define PROGRAM         "rust-compute"
#define CARGO           "/usr/bin/cargo"
#define RUSTC           "/usr/bin/rustc"
#define CRATES          "/usr/share/cargo/registry"
#define INSTALL         "apt-get install cargo librust-hyper-dev librust-rayon-dev librust-tokio-dev"
#define LOOK_LIMIT_NS   (20 * NS_PER_S)
#define BUILD_LIMIT_NS  (900 * NS_PER_S) /* it takes one core about two minutes */
#define REMOVE_FDS_MOST 16

/* ---- what the build needs ---- */

static bool has_crate(const char *name, const char *version)
{
    glob_t found;
    char *pattern = mem_printf("%s/%s-%s.*", CRATES, name, version);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): bench has no other thread yet */
    bool has = glob(pattern, GLOB_NOSORT, NULL, &found) == 0;
    if (has)
        globfree(&found);
    free(pattern);
    return has;
}

/* As Cargo.toml names them; cargo itself finds what these need. */
int rust_service_look(struct err *err)
{
    static const char *const programs[] = {CARGO, RUSTC};
    static const struct {
        const char *name, *version;
    } crates[] = {{"hyper", "0.14"}, {"libc", "0.2"}, {"rayon", "1"}, {"tokio", "1"}};
    for (size_t i = 0; i < LEN(programs); i++) {
        if (access(programs[i], X_OK) < 0)
            return err_set(err, ERR_USAGE, "%s is not installed: %s", programs[i], INSTALL);
    }
    for (size_t i = 0; i < LEN(crates); i++) {
        if (!has_crate(crates[i].name, crates[i].version))
            return err_set(err, ERR_USAGE, "the crate %s %s is not in %s: %s", crates[i].name,
                           crates[i].version, CRATES, INSTALL);
    }
    return 0;
}

/* ---- what is there ---- */

char *rust_service_path(void)
{
    struct err err;
    char *folder = program_data_find(FOLDER, &err);
    char *path = mem_printf("%s/%s", folder == NULL ? FOLDER : folder, PROGRAM);
    free(folder);
    return path;
}

static bool is_recent(const char *folder)
{
    static const char *const sources[] = {"Cargo.toml", "main.rs"};
    struct stat built;
    char *path = mem_printf("%s/%s", folder, PROGRAM);
    bool recent = stat(path, &built) == 0;
    free(path);
    for (size_t i = 0; i < LEN(sources); i++) {
        struct stat source;
        path = mem_printf("%s/%s", folder, sources[i]);
        recent = recent && stat(path, &source) == 0 && built.st_mtime >= source.st_mtime;
        free(path);
    }
    return recent;
}

/* It may be of another machine, or without its libraries, so it is run once. */
static bool is_built(char *folder, int *out_signal)
{
    static char option[] = "--version";
    if (!is_recent(folder))
        return false;
    struct err err;
    char *path = mem_printf("%s/%s", folder, PROGRAM);
    char *argv[] = {path, option, NULL};
    int failed =
        step_run(&(struct step_spec){.name = PROGRAM, .argv = argv, .limit_ns = LOOK_LIMIT_NS},
                 out_signal, &err);
    free(path);
    return failed == 0;
}

/* ---- the build ---- */

static void add(struct str_list *list, char *word)
{
    str_list_add(list, word);
    free(word);
}

/* An empty environment and the folder / leave cargo no configuration but ours: it reads those of
 * its folder and of all above it, and dozens of variables. */
static void make_argv(const char *folder, const char *target, struct str_list *argv)
{
    static const char *const before[] = {"/usr/bin/env", "-i", "-C", "/", "PATH=/usr/bin:/bin"};
    static const char *const build[] = {CARGO, "build", "--release", "--offline", "--quiet"};
    static const char *const config[] = {
        "--config",
        "source.crates-io.replace-with='debian'",
        "--config",
        "source.debian.directory='" CRATES "'",
    };
    for (size_t i = 0; i < LEN(before); i++)
        str_list_add(argv, before[i]);
    add(argv, mem_printf("RUSTC=%s", RUSTC));
    add(argv, mem_printf("HOME=%s", target));
    add(argv, mem_printf("CARGO_HOME=%s", target));
    add(argv, mem_printf("TMPDIR=%s", target));
    for (size_t i = 0; i < LEN(build); i++)
        str_list_add(argv, build[i]);
    for (size_t i = 0; i < LEN(config); i++)
        str_list_add(argv, config[i]);
    add(argv, mem_printf("--manifest-path=%s/Cargo.toml", folder));
    add(argv, mem_printf("--target-dir=%s", target));
    argv->items = mem_grow(argv->items, argv->count + 1, sizeof *argv->items);
    argv->items[argv->count] = NULL; /* for exec */
}

static int run_cargo(const char *folder, const char *target, int *out_signal, struct err *err)
{
    struct str_list argv = {0};
    make_argv(folder, target, &argv);
    int failed = step_run(
        &(struct step_spec){
            .name = "cargo", .argv = argv.items, .install = INSTALL, .limit_ns = BUILD_LIMIT_NS},
        out_signal, err);
    str_list_fini(&argv);
    return failed;
}

static int on_entry(const char *path, const struct stat *about, int kind, struct FTW *where)
{
    (void)about;
    (void)kind;
    (void)where;
    (void)remove(path);
    return 0;
}

static void remove_all(const char *path)
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): bench has no other thread yet */
    (void)nftw(path, on_entry, REMOVE_FDS_MOST, FTW_DEPTH | FTW_PHYS);
}

static int cannot_write(const char *folder, struct err *err)
{
    return err_set(err, ERR_USAGE,
                   "cannot write to %s: %s; run bench once as a user who may write there", folder,
                   strerrordesc_np(errno));
}

static int move_program(const char *folder, const char *target, struct err *err)
{
    char *from = mem_printf("%s/release/%s", target, PROGRAM);
    char *to = mem_printf("%s/%s", folder, PROGRAM);
    int failed = rename(from, to) < 0 ? cannot_write(folder, err) : 0;
    free(from);
    free(to);
    return failed;
}

static int build_in(const char *folder, const char *target, int *out_signal, struct err *err)
{
    remove_all(target); /* a killed bench may have left one */
    if (mkdir(target, 0700) < 0)
        return cannot_write(folder, err);
    log_say("building the Rust service of the originals in %s (only once; one or two minutes)",
            folder);
    int failed = run_cargo(folder, target, out_signal, err);
    if (failed == 0)
        failed = move_program(folder, target, err);
    remove_all(target);
    return failed;
}

static int build(char *folder, int *out_signal, struct err *err)
{
    char *target = mem_printf("%s/target", folder);
    char *lock = mem_printf("%s/Cargo.lock", folder);
    int failed = build_in(folder, target, out_signal, err);
    (void)unlink(lock); /* cargo writes it anew, for the crates that are there */
    free(target);
    free(lock);
    return failed;
}

int rust_service_hold(int *out_fd, int *out_signal, struct err *err)
{
    static const struct first_use service = {
        .folder = FOLDER,
        .locked = "Cargo.toml",
        .name = "the originals' Rust service",
        .made = "built",
        .wait_limit_ns = BUILD_LIMIT_NS,
        .is_there = is_built,
        .make = build,
    };
    *out_fd = -1;
    *out_signal = 0;
    if (rust_service_look(err) < 0)
        return -1;
    return first_use_hold(&service, out_fd, out_signal, err);
}
