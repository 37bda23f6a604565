/* rust_service: what the build needs, how cargo is called, and what is left after each end of it.
 * cargo, Debian's folder of crates and a full or read-only disk are the test's: the linker puts it
 * in front of them. */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "cli/rust_service.h"
#include "proc/folder.h"
#include "proc/step.h"

#define APT "apt-get install cargo librust-hyper-dev librust-rayon-dev librust-tokio-dev"

static struct folder *folder; /* where Cargo.toml and main.rs are */
static const char *missing;   /* a program or a crate; NULL: nothing is */
static bool is_read_only, is_broken;
static int builds, looks, interrupted_by;
static struct buf called; /* cargo's command line, a word a line */

static char *path_of(const char *name)
{
    return mem_printf("%s/%s", folder_path(folder), name);
}

static void put_file(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
    assert_true(fd >= 0);
    (void)close(fd);
}

/* NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): the linker's names */
int __real_access(const char *path, int mode);
int __wrap_access(const char *path, int mode);
int __wrap_glob(const char *pattern, int flags, int (*on_error)(const char *, int), glob_t *found);
int __real_mkdir(const char *path, mode_t mode);
int __wrap_mkdir(const char *path, mode_t mode);
int __wrap_step_run(const struct step_spec *spec, int *out_signal, struct err *err);
char *__wrap_program_data_find(const char *name, struct err *err);

int __wrap_access(const char *path, int mode)
{
    if (mode != X_OK)
        return __real_access(path, mode); /* of the folder */
    return missing != NULL && strcmp(path, missing) == 0 ? -1 : 0;
}

int __wrap_glob(const char *pattern, int flags, int (*on_error)(const char *, int), glob_t *found)
{
    (void)flags;
    (void)on_error;
    *found = (glob_t){0};
    return missing != NULL && strcmp(pattern, missing) == 0 ? GLOB_NOMATCH : 0;
}

int __wrap_mkdir(const char *path, mode_t mode)
{
    errno = EROFS;
    return is_read_only ? -1 : __real_mkdir(path, mode);
}

/* As cargo does it, or fails to. */
static void leave_files(void)
{
    static const char *const names[] = {"Cargo.lock", "target/.package-cache",
                                        "target/release/rust-compute"};
    char *release = path_of("target/release");
    assert_int_equal(__real_mkdir(release, 0700), 0);
    free(release);
    for (size_t i = 0; i < LEN(names) - (is_broken ? 1 : 0); i++) {
        char *path = path_of(names[i]);
        put_file(path);
        free(path);
    }
}

int __wrap_step_run(const struct step_spec *spec, int *out_signal, struct err *err)
{
    *out_signal = 0;
    if (strcmp(spec->name, "cargo") != 0) {
        looks++;
        assert_string_equal(spec->argv[1], "--version");
        return 0;
    }
    builds++;
    buf_clear(&called);
    for (char *const *word = spec->argv; *word != NULL; word++)
        buf_printf(&called, "%s\n", *word);
    leave_files();
    *out_signal = interrupted_by;
    if (interrupted_by != 0)
        return err_set(err, ERR_INTERRUPTED, "cargo was interrupted");
    return is_broken ? err_set(err, ERR_USAGE, "cargo failed (exit 101)") : 0;
}

char *__wrap_program_data_find(const char *name, struct err *err)
{
    (void)err;
    assert_string_equal(name, "originals/rust-compute");
    return mem_strdup(folder_path(folder));
}
/* NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming) */

static int set_up(void **state)
{
    static const char *const sources[] = {"Cargo.toml", "main.rs"};
    (void)state;
    struct err err;
    folder = folder_make("bench-rust", &err);
    assert_non_null(folder);
    for (size_t i = 0; i < LEN(sources); i++) {
        char *path = path_of(sources[i]);
        put_file(path);
        free(path);
    }
    missing = NULL;
    is_read_only = is_broken = false;
    builds = looks = interrupted_by = 0;
    buf_init(&called, BUF_TEXT_MAX);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    buf_fini(&called);
    folder_remove(folder);
    return 0;
}

static bool is_there(const char *name)
{
    struct stat about;
    char *path = path_of(name);
    bool is = lstat(path, &about) == 0;
    free(path);
    return is;
}

static int hold(int *out_fd, struct err *err)
{
    int signal = -1;
    *err = (struct err){0};
    int failed = rust_service_hold(out_fd, &signal, err);
    assert_int_equal(signal, interrupted_by);
    assert_int_equal(failed, *out_fd < 0 ? -1 : 0);
    assert_false(is_there("target") || is_there("Cargo.lock"));
    return failed;
}

static void hold_and_release(void)
{
    int fd = -1;
    struct err err;
    assert_int_equal(hold(&fd, &err), 0);
    (void)close(fd);
}

