#include <dirent.h>
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

#include "base/mem.h"
#include "base/str.h"
#include "cases/render_cases.h"
#include "store/file.h"
#include "store/result_file.h"
#include "store/result_json.h"
#include "support/document_text.h"

/* Every test has an empty folder of its own. */
struct folder {
    char path[64];
};

static int on_entry(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

/* Takes away what is in the folder, but for folders that hold something. */
static void folder_sweep(const char *path)
{
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, on_entry, NULL);
    for (int i = 0; i < count; i++) {
        char *name = mem_printf("%s/%s", path, entries[i]->d_name);
        (void)remove(name);
        free(name);
        free(entries[i]);
    }
    free(entries);
}

static int folder_setup(void **state)
{
    struct folder *f = mem_zalloc(sizeof *f);
    (void)snprintf(f->path, sizeof f->path, "/tmp/bench-store-XXXXXX");
    if (mkdtemp(f->path) == NULL)
        return -1;
    *state = f;
    return 0;
}

static int folder_teardown(void **state)
{
    struct folder *f = *state;
    char *inner = mem_printf("%s/new", f->path); /* the one folder that a test makes */
    folder_sweep(inner);
    folder_sweep(f->path);
    int result = rmdir(f->path);
    free(inner);
    free(f);
    return result;
}

/* Borrowed until the next call but three. */
static const char *in(const struct folder *f, const char *name)
{
    static char paths[4][128];
    static size_t next;
    char *path = paths[next++ % LEN(paths)];
    (void)snprintf(path, sizeof paths[0], "%s/%s", f->path, name);
    return path;
}

static bool is_empty(const struct folder *f)
{
    struct dirent **entries = NULL;
    int count = scandir(f->path, &entries, on_entry, NULL);
    for (int i = 0; i < count; i++)
        free(entries[i]);
    free(entries);
    return count == 0;
}

static void assert_holds(const char *path, const char *want)
{
    struct buf text;
    struct err err;
    buf_init(&text, BUF_TEXT_MAX);
    assert_int_equal(store_file_read(path, &text, &err), 0);
    assert_string_equal(text.data, want);
    buf_fini(&text);
}

static void put_file(const char *path, const char *text)
{
    struct err err;
    assert_int_equal(store_file_write(path, text, strlen(text), &err), 0);
}

