/* bench-redis: runs a command with a private redis-server beside it.
 *
 * The server has a guard and ends with us, whatever ends us. The command has our stdin, stdout and
 * stderr, so it has none: when we are killed outright the kernel kills it too, but not what it has
 * started itself. Below bench, whose guard kills all of them, that is no difference. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/stdio.h"
#include "proc/redis_server.h"
#include "targets/child/private_folder.h"

#define NAME             "bench-redis"
#define READY_TIMEOUT_NS (20 * NS_PER_S)
#define GRACE_NS         (5 * NS_PER_S)

/* What a shell exits with. */
enum { EXIT_NOT_EXECUTABLE = 126, EXIT_NOT_FOUND = 127, EXIT_SIGNAL = 128 };

struct options {
    const char *folder;
    bool help, version;
};

#define AT(field) offsetof(struct options, field)
/* clang-format off */
static const struct opt rows[] = {
    {.name = "folder", .type = OPT_TEXT, .at = AT(folder), .arg = "DIR",
     .help = "An empty folder of your own for redis-server's files, which is then kept."},
    {.name = "help", .letter = 'h', .type = OPT_FLAG, .at = AT(help), .help = "Print this text."},
    {.name = "version", .letter = 'v', .type = OPT_FLAG, .at = AT(version),
     .help = "Print the version."},
    {.type = OPT_END},
};
/* clang-format on */

/* Who hears the terminal's Ctrl-C, and a signal to our process group. */
enum command_group {
    GROUP_ITS_OWN,
    GROUP_OURS, /* the command may read from a terminal: only the foreground group may */
};

struct beside {
    uv_loop_t loop;
    uv_poll_t signals;
    int signal_fd;
    uv_timer_t grace;
    struct redis_server *server; /* NULL: gone */
    char **argv;
    enum command_group group;
    sigset_t mask; /* we were started with it, and so is the command */
    pid_t command; /* 0: not yet, or not any more */
    bool ending;   /* the exit code is known */
    int code;
};

/* --- its end --- */

static void close_when_gone(struct beside *b)
{
    if (b->server != NULL || b->command != 0)
        return;
    uv_close((uv_handle_t *)&b->signals, NULL);
    uv_close((uv_handle_t *)&b->grace, NULL);
}

static void end_with(struct beside *b, int code)
{
    if (!b->ending)
        b->code = code;
    b->ending = true;
    if (b->server != NULL)
        redis_server_stop(b->server, GRACE_NS);
    close_when_gone(b);
}

static void signal_command(const struct beside *b, int number)
{
    (void)kill(b->group == GROUP_ITS_OWN ? -b->command : b->command, number);
}

/* What it has left in its group ends as well: not reaped yet, the group is still its own. */
static void reap_command(struct beside *b)
{
    siginfo_t info = {0};
    int status = 0;
    if (b->command == 0 ||
        waitid(P_PID, (id_t)b->command, &info, WEXITED | WNOHANG | WNOWAIT) < 0 || info.si_pid == 0)
        return;
    if (b->group == GROUP_ITS_OWN)
        signal_command(b, SIGKILL);
    (void)waitpid(b->command, &status, 0);
    b->command = 0;
    (void)uv_timer_stop(&b->grace);
    end_with(b, WIFSIGNALED(status) ? EXIT_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status));
}

static void on_grace_over(uv_timer_t *timer)
{
    signal_command(timer->data, SIGKILL);
}

static void on_server_exit(void *ctx, const char *text)
{
    struct beside *b = ctx;
    redis_server_free(b->server);
    b->server = NULL;
    if (!b->ending)
        log_error("%s", text);
    if (b->command != 0) {
        signal_command(b, SIGTERM);
        uv_update_time(&b->loop);
        (void)uv_timer_start(&b->grace, on_grace_over, GRACE_NS / NS_PER_MS, 0);
    }
    end_with(b, EXIT_FAILURE);
}

/* --- the command --- */