static void what_is_missing_is_named_with_the_one_command(void **state)
{
    (void)state;
    static const struct {
        const char *missing, *text;
    } cases[] = {
        {"/usr/bin/cargo", "/usr/bin/cargo is not installed: " APT},
        {"/usr/bin/rustc", "/usr/bin/rustc is not installed: " APT},
        {"/usr/share/cargo/registry/hyper-0.14.*",
         "the crate hyper 0.14 is not in /usr/share/cargo/registry: " APT},
        {"/usr/share/cargo/registry/libc-0.2.*",
         "the crate libc 0.2 is not in /usr/share/cargo/registry: " APT},
        {"/usr/share/cargo/registry/rayon-1.*",
         "the crate rayon 1 is not in /usr/share/cargo/registry: " APT},
        {"/usr/share/cargo/registry/tokio-1.*",
         "the crate tokio 1 is not in /usr/share/cargo/registry: " APT},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct err err;
        int fd = -1;
        missing = cases[i].missing;
        assert_int_equal(hold(&fd, &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
        assert_string_equal(err.text, cases[i].text);
    }
    assert_int_equal(builds + looks, 0);
}

/* The user's environment and configuration are not cargo's: env -i, and / as its folder. */
static void only_the_cargo_and_the_crates_of_debian_are_used(void **state)
{
    (void)state;
    hold_and_release();
    const char *f = folder_path(folder);
    char *want = mem_printf("/usr/bin/env\n-i\n-C\n/\nPATH=/usr/bin:/bin\nRUSTC=/usr/bin/rustc\n"
                            "HOME=%s/target\nCARGO_HOME=%s/target\nTMPDIR=%s/target\n"
                            "/usr/bin/cargo\nbuild\n--release\n--offline\n--quiet\n"
                            "--config\nsource.crates-io.replace-with='debian'\n"
                            "--config\nsource.debian.directory='/usr/share/cargo/registry'\n"
                            "--manifest-path=%s/Cargo.toml\n--target-dir=%s/target\n",
                            f, f, f, f, f);
    assert_string_equal(called.data, want);
    free(want);
}

static void it_is_built_once_until_its_source_is_newer(void **state)
{
    (void)state;
    hold_and_release();
    assert_int_equal(builds, 1);
    assert_int_equal(looks, 0);
    assert_true(is_there("rust-compute"));
    hold_and_release();
    assert_int_equal(builds, 1);
    assert_int_equal(looks, 1);
    const struct timespec later[2] = {{.tv_sec = 4102444800}, {.tv_sec = 4102444800}};
    char *source = path_of("main.rs");
    assert_int_equal(utimensat(AT_FDCWD, source, later, 0), 0);
    free(source);
    hold_and_release();
    assert_int_equal(builds, 2);
}

static void a_build_that_fails_leaves_nothing(void **state)
{
    (void)state;
    struct err err;
    int fd = -1;
    is_broken = true;
    assert_int_equal(hold(&fd, &err), -1);
    assert_int_equal(err.kind, ERR_USAGE);
    assert_non_null(strstr(err.text, "cargo failed (exit 101)"));
    assert_false(is_there("rust-compute"));
    interrupted_by = 2;
    assert_int_equal(hold(&fd, &err), -1);
    assert_int_equal(err.kind, ERR_INTERRUPTED);
    assert_false(is_there("rust-compute"));
    assert_int_equal(builds, 2);
}

/* What a killed bench left is removed, and a link in its place is not followed. */
static void what_an_earlier_build_left_is_removed(void **state)
{
    (void)state;
    char *target = path_of("target");
    char *deeper = path_of("target/a/b");
    char *above = path_of("target/a");
    assert_int_equal(__real_mkdir(target, 0700), 0);
    assert_int_equal(__real_mkdir(above, 0700), 0);
    put_file(deeper);
    hold_and_release();
    char *program = path_of("rust-compute");
    assert_int_equal(unlink(program), 0);
    assert_int_equal(symlink(folder_path(folder), target), 0);
    hold_and_release();
    assert_true(is_there("main.rs"));
    assert_int_equal(builds, 2);
    free(target);
    free(deeper);
    free(above);
    free(program);
}

static void a_folder_that_cannot_be_written_is_told_before_the_build(void **state)
{
    (void)state;
    struct err err;
    int fd = -1;
    is_read_only = true;
    assert_int_equal(hold(&fd, &err), -1);
    char *want = mem_printf("cannot write to %s: Read-only file system; run bench once as a user "
                            "who may write there",
                            folder_path(folder));
    assert_string_equal(err.text, want);
    free(want);
    assert_int_equal(builds, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_is_missing_is_named_with_the_one_command),
        TEST(only_the_cargo_and_the_crates_of_debian_are_used),
        TEST(it_is_built_once_until_its_source_is_newer),
        TEST(a_build_that_fails_leaves_nothing),
        TEST(what_an_earlier_build_left_is_removed),
        TEST(a_folder_that_cannot_be_written_is_told_before_the_build),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