static void what_is_no_document_says_where(void **state)
{
    struct folder *f = *state;
    static const struct {
        const char *text, *complaint;
    } cases[] = {
        {"", "the file is empty"},
        {"\n", "line 2, column 0: not JSON"},
        {"{\n  \"a\": ]", "line 2, column 8: not JSON"},
        {"{\"a\": 1, \"a\": 2}", "duplicate"},
        {"{\"n\": 99999999999999999999}", "too big integer"},
        {"{\"n\": 1e999}", "real number overflow"},
        {"{\"t\": \"\xff\"}", "unable to decode byte"},
        {"[]", "not a JSON object"},
        {"{\"requests\": {\"mean\": 1}}", "not a result of bench"},
        {"\x1b[31m", "not JSON"},
    };
    const char *path = in(f, "r.json");
    for (size_t i = 0; i < LEN(cases); i++) {
        struct result r;
        struct err err;
        put_file(path, cases[i].text);
        assert_int_equal(result_load(path, &r, &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
        assert_true(str_starts(err.text, path));
        assert_null(strchr(err.text, '\x1b'));
        if (strstr(err.text, cases[i].complaint) == NULL)
            fail_msg("'%s' instead of '%s'", err.text, cases[i].complaint);
    }
}

static void a_huge_file_is_refused_unread(void **state)
{
    struct folder *f = *state;
    const char *path = in(f, "huge.json");
    struct buf small;
    struct err err;
    put_file(path, "0123456789");
    buf_init(&small, 9);
    assert_int_equal(store_file_read(path, &small, &err), -1);
    assert_non_null(strstr(err.text, "larger than"));
    buf_fini(&small);
    buf_init(&small, 10);
    assert_int_equal(store_file_read(path, &small, &err), 0);
    buf_fini(&small);
    /* Sparse: it takes no room, and its size is seen before its bytes are. */
    assert_int_equal(truncate(path, (off_t)RESULT_MAX_BYTES + 1), 0);
    struct result r;
    assert_int_equal(result_load(path, &r, &err), -1);
    assert_non_null(strstr(err.text, "larger than 256 MiB"));
}

static void saved_and_loaded(void **state)
{
    struct folder *f = *state;
    struct result r;
    struct result again;
    struct err err;
    char *path = NULL;
    assert_int_equal(render_case("offload", &r), 0);
    assert_int_equal(result_save(&r, NULL, in(f, "out.json"), &path, &err), 0);
    assert_string_equal(path, in(f, "out.json"));
    assert_int_equal(result_load(path, &again, &err), 0);
    char *first = result_text(&r);
    char *second = result_text(&again);
    assert_string_equal(first, second);
    free(first);
    free(second);
    free(path);
    result_fini(&r);
    result_fini(&again);
}

static void a_command_is_named_by_its_words(void **state)
{
    (void)state;
    static const struct {
        const char *original, *command, *want;
    } cases[] = {
        {NULL, "node server.js --port {port}",
         "d/20261122T210405Z-node-server.js---port--port-.json"},
        {NULL, "  /usr/bin/env   ./bin/my-server ", "d/20261122T210405Z-env-my-server.json"},
        {NULL, "dir/", "d/20261122T210405Z-dir-.json"},
        {NULL, " ", "d/20261122T210405Z-run.json"},
        {"express-piscina", NULL, "d/20261122T210405Z-express-piscina.json"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct result r;
        result_init(&r);
        r.started_wall_ms = INT64_C(1795381445123);
        r.original = mem_strdup_or_null(cases[i].original);
        r.command = mem_strdup_or_null(cases[i].command);
        r.url = mem_strdup("http://127.0.0.1:40123/");
        char *path = result_path_default("d", &r, NULL);
        assert_string_equal(path, cases[i].want);
        free(path);
        result_fini(&r);
    }
}

static void names_by_default(void **state)
{
    (void)state;
    static const struct {
        const char *folder, *strategy, *url, *want, *label;
    } cases[] = {
        {"results/", "pool", "http://127.0.0.1:1/", "results/20261122T210405Z-pool.json", NULL},
        {"d", NULL, "http://user:pa55@example.org:8080/x@y?z",
         "d/20261122T210405Z-example.org.json", NULL},
        {"d", NULL, "https://[::1]:443/", "d/20261122T210405Z---1.json", NULL},
        {"d", NULL, "localhost:3000", "d/20261122T210405Z-localhost.json", NULL},
        {"d", NULL, "http://../..", "d/20261122T210405Z-...json", NULL},
        {"d", NULL, "http://a\nb;c$d/", "d/20261122T210405Z-a-b-c-d.json", NULL},
        {"d", NULL, NULL, "d/20261122T210405Z-run.json", NULL},
        {"d", NULL, "http:///", "d/20261122T210405Z-run.json", NULL},
        {"d", NULL, "http://127.0.0.1/", "d/20261122T210405Z-py.json", "py"},
        {"d", "pool", NULL, "d/20261122T210405Z-..-my-arm-.json", "../my arm\n"},
        {"d", NULL, "http://host/", "d/20261122T210405Z-run.json", ""},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct result r;
        result_init(&r);
        r.started_wall_ms = INT64_C(1795381445123);
        r.strategy = mem_strdup_or_null(cases[i].strategy);
        r.url = mem_strdup_or_null(cases[i].url);
        char *path = result_path_default(cases[i].folder, &r, cases[i].label);
        assert_string_equal(path, cases[i].want);
        free(path);
        result_fini(&r);
    }
}

static void a_folder_gets_new_names_only(void **state)
{
    struct folder *f = *state;
    static const char *const names[] = {"new/20261122T210405Z-pool.json",
                                        "new/20261122T210405Z-pool-2.json",
                                        "new/20261122T210405Z-pool-3.json"};
    struct result r;
    struct err err;
    assert_int_equal(render_case("pool", &r), 0);
    for (size_t i = 0; i < LEN(names); i++) {
        char *path = NULL;
        /* With the slash it is made; then it is there. */
        assert_int_equal(result_save(&r, NULL, in(f, i == 0 ? "new/" : "new"), &path, &err), 0);
        char real[256];
        (void)snprintf(real, sizeof real, "%s", in(f, names[i]));
        char *kept = realpath(path, NULL);
        assert_string_equal(kept, real);
        free(kept);
        free(path);
    }
    result_fini(&r);
}

static void a_file_is_replaced_as_a_whole(void **state)
{
    struct folder *f = *state;
    struct stat st;
    const char *path = in(f, "a");
    put_file(path, "first");
    assert_int_equal(chmod(path, 0640), 0);
    put_file(path, "2");
    assert_holds(path, "2");
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0640);
}

static void a_link_stays_a_link(void **state)
{
    struct folder *f = *state;
    struct stat st;
    put_file(in(f, "real"), "1");
    assert_int_equal(symlink("real", in(f, "link")), 0);
    put_file(in(f, "link"), "2");
    assert_int_equal(lstat(in(f, "link"), &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_holds(in(f, "real"), "2");
}

static void a_device_is_written_through(void **state)
{
    (void)state;
    struct stat st;
    struct err err;
    assert_int_equal(store_file_write("/dev/null", "x", 1, &err), 0);
    assert_int_equal(stat("/dev/null", &st), 0);
    assert_true(S_ISCHR(st.st_mode));
    assert_int_equal(store_file_write("/dev/full", "x", 1, &err), -1);
    assert_non_null(strstr(err.text, "No space left"));
}

static void failures_leave_nothing_behind(void **state)
{
    struct folder *f = *state;
    struct err err;
    char *path = NULL;
    char long_name[300];
    memset(long_name, 'x', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    assert_int_equal(store_file_write(in(f, "no/such/file"), "x", 1, &err), -1);
    assert_int_equal(err.kind, ERR_USAGE);
    assert_non_null(strstr(err.text, "no/such/file: No such file"));
    char *too_long = mem_printf("%s/%s", f->path, long_name);
    assert_int_equal(store_file_write(too_long, "x", 1, &err), -1);
    assert_int_equal(store_file_write_new(too_long, "x", 1, &path, &err), -1);
    assert_null(path);
    free(too_long);
    assert_true(is_empty(f));
    /* A name that no file can have: the bytes were written and must go again. */
    assert_int_equal(store_file_write(in(f, "d/"), "x", 1, &err), -1);
    assert_int_equal(store_file_write_new(in(f, "d/"), "x", 1, &path, &err), -1);
    assert_true(is_empty(f));
    assert_int_equal(store_file_write(f->path, "x", 1, &err), -1);
    assert_non_null(strstr(err.text, "Is a directory"));
    struct result r;
    assert_int_equal(render_case("refused", &r), 0);
    assert_int_equal(result_save(&r, NULL, in(f, "no/such/"), &path, &err), -1);
    assert_null(path);
    result_fini(&r);
    assert_true(is_empty(f));
}

static void writable_is_known_beforehand(void **state)
{
    struct folder *f = *state;
    struct err err;
    static const struct {
        const char *name;
        int want;
    } cases[] = {
        {"new.json", 0}, {".", 0}, {"to-be-made/", 0}, {"no/such.json", -1}, {"no/x/", -1}};
    for (size_t i = 0; i < LEN(cases); i++) {
        err.text[0] = '\0';
        assert_int_equal(store_check_writable(in(f, cases[i].name), &err), cases[i].want);
        assert_true(is_empty(f));
        if (cases[i].want < 0)
            assert_non_null(strstr(err.text, cases[i].name));
    }
    put_file(in(f, "old.json"), "kept");
    assert_int_equal(store_check_writable(in(f, "old.json"), &err), 0);
    assert_holds(in(f, "old.json"), "kept");
    assert_int_equal(store_check_writable("/dev/null", &err), 0);
    assert_int_equal(store_check_writable("/proc/x.json", &err), -1);
}

#define FILE_TEST(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FILE_TEST(what_is_no_document_says_where),
        FILE_TEST(a_huge_file_is_refused_unread),
        FILE_TEST(saved_and_loaded),
        cmocka_unit_test(names_by_default),
        cmocka_unit_test(a_command_is_named_by_its_words),
        FILE_TEST(a_folder_gets_new_names_only),
        FILE_TEST(a_file_is_replaced_as_a_whole),
        FILE_TEST(a_link_stays_a_link),
        cmocka_unit_test(a_device_is_written_through),
        FILE_TEST(failures_leave_nothing_behind),
        FILE_TEST(writable_is_known_beforehand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
