#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cases/compare_cases.h"
#include "report/broker_text.h"

static void set_broker(struct arm *arm, const char *name, const char *place)
{
    char setting[] = "broker";
    char *text = mem_strdup(place);
    struct result *r = &arm->results[0];
    free(r->queue.broker);
    r->has_queue = true;
    r->queue.broker = mem_strdup(name);
    result_add_setting(r, &(struct setting){setting, SETTING_TEXT, 0, text});
    free(text);
}

static void each_broker_is_named_once(void **state)
{
    (void)state;
    static const struct report_style style = {0};
    struct comparison c;
    struct str_list notes = {0};
    assert_int_equal(compare_case("five", &c), 0);
    for (size_t i = 0; i < c.narms; i++)
        c.arms[i].results[0].has_queue = false;
    broker_notes(&c, &style, &notes);
    assert_int_equal(notes.count, 0);
    set_broker(&c.arms[1], "redis", "redis://h:1");
    set_broker(&c.arms[2], "sqlite", "private");
    set_broker(&c.arms[4], "redis", "redis://h:1");
    broker_notes(&c, &style, &notes);
    assert_int_equal(notes.count, 2);
    char *want =
        mem_printf("%s, %s: the broker is redis (redis://h:1)", c.arms[1].name, c.arms[4].name);
    assert_string_equal(notes.items[0], want);
    assert_non_null(strstr(notes.items[1], ": the broker is sqlite (private)"));
    free(want);
    str_list_fini(&notes);
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_broker_is_named_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
