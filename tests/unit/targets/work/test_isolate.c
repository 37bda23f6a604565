#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "targets/work/isolate.h"

static void isolates_are_a_preset_and_what_replaces_it(void **state)
{
    (void)state;
    static const struct {
        const char *preset, *boot, *memory;
        struct isolate want;
    } cases[] = {
        {"none", NULL, NULL, {0, 0}},
        {"v8", NULL, NULL, {50 * NS_PER_MS, 8703181}},
        {"v8", "0", NULL, {0, 8703181}},
        {"v8", NULL, "0", {50 * NS_PER_MS, 0}},
        {"none", "2.5", "8.3", {2500000, 8703181}},
        {"none", "20us", "64KiB", {20000, 65536}},
        {"v8", "1s", "1G", {NS_PER_S, 1 << 30}},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct isolate_figure boot = {0};
        struct isolate_figure memory = {0};
        struct err err;
        if (cases[i].boot != NULL)
            assert_int_equal(isolate_parse_boot(cases[i].boot, &boot, &err), 0);
        if (cases[i].memory != NULL)
            assert_int_equal(isolate_parse_memory(cases[i].memory, &memory, &err), 0);
        struct isolate got = isolate_choose(cases[i].preset, boot, memory);
        assert_int_equal(got.boot_ns, cases[i].want.boot_ns);
        assert_int_equal(got.bytes, cases[i].want.bytes);
    }
}

static void a_booted_isolate_has_cost_what_it_says(void **state)
{
    (void)state;
    const struct isolate isolate = {10 * NS_PER_MS, 1 << 20};
    atomic_bool stop = false;
    void *heap = NULL;
    int64_t began_ns = clock_now_ns();
    assert_true(isolate_boot(&isolate, &stop, &heap));
    assert_true(clock_now_ns() - began_ns >= isolate.boot_ns);
    for (size_t at = 0; at < (size_t)isolate.bytes; at += 4096)
        assert_int_equal(((const char *)heap)[at], 1);
    isolate_end(&isolate, heap);
    stop = true; /* as when the program ends */
    const struct isolate slow = {10 * NS_PER_S, 0};
    began_ns = clock_now_ns();
    assert_true(isolate_boot(&slow, &stop, &heap));
    assert_null(heap);
    assert_true(clock_now_ns() - began_ns < slow.boot_ns);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(isolates_are_a_preset_and_what_replaces_it),
        cmocka_unit_test(a_booted_isolate_has_cost_what_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