_Noreturn static void become_command(const struct beside *b, pid_t parent, int errno_fd)
{
    if (b->group == GROUP_ITS_OWN)
        (void)setpgid(0, 0);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(EXIT_NOT_FOUND); /* it was killed before the line above */
    (void)pthread_sigmask(SIG_SETMASK, &b->mask, NULL);
    (void)execvp(b->argv[0], b->argv);
    int number = errno;
    _exit(write(errno_fd, &number, sizeof number) < 0 ? EXIT_NOT_EXECUTABLE : EXIT_NOT_FOUND);
}

/* 0, or the errno of what failed. The pipe closes on exec, so reading it tells whether exec worked.
 * _Fork, since the loop's own handlers of a fork have nothing to do here. */
static int start_command(struct beside *b)
{
    int ends[2];
    int number = 0;
    pid_t self = getpid();
    if (pipe2(ends, O_CLOEXEC) < 0)
        return errno;
    b->command = _Fork();
    if (b->command == 0)
        become_command(b, self, ends[1]);
    if (b->command < 0)
        number = errno;
    (void)close(ends[1]);
    bool failed = b->command < 0 || read(ends[0], &number, sizeof number) > 0;
    (void)close(ends[0]);
    if (failed && b->command > 0)
        (void)waitpid(b->command, NULL, 0);
    if (failed)
        b->command = 0;
    return number;
}

static void on_server_ready(void *ctx, const char *url, int port)
{
    struct beside *b = ctx;
    (void)port;
    (void)setenv("REDIS_URL", url, 1); /* NOLINT(concurrency-mt-unsafe): one thread */
    int number = start_command(b);
    if (number == 0)
        return;
    log_error("cannot run %s: %s", b->argv[0],
              number == ENOENT ? "it is not found" : strerrordesc_np(number));
    end_with(b, number == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE);
}

/* --- signals --- */

/* A signal of the terminal has reached all of the foreground group. */
static void pass_on(struct beside *b, const struct signalfd_siginfo *info)
{
    int number = (int)info->ssi_signo;
    if (b->command == 0)
        end_with(b, EXIT_SIGNAL + number);
    else if (b->group == GROUP_ITS_OWN || info->ssi_code != SI_KERNEL)
        signal_command(b, number);
}

static void on_signals(uv_poll_t *poll, int status, int events)
{
    struct beside *b = poll->data;
    struct signalfd_siginfo info;
    (void)status;
    (void)events;
    while (!uv_is_closing((uv_handle_t *)poll) &&
           read(b->signal_fd, &info, sizeof info) == (ssize_t)sizeof info) {
        if (info.ssi_signo == SIGCHLD)
            reap_command(b);
        else
            pass_on(b, &info);
    }
}

static int open_signals(struct beside *b, struct err *err)
{
    static const int numbers[] = {SIGTERM, SIGINT, SIGHUP, SIGCHLD};
    sigset_t watched;
    (void)signal(SIGCHLD, SIG_DFL); /* ignored, as some parents leave it, it would tell nothing */
    (void)sigemptyset(&watched);
    for (size_t i = 0; i < LEN(numbers); i++)
        (void)sigaddset(&watched, numbers[i]);
    (void)pthread_sigmask(SIG_BLOCK, &watched, &b->mask);
    b->signal_fd = signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
    if (b->signal_fd < 0)
        return err_set(err, ERR_USAGE, "signalfd: %s", strerrordesc_np(errno));
    (void)uv_poll_init(&b->loop, &b->signals, b->signal_fd);
    (void)uv_poll_start(&b->signals, UV_READABLE, on_signals);
    (void)uv_timer_init(&b->loop, &b->grace);
    b->signals.data = b;
    b->grace.data = b;
    return 0;
}

/* --- main --- */

static int run_in(struct beside *b, const char *folder, enum redis_server_folder after,
                  struct err *err)
{
    const struct redis_server_events events = {b, on_server_ready, on_server_exit};
    const struct redis_server_spec spec = {
        .folder = folder, .after = after, .ready_timeout_ns = READY_TIMEOUT_NS};
    b->server = redis_server_start(&b->loop, &spec, &events, err);
    if (b->server == NULL)
        return -1;
    (void)uv_run(&b->loop, UV_RUN_DEFAULT);
    return 0;
}

