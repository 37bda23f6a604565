#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cases/session_cases.h"
#include "store/session_file.h"
#include "store/stored.h"
#include "support/document_text.h"

struct folder {
    char path[64];
};

static int folder_make(void **state)
{
    struct folder *f = mem_zalloc(sizeof *f);
    (void)snprintf(f->path, sizeof f->path, "/tmp/test_session.XXXXXX");
    *state = f;
    return mkdtemp(f->path) == NULL ? -1 : 0;
}

static int folder_remove(void **state)
{
    struct folder *f = *state;
    int result = rmdir(f->path);
    free(f);
    return result;
}

static void saved_and_loaded_it_is_the_same(void **state)
{
    const struct folder *f = *state;
    struct session s;
    struct session loaded;
    struct err err;
    char *first = NULL;
    char *second = NULL;
    assert_int_equal(session_case("open", &s), 0);
    const struct document d = session_document(&s);
    assert_int_equal(document_save(&d, f->path, &first, &err), 0);
    assert_int_equal(document_save(&d, f->path, &second, &err), 0);
    char *want = mem_printf("%s/20261122T210405Z-session.json", f->path);
    char *want_second = mem_printf("%s/20261122T210405Z-session-2.json", f->path);
    assert_string_equal(first, want);
    assert_string_equal(second, want_second);
    assert_int_equal(session_load(first, &loaded, &err), 0);
    char *a = session_text(&s);
    char *b = session_text(&loaded);
    assert_string_equal(a, b);
    assert_int_equal(unlink(first), 0);
    assert_int_equal(unlink(second), 0);
    char *texts[] = {first, second, want, want_second, a, b};
    for (size_t i = 0; i < LEN(texts); i++)
        free(texts[i]);
    session_fini(&s);
    session_fini(&loaded);
}

static void saved_again_it_replaces_what_was_there(void **state)
{
    const struct folder *f = *state;
    struct session s;
    struct stored stored;
    struct err err;
    char *path = NULL;
    char *to = mem_printf("%s/a.json", f->path);
    assert_int_equal(session_case("open", &s), 0);
    const struct document d = session_document(&s);
    assert_int_equal(document_save(&d, to, &path, &err), 0);
    session_drop_block(&s);
    assert_int_equal(document_save_again(&d, path, &err), 0);
    assert_int_equal(stored_load(to, &stored, &err), 0);
    assert_int_equal(stored.kind, STORED_SESSION);
    assert_int_equal(stored.session.nblocks, 6);
    stored_fini(&stored);
    assert_int_equal(unlink(to), 0);
    free(to);
    to = mem_printf("%s/none/a.json", f->path);
    assert_int_equal(document_save_again(&d, to, &err), -1);
    assert_non_null(strstr(err.text, "none/a.json"));
    assert_int_equal(session_load(to, &stored.session, &err), -1);
    free(to);
    free(path);
    session_fini(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(saved_and_loaded_it_is_the_same, folder_make,
                                        folder_remove),
        cmocka_unit_test_setup_teardown(saved_again_it_replaces_what_was_there, folder_make,
                                        folder_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
