#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/mem.h"
#include "http2/memory.h"

static void a_block_is_kept_for_the_next_of_its_size(void **state)
{
    (void)state;
    struct h2_memory m;
    h2_memory_init(&m);
    const nghttp2_mem *f = &m.functions;
    void *first = f->malloc(100, f->mem_user_data);
    void *second = f->malloc(100, f->mem_user_data);
    assert_ptr_not_equal(first, second);
    assert_int_equal(m.mallocs, 2);
    f->free(first, f->mem_user_data);
    f->free(second, f->mem_user_data);
    assert_int_equal(m.bytes, 0);
    assert_ptr_equal(f->malloc(90, f->mem_user_data), second);
    assert_ptr_equal(f->calloc(10, 10, f->mem_user_data), first);
    assert_int_equal(m.mallocs, 2);
    void *other = f->malloc(200, f->mem_user_data); /* of another size */
    assert_int_equal(m.mallocs, 3);
    f->free(first, f->mem_user_data);
    f->free(second, f->mem_user_data);
    f->free(other, f->mem_user_data);
    f->free(NULL, f->mem_user_data);
    assert_int_equal(m.bytes, 0);
    assert_int_equal(m.most, 2 * 128 + 256);
    h2_memory_fini(&m);
}

static void a_large_block_is_not_kept(void **state)
{
    (void)state;
    struct h2_memory m;
    h2_memory_init(&m);
    const nghttp2_mem *f = &m.functions;
    for (int i = 1; i <= 3; i++) {
        void *large = f->malloc(H2_MEMORY_KEPT_MAX, f->mem_user_data);
        memset(large, 'x', H2_MEMORY_KEPT_MAX);
        f->free(large, f->mem_user_data);
        assert_int_equal(m.mallocs, i);
    }
    assert_int_equal(m.bytes, 0);
    h2_memory_fini(&m); /* and LeakSanitizer finds nothing */
}

static void every_size_is_aligned_and_can_be_written(void **state)
{
    (void)state;
    struct h2_memory m;
    void *blocks[2300];
    h2_memory_init(&m);
    const nghttp2_mem *f = &m.functions;
    for (int turn = 0; turn < 2; turn++) {
        for (size_t size = 0; size < LEN(blocks); size++) {
            blocks[size] = f->malloc(size, f->mem_user_data);
            assert_int_equal((uintptr_t)blocks[size] % 16, 0);
            memset(blocks[size], (int)size, size);
        }
        for (size_t size = 0; size < LEN(blocks); size++) {
            const uint8_t *bytes = blocks[size];
            assert_true(size == 0 || bytes[size - 1] == (uint8_t)size);
            f->free(blocks[size], f->mem_user_data);
        }
    }
    assert_int_equal(m.bytes, 0);
    h2_memory_fini(&m);
}

static void calloc_gives_zeros_in_a_used_block(void **state)
{
    (void)state;
    static const char zeros[100];
    struct h2_memory m;
    h2_memory_init(&m);
    const nghttp2_mem *f = &m.functions;
    void *used = f->malloc(sizeof zeros, f->mem_user_data);
    memset(used, 'x', sizeof zeros);
    f->free(used, f->mem_user_data);
    void *zeroed = f->calloc(25, 4, f->mem_user_data);
    assert_ptr_equal(zeroed, used);
    assert_memory_equal(zeroed, zeros, sizeof zeros);
    f->free(zeroed, f->mem_user_data);
    h2_memory_fini(&m);
}

static void realloc_keeps_what_was_there(void **state)
{
    (void)state;
    struct h2_memory m;
    h2_memory_init(&m);
    const nghttp2_mem *f = &m.functions;
    char *text = f->realloc(NULL, 6, f->mem_user_data);
    memcpy(text, "hello", 6);
    assert_ptr_equal(f->realloc(text, 40, f->mem_user_data), text); /* it fits */
    text = f->realloc(text, 1000, f->mem_user_data);
    assert_string_equal(text, "hello");
    text = f->realloc(text, 100000, f->mem_user_data);
    assert_string_equal(text, "hello");
    f->free(text, f->mem_user_data);
    assert_int_equal(m.bytes, 0);
    h2_memory_fini(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_is_kept_for_the_next_of_its_size),
        cmocka_unit_test(a_large_block_is_not_kept),
        cmocka_unit_test(every_size_is_aligned_and_can_be_written),
        cmocka_unit_test(calloc_gives_zeros_in_a_used_block),
        cmocka_unit_test(realloc_keeps_what_was_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
