/* step: without an event loop there is an error, not a crash. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <uv.h>

#include "base/clock.h"
#include "proc/step.h"

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
    static char program[] = "/bin/true";
    char *argv[] = {program, NULL};
    struct err err = {0};
    int signal = -1;
    assert_int_equal(
        step_run(&(struct step_spec){.name = "true", .argv = argv, .limit_ns = NS_PER_S}, &signal,
                 &err),
        -1);
    assert_int_equal(err.kind, ERR_USAGE);
    assert_string_equal(err.text, "true: no event loop; raise ulimit -n");
    assert_int_equal(signal, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_loop_that_cannot_be_made_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
