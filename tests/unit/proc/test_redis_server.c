/* redis_server: a real redis-server, private to the test, and programs that only have its name. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "proc/command.h"
#include "proc/folder.h"
#include "proc/redis_server.h"

#define BOUND_S    30
#define TIMEOUT_NS (20 * NS_PER_S)
#define GRACE_NS   (10 * NS_PER_S)
#define URL_START  "redis://default:"

/* Ports that somebody has: what redis_ready is given first. The linker puts this in front of the
 * real one. */
static struct {
    int port, times;
} taken;

/* NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): the linker's names */
int __real_proc_free_port(int *out_port, struct err *err);
int __wrap_proc_free_port(int *out_port, struct err *err);

int __wrap_proc_free_port(int *out_port, struct err *err)
{
    if (taken.times == 0)
        return __real_proc_free_port(out_port, err);
    taken.times--;
    *out_port = taken.port;
    return 0;
}
/* NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming) */

/* What a server told, from its start to its end. */
struct told {
    struct redis_server *server;
    void (*when_ready)(struct told *t);
    char *folder; /* the test's */
    pid_t pid;
    int readies, exits, port;
    char url[200], password[100];
    char text[1200];
};

static bool have_redis(void)
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
    return system("command -v redis-server >/dev/null") == 0;
}

static int set_up(void **state)
{
    (void)state;
    (void)alarm(BOUND_S);
    return 0;
}

static char *make_folder(void)
{
    struct err err;
    char *path = NULL;
    if (folder_make(&path, &err) < 0)
        fail_msg("%s", err.text);
    return path;
}

/* For a real server. */
static struct told begin(void)
{
    if (!have_redis())
        skip();
    return (struct told){.folder = make_folder()};
}

static void drop_folder(char *path)
{
    int fd = folder_open(path);
    assert_true(fd >= 0);
    folder_remove(path, fd);
    assert_int_equal(access(path, F_OK), -1);
    free(path);
}

static void on_ready(void *ctx, const char *url, int port)
{
    struct told *t = ctx;
    const char *password = url + strlen(URL_START);
    t->readies++;
    t->port = port;
    t->pid = redis_server_pid(t->server);
    (void)snprintf(t->url, sizeof t->url, "%s", url);
    (void)snprintf(t->password, sizeof t->password, "%.*s", (int)strcspn(password, "@"), password);
    t->when_ready(t);
}

static void on_exit_tell(void *ctx, const char *text)
{
    struct told *t = ctx;
    t->exits++;
    (void)snprintf(t->text, sizeof t->text, "%s", text);
    redis_server_free(t->server);
}

static void run(struct told *t, const struct redis_server_spec *spec)
{
    uv_loop_t loop;
    struct err err = {0};
    struct redis_server_events events = {t, on_ready, on_exit_tell};
    assert_int_equal(uv_loop_init(&loop), 0);
    t->server = redis_server_start(&loop, spec, &events, &err);
    if (t->server == NULL)
        fail_msg("%s", err.text);
    t->pid = redis_server_pid(t->server);
    assert_int_equal(uv_run(&loop, UV_RUN_DEFAULT), 0);
    assert_int_equal(uv_loop_close(&loop), 0);
    assert_int_equal(t->exits, 1);
    assert_int_equal(kill(t->pid, 0), -1);
    assert_int_equal(errno, ESRCH);
}

/* A server in t->folder, until what when_ready begins has ended it. */
static void serve(struct told *t, void (*when_ready)(struct told *t))
{
    t->when_ready = when_ready;
    t->readies = t->exits = 0;
    run(t, &(struct redis_server_spec){.folder = t->folder, .ready_timeout_ns = TIMEOUT_NS});
}

static void stop(struct told *t)
{
    redis_server_stop(t->server, GRACE_NS);
}

