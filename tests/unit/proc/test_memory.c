/* Both libraries allocate with what ends the program when there is nothing left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>
#include <uv.h>

#include "proc/memory.h"

static bool has_memory = true;

/* Instead of libc's, which both libraries and ours would call. */
/* NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming) */
void *__real_calloc(size_t count, size_t bytes);
void *__wrap_calloc(size_t count, size_t bytes);
void *__wrap_calloc(size_t count, size_t bytes)
{
    return has_memory ? __real_calloc(count, bytes) : NULL;
}
/* NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming) */

static int exit_of(void (*body)(void))
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        has_memory = false;
        body();
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void make_text(void)
{
    (void)json_object();
}

static void make_loop(void)
{
    uv_loop_t loop;
    (void)uv_loop_init(&loop);
}

static void a_library_without_memory_ends_the_program(void **state)
{
    (void)state;
    assert_int_equal(exit_of(make_text), 2);
    assert_int_equal(exit_of(make_loop), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_library_without_memory_ends_the_program),
    };
    memory_dies();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
