/* trial: without an event loop there is an error, not a crash. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <uv.h>

#include "runner/trial.h"

/* NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): the linker's names */
int __wrap_uv_loop_init(uv_loop_t *loop);

int __wrap_uv_loop_init(uv_loop_t *loop)
{
    (void)loop;
    return UV_EMFILE;
}
/* NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming) */

static void a_loop_that_cannot_be_made_is_an_error(void **state)
{
    (void)state;
    const struct plan plan = {.url = "http://127.0.0.1:1/", .method = "GET"};
    const struct trial_view view = {0};
    struct result r;
    struct err err = {0};
    int signal = -1;
    result_init(&r);
    assert_int_equal(trial_run(&plan, &view, &r, &signal, &err), -1);
    assert_int_equal(err.kind, ERR_USAGE);
    assert_string_equal(err.text, "no event loop; raise ulimit -n");
    assert_int_equal(signal, 0);
    result_fini(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_loop_that_cannot_be_made_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