/* Says it to the server's port; `want` is all that comes back. */
static void ask(const struct told *t, const char *request, const char *want)
{
    char answer[500] = "";
    size_t len = 0;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)t->port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(send(fd, request, strlen(request), MSG_NOSIGNAL), strlen(request));
    while (len < strlen(want)) {
        ssize_t n = recv(fd, answer + len, sizeof answer - 1 - len, 0);
        if (n <= 0)
            break;
        len += (size_t)n;
    }
    assert_string_equal(answer, want);
    (void)close(fd);
}

static void ask_with_password(const struct told *t, const char *request, const char *want)
{
    char *whole = mem_printf("AUTH %s\r\n%s\r\n", t->password, request);
    char *answer = mem_printf("+OK\r\n%s\r\n", want);
    ask(t, whole, answer);
    free(answer);
    free(whole);
}

static bool has_file(const struct told *t, const char *name)
{
    char *path = mem_printf("%s/%s", t->folder, name);
    bool is_there = access(path, F_OK) == 0;
    free(path);
    return is_there;
}

/* The whole file of /proc with its NULs as blanks. */
static void read_proc(pid_t pid, const char *name, char *text, size_t size)
{
    char *path = mem_printf("/proc/%d/%s", (int)pid, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    ssize_t n = read(fd, text, size - 1);
    assert_true(n > 0);
    text[n] = '\0';
    for (ssize_t i = 0; i < n; i++)
        text[i] = (char)(text[i] == '\0' ? ' ' : text[i]);
    (void)close(fd);
    free(path);
}

/* --- a real one --- */

static void look_around(struct told *t)
{
    struct stat st;
    char words[4096];
    char *url = mem_printf(URL_START "%s@127.0.0.1:%d", t->password, t->port);
    assert_string_equal(t->url, url);
    assert_int_equal(strlen(t->password), 48);
    ask(t, "PING\r\n", "-NOAUTH Authentication required.\r\n");
    ask(t, "AUTH wrong\r\n", "-WRONGPASS invalid username-password pair or user is disabled.\r\n");
    ask_with_password(t, "PING", "+PONG");
    ask_with_password(t, "CONFIG GET appendonly", "*2\r\n$10\r\nappendonly\r\n$3\r\nyes");
    ask_with_password(t, "CONFIG GET appendfsync", "*2\r\n$11\r\nappendfsync\r\n$8\r\neverysec");
    ask_with_password(t, "CONFIG GET save", "*2\r\n$4\r\nsave\r\n$0\r\n");
    ask_with_password(t, "CONFIG GET maxmemory-policy",
                      "*2\r\n$16\r\nmaxmemory-policy\r\n$10\r\nnoeviction");
    ask_with_password(t, "CONFIG GET bind", "*2\r\n$4\r\nbind\r\n$9\r\n127.0.0.1");
    ask_with_password(t, "SET kept yes", "+OK");
    assert_true(has_file(t, "appendonly.aof.manifest"));
    assert_true(has_file(t, "appendonly.aof.1.incr.aof"));
    char *socket_path = mem_printf("%s/" REDIS_SERVER_SOCKET, t->folder);
    assert_int_equal(stat(socket_path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    read_proc(t->pid, "cmdline", words, sizeof words);
    assert_null(strstr(words, t->password));
    read_proc(t->pid, "environ", words, sizeof words);
    assert_null(strstr(words, t->password));
    free(socket_path);
    free(url);
    stop(t);
}

static void look_for_kept(struct told *t)
{
    ask_with_password(t, "GET kept", "$3\r\nyes");
    stop(t);
}

static void it_serves_whom_it_knows_and_keeps_what_it_was_told(void **state)
{
    struct told t = begin();
    char first[sizeof t.password];
    (void)state;
    serve(&t, look_around);
    assert_int_equal(t.readies, 1);
    assert_int_equal(strncmp(t.text, "redis-server was stopped (exit 0)", 33), 0);
    assert_non_null(strstr(t.text, "ready to exit"));
    assert_false(has_file(&t, REDIS_SERVER_SOCKET));
    (void)snprintf(first, sizeof first, "%s", t.password);
    serve(&t, look_for_kept);
    assert_int_equal(t.readies, 1);
    assert_string_not_equal(t.password, first);
    drop_folder(t.folder);
}

static void kill_it(struct told *t)
{
    assert_int_equal(kill(t->pid, SIGKILL), 0);
}

static void a_killed_one_is_told(void **state)
{
    struct told t = begin();
    (void)state;
    serve(&t, kill_it);
    assert_int_equal(t.readies, 1);
    assert_non_null(strstr(t.text, "redis-server ended by itself (signal 9 (Killed)); its last "
                                   "lines:\n"));
    assert_non_null(strstr(t.text, "Server initialized"));
    serve(&t, stop); /* the socket that it left is no server */
    assert_int_equal(t.readies, 1);
    drop_folder(t.folder);
}

static void the_folder_goes_with_it(void **state)
{
    struct told t = begin();
    (void)state;
    t.when_ready = stop;
    run(&t, &(struct redis_server_spec){.folder = t.folder,
                                        .after = REDIS_SERVER_FOLDER_REMOVED,
                                        .ready_timeout_ns = TIMEOUT_NS});
    assert_int_equal(t.readies, 1);
    assert_int_equal(access(t.folder, F_OK), -1);
    free(t.folder);
}

/* A port that is listened on, until the descriptor is closed. */
static int take_port(int *out_port)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t len = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    *out_port = ntohs(address.sin_port);
    return fd;
}

static void ask_and_stop(struct told *t)
{
    ask(t, "PING\r\n", "-NOAUTH Authentication required.\r\n");
    ask_with_password(t, "PING", "+PONG");
    stop(t);
}

static void a_port_that_was_taken_is_changed(void **state)
{
    struct told t = begin();
    int port = 0;
    (void)state;
    int fd = take_port(&port);
    taken.port = port;
    taken.times = 4;
    serve(&t, ask_and_stop);
    assert_int_equal(t.readies, 1);
    assert_int_not_equal(t.port, port);
    taken.times = 5;
    serve(&t, stop);
    assert_int_equal(t.readies, 0);
    assert_int_equal(taken.times, 0);
    assert_non_null(strstr(t.text, "redis-server found no free port in 5 tries: "));
    assert_non_null(strstr(t.text, "Address already in use"));
    (void)close(fd);
    drop_folder(t.folder);
}

/* --- none, and what only has its name --- */

/* PATH is only the test's folder, where redis-server is this script. */
static void put_program(const char *folder, const char *script)
{
    char *path = mem_printf("%s/redis-server", folder);
    int fd = open(path, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0700);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, script, strlen(script)), strlen(script));
    (void)close(fd);
    free(path);
}

