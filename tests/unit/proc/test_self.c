/* What this process itself has used: CPU, and a peak of memory that can be reset. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "proc/self.h"

#define BLOCK ((size_t)96 << 20)

static void a_new_peak_forgets_the_old(void **state)
{
    (void)state;
    if (access("/proc/self/clear_refs", W_OK) != 0)
        skip();
    int64_t before = proc_self_rss_peak_bytes();
    void *block = mmap(NULL, BLOCK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(block, MAP_FAILED);
    memset(block, 1, BLOCK);
    int64_t high = proc_self_rss_peak_bytes();
    assert_int_equal(munmap(block, BLOCK), 0);
    assert_true(high >= before && high >= (int64_t)BLOCK);
    assert_int_equal(proc_self_rss_peak_bytes(), high);
    proc_self_rss_peak_reset();
    assert_true(proc_self_rss_peak_bytes() < high - (int64_t)BLOCK / 2);
}

static void own_figures_are_there(void **state)
{
    (void)state;
    double user_s = 0;
    double system_s = 0;
    proc_self_cpu(&user_s, &system_s);
    assert_true(user_s >= 0 && system_s >= 0 && user_s + system_s > 0);
    assert_true(proc_self_rss_peak_bytes() > (int64_t)1 << 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_peak_forgets_the_old),
        cmocka_unit_test(own_figures_are_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
