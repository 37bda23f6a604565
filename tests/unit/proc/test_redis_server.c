/* A real redis-server, private to the test, and starts that fail. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "proc/redis_server.h"
#include "support/bounded.h"
#include "support/redis_told.h"

static bool has_file(const struct told *t, const char *name)
{
    char *path = mem_printf("%s/%s", t->folder, name);
    bool is_there = access(path, F_OK) == 0;
    free(path);
    return is_there;
}

/* Reads a whole file of /proc, with blanks for its NULs. */
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
    told_ask(t, "PING\r\n", "-NOAUTH Authentication required.\r\n");
    told_ask(t, "AUTH wrong\r\n",
             "-WRONGPASS invalid username-password pair or user is disabled.\r\n");
    told_ask_with_password(t, "PING", "+PONG");
    told_ask_with_password(t, "CONFIG GET appendonly", "*2\r\n$10\r\nappendonly\r\n$3\r\nyes");
    told_ask_with_password(t, "CONFIG GET appendfsync",
                           "*2\r\n$11\r\nappendfsync\r\n$8\r\neverysec");
    told_ask_with_password(t, "CONFIG GET save", "*2\r\n$4\r\nsave\r\n$0\r\n");
    told_ask_with_password(t, "CONFIG GET maxmemory-policy",
                           "*2\r\n$16\r\nmaxmemory-policy\r\n$10\r\nnoeviction");
    told_ask_with_password(t, "CONFIG GET bind", "*2\r\n$4\r\nbind\r\n$9\r\n127.0.0.1");
    told_ask_with_password(t, "SET kept yes", "+OK");
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
    told_stop(t);
}

static void look_for_kept(struct told *t)
{
    told_ask_with_password(t, "GET kept", "$3\r\nyes");
    told_stop(t);
}

static void it_serves_whom_it_knows_and_keeps_what_it_was_told(void **state)
{
    struct told t = told_begin();
    char first[sizeof t.password];
    (void)state;
    told_serve(&t, look_around);
    assert_int_equal(t.readies, 1);
    assert_int_equal(strncmp(t.text, "redis-server was stopped (exit 0)", 33), 0);
    assert_non_null(strstr(t.text, "ready to exit"));
    assert_false(has_file(&t, REDIS_SERVER_SOCKET));
    (void)snprintf(first, sizeof first, "%s", t.password);
    told_serve(&t, look_for_kept);
    assert_int_equal(t.readies, 1);
    assert_string_not_equal(t.password, first);
    told_drop_folder(t.folder);
}

static void kill_it(struct told *t)
{
    assert_int_equal(kill(t->pid, SIGKILL), 0);
}

static void a_killed_one_is_told(void **state)
{
    struct told t = told_begin();
    (void)state;
    told_serve(&t, kill_it);
    assert_int_equal(t.readies, 1);
    assert_non_null(strstr(t.text, "redis-server ended by itself (signal 9 (Killed)); its last "
                                   "lines:\n"));
    assert_non_null(strstr(t.text, "Server initialized"));
    told_serve(&t, told_stop); /* in spite of the socket that is left */
    assert_int_equal(t.readies, 1);
    told_drop_folder(t.folder);
}

static void the_folder_goes_with_it(void **state)
{
    struct told t = told_begin();
    (void)state;
    t.when_ready = told_stop;
    told_run(&t, &(struct redis_server_spec){.folder = t.folder,
                                             .after = REDIS_SERVER_FOLDER_REMOVED,
                                             .ready_timeout_ns = TIMEOUT_NS});
    assert_int_equal(t.readies, 1);
    assert_int_equal(access(t.folder, F_OK), -1);
    free(t.folder);
}

/* --- none, and what only has its name --- */

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
        &(struct redis_server_events){&t, told_on_ready, told_on_exit}, &err));
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
    char *folder = told_make_folder();
    fails(folder, "/nonexistent:",
          "redis-server is not in PATH; install it: apt-get install "
          "redis-server");
    free(folder);
}

static void a_path_too_long_for_a_socket_is_told(void **state)
{
    (void)state;
    char *parent = told_make_folder();
    char *folder = mem_printf("%s/%0100d", parent, 0);
    assert_int_equal(mkdir(folder, 0700), 0);
    fails(folder, "/nonexistent", "has at most 107 bytes, and this one ");
    free(folder);
    told_drop_folder(parent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOUNDED(it_serves_whom_it_knows_and_keeps_what_it_was_told),
        BOUNDED(a_killed_one_is_told),
        BOUNDED(the_folder_goes_with_it),
        BOUNDED(a_missing_program_names_the_package),
        BOUNDED(a_path_too_long_for_a_socket_is_told),
    };
    if (!told_have_redis())
        print_message("redis-server is not installed: what needs a real one is skipped\n");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
