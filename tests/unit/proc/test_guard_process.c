/* The guard process: what is left when it or bench is killed, and how a target begins. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "proc/guard.h"
#include "proc/orphans.h"
#include "support/guard_scene.h"

static void a_killed_guard_takes_the_target_along(void **state)
{
    const struct scene *s = *state;
    struct guard g = scene_start("polite", s->fifo);
    scene_await_members(s, 1);
    assert_int_equal(kill(g.pid, SIGKILL), 0);
    scene_await_nobody(s);
    scene_finish(&g);
}

/* The driver stands for bench: it is killed while its target runs. */
static void a_killed_bench_leaves_nothing(void **state)
{
    const struct scene *s = *state;
    pid_t driver = fork();
    if (driver == 0) {
        struct guard first = scene_start("family", s->fifo);
        struct guard second =
            scene_start("family", s->fifo); /* has no end of the first one's lifeline */
        (void)alarm(BOUND_S);
        for (;;)
            (void)(first.pid == second.pid ? 0 : pause());
    }
    scene_await_members(s, FAMILY);
    scene_await_members(s, FAMILY);
    assert_int_equal(kill(driver, SIGKILL), 0);
    assert_int_equal(waitpid(driver, NULL, 0), driver);
    scene_await_nobody(s);
}

/* Each of the three of a run: bench, and the guards of its target. */
enum { BENCH = 1, OUTER = 2, INNER = 4 };

static void kill_together(pid_t bench, const struct guard *g, int victims)
{
    if ((victims & BENCH) != 0)
        assert_int_equal(kill(bench, SIGSTOP), 0); /* it learns nothing of the others' end */
    if ((victims & OUTER) != 0)
        assert_int_equal(kill(g->pid, SIGSTOP), 0);
    if ((victims & INNER) != 0)
        assert_int_equal(kill(g->inner_pid, SIGSTOP), 0);
    if ((victims & INNER) != 0)
        assert_int_equal(kill(g->inner_pid, SIGKILL), 0);
    if ((victims & OUTER) != 0)
        assert_int_equal(kill(g->pid, SIGKILL), 0);
    if ((victims & BENCH) != 0)
        assert_int_equal(kill(bench, SIGKILL), 0);
}

/* bench as it is in a run: it starts a target, tells of it, and sweeps when the guard is lost. */
_Noreturn static void be_bench(const struct scene *s, int tell_fd)
{
    char byte;
    (void)alarm(BOUND_S);
    (void)orphans_adopt();
    struct guard g = scene_start("family", s->fifo);
    if (write(tell_fd, &g, sizeof g) != (ssize_t)sizeof g)
        _exit(1);
    while (read(g.lifeline_fd, &byte, 1) > 0)
        continue;
    guard_end(&g);
    orphans_end();
    _exit(0);
}

static void nothing_outlives_any_two_that_are_killed_together(void **state)
{
    static const int victims[] = {BENCH, OUTER, INNER, BENCH | OUTER, BENCH | INNER, OUTER | INNER};
    struct scene *s = *state;
    for (size_t i = 0; i < LEN(victims); i++) {
        int tell[2];
        int status = 0;
        struct guard g;
        assert_int_equal(pipe(tell), 0);
        pid_t bench = fork();
        if (bench == 0)
            be_bench(s, tell[1]);
        assert_int_equal(read(tell[0], &g, sizeof g), sizeof g);
        (void)close(tell[0]);
        (void)close(tell[1]);
        scene_await_members(s, FAMILY);
        kill_together(bench, &g, victims[i]);
        scene_await_nobody(s);
        assert_int_equal(waitpid(bench, &status, 0), bench);
        assert_int_equal(WIFSIGNALED(status), (victims[i] & BENCH) != 0);
        scene_open_fifo(s); /* the old end has seen all that it ever will */
    }
}

static void a_target_is_born_clean(void **state)
{
    char text[256] = "";
    const struct scene *s = *state;
    int leak = open("/dev/null", O_RDONLY); /* without close-on-exec */
    void (*before)(int) = signal(SIGPIPE, SIG_IGN);
    struct guard g = scene_start("birth", s->fifo);
    (void)signal(SIGPIPE, before);
    (void)close(leak);
    (void)scene_read(g.out_fd, text, sizeof text - 1);
    assert_string_equal(text, "fds 0 signals 1 group 1 session 1 death 9 env GUARD_TEST=here\n");
    memset(text, 0, sizeof text);
    (void)scene_read(g.err_fd, text, sizeof text - 1);
    assert_string_equal(text, "on stderr\n");
    (void)scene_expect_end(&g);
}

static void write_file(const char *path, const char *text, mode_t mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    assert_true(fd >= 0);
    scene_write(fd, text);
    (void)close(fd);
}

static bool close_in_forks;

/* As a handler of libuv does, it closes descriptors by number in a forked child. In the guard those
 * numbers mean other files. */
static void on_forked(void)
{
    for (int fd = 3; close_in_forks && fd < 32; fd++)
        (void)close(fd);
}

static void what_cannot_be_executed_is_named(void **state)
{
    static const struct {
        const char *name, *text, *says;
        mode_t mode;
    } cases[] = {
        {"missing", NULL, "there is no file", 0},
        {"plain", "text", "chmod +x", 0600},
        {"garbage", "\x7f\x45\x4c\x46 no ELF", "not a program for this machine", 0700},
        {"script", "#!/no/such/interpreter\n", "interpreter", 0700},
    };
    const struct scene *s = *state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct guard g;
        struct err err = {0};
        char *path = mem_printf("%s/%s", s->folder, cases[i].name);
        char *words[] = {path, NULL};
        struct guard_spec spec = {.role = "target", .argv = words, .envp = environ};
        if (cases[i].text != NULL)
            write_file(path, cases[i].text, cases[i].mode);
        close_in_forks = true;
        assert_int_equal(guard_start(&spec, &g, &err), -1);
        close_in_forks = false;
        assert_int_equal(err.kind, ERR_USAGE);
        assert_non_null(strstr(err.text, cases[i].says));
        assert_non_null(strstr(err.text, path));
        (void)unlink(path);
        free(path);
    }
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* no guard stays behind */
    assert_int_equal(errno, ECHILD);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SCENE(a_killed_guard_takes_the_target_along),
        SCENE(a_killed_bench_leaves_nothing),
        SCENE(nothing_outlives_any_two_that_are_killed_together),
        SCENE(a_target_is_born_clean),
        SCENE(what_cannot_be_executed_is_named),
    };
    if (argc == 3)
        scene_act(argv[1], argv[2]);
    if (pthread_atfork(NULL, NULL, on_forked) != 0)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
