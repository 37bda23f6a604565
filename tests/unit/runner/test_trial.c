/* trial: what the load is told, and what is told when a trial cannot begin. The linker puts the
 * test's functions in front of the real ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <uv.h>

#include "base/clock.h"
#include "load/load.h"
#include "runner/trial.h"

static bool has_loops;
static struct load_spec told;
static struct sockaddr_storage told_address;

/* NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): the linker's names */
int __real_uv_loop_init(uv_loop_t *loop);
int __wrap_uv_loop_init(uv_loop_t *loop);
struct load *__wrap_load_start(uv_loop_t *loop, const struct load_spec *spec,
                               const struct load_events *events, struct err *err);

int __wrap_uv_loop_init(uv_loop_t *loop)
{
    return has_loops ? __real_uv_loop_init(loop) : UV_EMFILE;
}

struct load *__wrap_load_start(uv_loop_t *loop, const struct load_spec *spec,
                               const struct load_events *events, struct err *err)
{
    (void)loop;
    (void)events;
    told = *spec;
    told_address = spec->origins[0].addresses[0];
    (void)err_set(err, ERR_USAGE, "enough");
    return NULL;
}
/* NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming) */

static void fails(const struct plan *plan, const char *want)
{
    const struct trial_view view = {0};
    struct result r;
    struct err err = {0};
    int signal = -1;
    result_init(&r);
    assert_int_equal(trial_run(plan, &view, &r, &signal, &err), -1);
    assert_int_equal(err.kind, ERR_USAGE);
    assert_string_equal(err.text, want);
    assert_int_equal(signal, 0);
    result_fini(&r);
}

static void a_loop_that_cannot_be_made_is_an_error(void **state)
{
    (void)state;
    const struct plan plan = {.url = "http://127.0.0.1:1/", .method = "GET"};
    has_loops = false;
    fails(&plan, "no event loop; raise ulimit -n");
}

static void the_load_has_the_seed_of_the_plan(void **state)
{
    (void)state;
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof in;
    char url[64];
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&in, len), 0);
    assert_int_equal(listen(listener, 4), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&in, &len), 0);
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%d/", ntohs(in.sin_port));
    const struct plan plan = {.url = url,
                              .method = "GET",
                              .connections = 3,
                              .timeout_ns = 30 * NS_PER_S,
                              .seed = INT64_C(9007199254740991)};
    has_loops = true;
    fails(&plan, "enough");
    assert_int_equal(told.connections, 3);
    assert_int_equal(told.seed, INT64_C(9007199254740991));
    (void)close(listener);
}

static void the_load_goes_to_the_socket_of_the_plan(void **state)
{
    (void)state;
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)snprintf(un.sun_path, sizeof un.sun_path, "/tmp/bench-trial-%d.sock", (int)getpid());
    assert_int_equal(bind(listener, (struct sockaddr *)&un, sizeof un), 0);
    assert_int_equal(listen(listener, 4), 0);
    const struct plan plan = {.url = "http://no-such-host.invalid:1/",
                              .socket_path = un.sun_path,
                              .method = "GET",
                              .connections = 1,
                              .timeout_ns = 30 * NS_PER_S};
    has_loops = true;
    told = (struct load_spec){0};
    fails(&plan, "enough");
    (void)unlink(un.sun_path);
    assert_int_equal(told_address.ss_family, AF_UNIX);
    assert_string_equal(((const struct sockaddr_un *)&told_address)->sun_path, un.sun_path);
    (void)close(listener);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_loop_that_cannot_be_made_is_an_error),
        cmocka_unit_test(the_load_has_the_seed_of_the_plan),
        cmocka_unit_test(the_load_goes_to_the_socket_of_the_plan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
