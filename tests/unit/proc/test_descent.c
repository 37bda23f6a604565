#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proc/descent.h"
#include "proc/guard.h"
#include "support/bounded.h"
#include "support/sampled_target.h"

static void a_scan_finds_each_descendant_once(void **state)
{
    (void)state;
    struct descent d;
    struct guard g = sampled_start("nested");
    sampled_await(&g, "up\n");
    descent_init(&d, g.pid);
    assert_int_equal(descent_scan(&d), 5); /* inner guard, target, its guards, the service */
    assert_int_equal(d.family[1], g.inner_pid);
    assert_int_equal(d.family[2], g.target_pid);
    assert_int_equal(descent_scan(&d), 0);
    assert_true(d.nforeign > 0);
    descent_forget(&d);
    assert_int_equal(descent_scan(&d), 0);
    descent_remove(&d, g.target_pid);
    assert_int_equal(d.nfamily, 5);
    assert_int_equal(descent_scan(&d), 1);
    descent_fini(&d);
    sampled_finish(&g);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        BOUNDED(a_scan_finds_each_descendant_once),
    };
    if (argc == 2)
        sampled_act(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
