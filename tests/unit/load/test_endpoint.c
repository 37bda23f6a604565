/* The socket of a path: what is found, and what is told of one that is not. The linker puts the
 * test's poll in front of the real one: while the endpoint waits for room in a listen queue, the
 * test makes some. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "load/endpoint.h"

#define PATIENT_NS (60 * NS_PER_S)

static int accepts = -1; /* the listener that gets room in the next wait; -1: none */
static int waits;        /* without a descriptor */

/* NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): the linker's names */
int __real_poll(struct pollfd *fds, nfds_t count, int timeout_ms);
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout_ms);

int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
    waits += count == 0;
    if (count > 0 || accepts < 0)
        return __real_poll(fds, count, timeout_ms);
    (void)close(accept(accepts, NULL, NULL));
    accepts = -1;
    return 0;
}
/* NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming) */

/* --- a folder of its own, which is the current one --- */

static int enter_folder(void **state)
{
    char *folder = mem_strdup("/tmp/bench-endpoint-XXXXXX");
    *state = folder;
    waits = 0;
    return mkdtemp(folder) == NULL ? -1 : chdir(folder);
}

static int leave_folder(void **state)
{
    static const char *const names[] = {"app.sock", "file"};
    char *folder = *state;
    for (size_t i = 0; i < LEN(names); i++)
        (void)unlink(names[i]);
    int failed = chdir("/") < 0 || rmdir(folder) < 0;
    free(folder);
    return failed ? -1 : 0;
}

static int socket_at(const char *path, int type)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
    memcpy(address.sun_path, path, strlen(path));
    assert_return_code(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

/* The kernel lets one client more wait than it is told. */
static int listener_for(int clients)
{
    int fd = socket_at("app.sock", SOCK_STREAM);
    assert_return_code(listen(fd, clients - 1), 0);
    return fd;
}

static void fails(const char *path, int64_t timeout_ns, enum err_kind kind, const char *want)
{
    struct endpoint got;
    struct err err = {0};
    assert_int_equal(endpoint_find_path(path, timeout_ns, &got, &err), -1);
    assert_int_equal(err.kind, kind);
    if (strstr(err.text, want) == NULL)
        fail_msg("\"%s\" lacks \"%s\"", err.text, want);
}

/* --- tests --- */

static void a_socket_with_a_listener_is_found(void **state)
{
    (void)state;
    struct endpoint got;
    struct err err;
    int listener = listener_for(8);
    assert_int_equal(endpoint_find_path("app.sock", PATIENT_NS, &got, &err), 0);
    const struct sockaddr_un *at = (const struct sockaddr_un *)&got.addresses[0];
    assert_int_equal(got.addresses[0].ss_family, AF_UNIX);
    assert_string_equal(at->sun_path, "app.sock");
    assert_string_equal(got.text, "app.sock");
    /* It was connected to, and let go of. */
    char byte;
    int client = accept(listener, NULL, NULL);
    assert_return_code(client, 0);
    assert_int_equal(recv(client, &byte, 1, 0), 0);
    (void)close(client);
    (void)close(listener);
}

static void each_other_file_is_told(void **state)
{
    (void)state;
    int file = open("file", O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    assert_return_code(file, 0);
    (void)close(file);
    fails("none", PATIENT_NS, ERR_INVALID,
          "cannot connect to none: No such file or directory (errno 2): start the server");
    fails("file/app.sock", PATIENT_NS, ERR_INVALID, "Not a directory (errno 20)");
    fails("file", PATIENT_NS, ERR_INVALID, "cannot connect to file: it is not a socket");
    (void)close(listener_for(8));
    fails("app.sock", PATIENT_NS, ERR_INVALID,
          "Connection refused (errno 111): no server listens there any more");
    (void)unlink("app.sock");
    int datagrams = socket_at("app.sock", SOCK_DGRAM);
    fails("app.sock", PATIENT_NS, ERR_INVALID, "it is not a stream socket");
    (void)close(datagrams);
    assert_int_equal(waits, 0);
}

static void a_socket_that_is_shut_to_us_is_told(void **state)
{
    (void)state;
    if (geteuid() == 0)
        skip(); /* to root everything is open */
    int listener = listener_for(8);
    assert_return_code(chmod("app.sock", 0), 0);
    fails("app.sock", PATIENT_NS, ERR_INVALID,
          "Permission denied (errno 13): connecting takes write permission");
    (void)close(listener);
}

static void a_path_that_no_socket_can_have_is_refused(void **state)
{
    (void)state;
    char longest[ENDPOINT_PATH_MAX + 2];
    struct err err;
    memset(longest, 'x', sizeof longest);
    longest[ENDPOINT_PATH_MAX + 1] = '\0';
    fails(longest, PATIENT_NS, ERR_USAGE, "has at most 107 bytes, and this one has 108");
    longest[ENDPOINT_PATH_MAX] = '\0';
    assert_int_equal(endpoint_check_path(longest, &err), 0);
    fails(longest, PATIENT_NS, ERR_INVALID, "No such file or directory");
    fails("", PATIENT_NS, ERR_USAGE, "'' is not a path");
    fails("@app", PATIENT_NS, ERR_USAGE, "abstract socket");
    assert_int_equal(endpoint_check_path("./@app", &err), 0);
}

/* One client waits, and there is no room for another. */
static void a_full_listen_queue_is_waited_for(void **state)
{
    (void)state;
    struct endpoint got;
    struct err err;
    int listener = listener_for(1);
    assert_int_equal(endpoint_find_path("app.sock", PATIENT_NS, &got, &err), 0);
    assert_int_equal(waits, 0);
    fails("app.sock", 0, ERR_INVALID, "its listen queue is full");
    assert_int_equal(waits, 0);
    accepts = listener;
    assert_int_equal(endpoint_find_path("app.sock", PATIENT_NS, &got, &err), 0);
    assert_int_equal(waits, 1);
    (void)close(listener);
}

static void a_signal_ends_the_wait(void **state)
{
    (void)state;
    sigset_t set;
    sigset_t before;
    struct endpoint got;
    struct err err;
    int signal = 0;
    int listener = listener_for(1);
    assert_int_equal(endpoint_find_path("app.sock", PATIENT_NS, &got, &err), 0);
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGINT);
    (void)pthread_sigmask(SIG_BLOCK, &set, &before);
    (void)raise(SIGINT);
    fails("app.sock", PATIENT_NS, ERR_INTERRUPTED, "interrupted while connecting to app.sock");
    assert_int_equal(sigwait(&set, &signal), 0);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    (void)close(listener);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_socket_with_a_listener_is_found),
        IN_FOLDER(each_other_file_is_told),
        IN_FOLDER(a_socket_that_is_shut_to_us_is_told),
        IN_FOLDER(a_path_that_no_socket_can_have_is_refused),
        IN_FOLDER(a_full_listen_queue_is_waited_for),
        IN_FOLDER(a_signal_ends_the_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