/* The old one, for restore_path; a test has one thread. */
static char *change_path(const char *path)
{
    char *old = mem_strdup_or_null(getenv("PATH")); /* NOLINT(concurrency-mt-unsafe) */
    (void)setenv("PATH", path, 1);                  /* NOLINT(concurrency-mt-unsafe) */
    return old;
}

static void restore_path(char *old)
{
    assert_non_null(old);
    (void)setenv("PATH", old, 1); /* NOLINT(concurrency-mt-unsafe): as above */
    free(old);
}

static void one_that_does_not_begin_is_given_up(void **state)
{
    static const struct {
        const char *script, *text;
        int64_t timeout_ns;
    } cases[] = {
        {"#!/bin/sh\necho no such directive >&2; exit 1\n",
         "redis-server ended before it was ready (exit 1); it must be Redis 7.0 or newer; its last "
         "lines:\nno such directive",
         TIMEOUT_NS},
        {"#!/bin/sh\nexec /bin/sleep 60\n", "redis-server was not ready after 30.0 ms",
         30 * NS_PER_MS},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct told t = {.folder = make_folder(), .when_ready = stop};
        put_program(t.folder, cases[i].script);
        char *old = change_path(t.folder);
        run(&t, &(struct redis_server_spec){.folder = t.folder,
                                            .ready_timeout_ns = cases[i].timeout_ns});
        restore_path(old);
        assert_int_equal(t.readies, 0);
        if (strstr(t.text, cases[i].text) == NULL)
            fail_msg("case %zu: '%s'", i, t.text);
        drop_folder(t.folder);
    }
}