/* The guard of the server removes the folder also when we are killed; the lock on it is for the
 * case that the guard is killed with us. */
static int run_in_private(struct beside *b, struct err *err)
{
    struct private_folder *folder = private_folder_make(NAME, err);
    int failed = folder == NULL
                     ? -1
                     : run_in(b, private_folder_path(folder), REDIS_SERVER_FOLDER_REMOVED, err);
    private_folder_remove(folder);
    return failed;
}

static int run(struct beside *b, const char *folder, struct err *err)
{
    (void)uv_loop_init(&b->loop);
    if (open_signals(b, err) < 0)
        return -1;
    int failed =
        folder == NULL ? run_in_private(b, err) : run_in(b, folder, REDIS_SERVER_FOLDER_KEPT, err);
    if (failed < 0) {
        close_when_gone(b);
        (void)uv_run(&b->loop, UV_RUN_DEFAULT);
    }
    (void)uv_loop_close(&b->loop);
    (void)close(b->signal_fd);
    return failed;
}

/* How many words of argv are ours: up to the command, whose options are its own. */
static int our_words(int argc, char **argv)
{
    int count = 1;
    while (count < argc && argv[count][0] == '-' && strcmp(argv[count], "--") != 0)
        count += strcmp(argv[count], "--folder") == 0 && count + 1 < argc ? 2 : 1;
    return count;
}

static int print_help(const struct opt_group *groups)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    buf_puts(&out, "Usage: " NAME " [options] COMMAND [ARG...]\n\n"
                   "Runs a command with a private redis-server beside it and exits with the "
                   "command's code. The\nserver's address is in the variable REDIS_URL: "
                   "redis://default:PASSWORD@127.0.0.1:PORT.\nSIGTERM, SIGINT and SIGHUP are "
                   "passed on to the command. When it has ended, redis-server\nis ended and all "
                   "that it stored is removed, but for what is in a --folder.\n\n"
                   "Exit codes: the command's; 128 and its number for a signal; 127 when the "
                   "command is not\nfound, 126 when it cannot be executed; 1 when redis-server "
                   "ends first, 2 when there is none.\n");
    opt_help(groups, &out);
    (void)fputs(out.data, stdout);
    buf_fini(&out);
    return 0;
}

/* The option part of the man page, from the rows; scripts/man puts it there. */
static int print_man(const struct opt_group *groups)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    opt_man(groups, &out);
    (void)fputs(out.data, stdout);
    buf_fini(&out);
    return 0;
}

int main(int argc, char **argv)
{
    struct err err = {0};
    struct opt_given given;
    struct options options = {0};
    const struct opt_group groups[] = {{"Options", rows, &options}, {0}};
    struct beside b = {.group = isatty(STDIN_FILENO) ? GROUP_OURS : GROUP_ITS_OWN};
    stdio_reserve();
    log_set_program(NAME);
    if (argc == 2 && strcmp(argv[1], "--man-options") == 0)
        return print_man(groups);
    int ours = our_words(argc, argv);
    int failed = opt_parse(groups, ours, argv, &given, &err);
    if (failed == 0 && options.help)
        return print_help(groups);
    if (failed == 0 && options.version) {
        (void)puts(NAME " " BENCH_VERSION);
        return 0;
    }
    b.argv = argv + ours;
    if (b.argv[0] != NULL && strcmp(b.argv[0], "--") == 0)
        b.argv++;
    if (failed == 0 && b.argv[0] == NULL)
        failed = err_set(&err, ERR_USAGE, "no command is given; see --help");
    if (failed == 0)
        failed = run(&b, options.folder, &err);
    if (failed < 0)
        log_error("%s", err.text);
    return failed < 0 ? err_exit_code(err.kind) : b.code;
}
