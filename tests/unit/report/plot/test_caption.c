#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/plot_rows.h"

static void captions_say_what_is_the_same(void **state)
{
    (void)state;
    struct comparison c = plot_simple("a", 9);
    struct comparison other = plot_simple("b", 9);
    struct result *first = &c.arms[0].results[0];
    struct result *second = &other.arms[0].results[0];
    first->connections = second->connections = 100;
    first->duration_s = second->duration_s = 10.002;
    first->work_kind = mem_strdup("count");
    first->work_n = 20000000;
    first->environment.cpu_model = mem_strdup("`CPU`");
    first->environment.cores_online = 8;
    first->environment.cores_allowed = 2;
    char *text = plot_file_of(&c, "caption.dat");
    plot_expect_row(text, 0,
                    "0\t\"100 connections, 10 s, 20,000,000 counts per request\""
                    "\t\"100 connections, 10 s, 20,000,000 counts per request\"");
    plot_expect_row(text, 1, "1\t\"`CPU`, 2 of 8 cores\"\t\"`CPU`, 2 of 8 cores\"");
    free(text);
    (void)comparison_add_arm(&c, "b");
    comparison_add_result(&c, 1, 1, second);
    text = plot_file_of(&c, "caption.dat");
    plot_expect_row(text, 0,
                    "0\t\"100 connections, 10 s, work differs\""
                    "\t\"100 connections, 10 s, work differs\"");
    plot_expect_row(text, 1, "1\t\"machines differ\"\t\"machines differ\"");
    free(text);
    comparison_fini(&other);
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(captions_say_what_is_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