static void a_stop_before_it_is_ready_is_enough(void **state)
{
    struct told t = begin();
    struct err err = {0};
    uv_loop_t loop;
    (void)state;
    assert_int_equal(uv_loop_init(&loop), 0);
    t.server = redis_server_start(
        &loop, &(struct redis_server_spec){.folder = t.folder, .ready_timeout_ns = TIMEOUT_NS},
        &(struct redis_server_events){&t, on_ready, on_exit_tell}, &err);
    assert_non_null(t.server);
    redis_server_stop(t.server, GRACE_NS);
    assert_int_equal(uv_run(&loop, UV_RUN_DEFAULT), 0);
    assert_int_equal(uv_loop_close(&loop), 0);
    assert_int_equal(t.readies, 0);
    assert_int_equal(t.exits, 1);
    assert_int_equal(strncmp(t.text, "redis-server was stopped (", 26), 0);
    drop_folder(t.folder);
}

/* The start fails with these words, and a folder that was to be removed is gone. */
static void fails(const char *folder, const char *path, const char *words)
{
    struct err err = {0};
    struct told t = {0};
    uv_loop_t loop;
    assert_int_equal(uv_loop_init(&loop), 0);
    char *old = change_path(path);
    assert_null(redis_server_start(
        &loop,
        &(struct redis_server_spec){
            .folder = folder, .after = REDIS_SERVER_FOLDER_REMOVED, .ready_timeout_ns = TIMEOUT_NS},
        &(struct redis_server_events){&t, on_ready, on_exit_tell}, &err));
    restore_path(old);
    assert_int_equal(uv_run(&loop, UV_RUN_DEFAULT), 0);
    assert_int_equal(uv_loop_close(&loop), 0);
    assert_int_equal(err.kind, ERR_USAGE);
    if (strstr(err.text, words) == NULL)
        fail_msg("'%s' is not in: %s", words, err.text);
    assert_int_equal(t.exits, 0);
    assert_int_equal(access(folder, F_OK), -1);
}

static void a_missing_program_names_the_package(void **state)
{
    (void)state;
    char *folder = make_folder();
    fails(folder, "/nonexistent:",
          "redis-server is not in PATH; install it: apt-get install "
          "redis-server");
    free(folder);
}

static void a_path_too_long_for_a_socket_is_told(void **state)
{
    (void)state;
    char *parent = make_folder();
    char *folder = mem_printf("%s/%0100d", parent, 0);
    assert_int_equal(mkdir(folder, 0700), 0);
    fails(folder, "/nonexistent", "has at most 107 bytes, and this one ");
    free(folder);
    drop_folder(parent);
}

#define BOUNDED(test) cmocka_unit_test_setup(test, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOUNDED(it_serves_whom_it_knows_and_keeps_what_it_was_told),
        BOUNDED(a_killed_one_is_told),
        BOUNDED(the_folder_goes_with_it),
        BOUNDED(a_port_that_was_taken_is_changed),
        BOUNDED(one_that_does_not_begin_is_given_up),
        BOUNDED(a_stop_before_it_is_ready_is_enough),
        BOUNDED(a_missing_program_names_the_package),
        BOUNDED(a_path_too_long_for_a_socket_is_told),
    };
    if (!have_redis())
        print_message("redis-server is not installed: what needs a real one is skipped\n");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
