/* bench-redis: runs a command with a private redis-server beside it.
 *
 * Below the guard of an arm, the redis-server that the arm needs belongs to the arm's own
 * processes, so it is sampled and ended with them. A user's own --cmd can have such a server in the
 * same way.
 *
 * The server has a guard of its own and ends with this program, whatever ends it. The command has
 * our stdin, stdout and stderr, and so it has no guard: when this program is killed outright the
 * kernel kills the command too, but not what the command has started. Below bench that makes no
 * difference, since the guard of the arm kills everything.
 */
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
#include "base/fds.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/secret.h"
#include "base/stdio.h"
#include "proc/folder.h"
#include "proc/memory.h"
#include "proc/redis_server.h"

#define NAME             "bench-redis"
#define READY_TIMEOUT_NS (20 * NS_PER_S)
#define GRACE_NS         (5 * NS_PER_S)
#define FDS              32

/* Exit codes as a shell uses them. */
enum { EXIT_NOT_EXECUTABLE = 126, EXIT_NOT_FOUND = 127, EXIT_SIGNAL = 128 };

/* Of a write to a pipe that nobody reads, or to a file at its limit (ulimit -f): it fails instead.
 */
static const int write_signals[] = {SIGPIPE, SIGXFSZ};

struct options {
    const char *folder;
    bool help, version;
};

#define AT(field) offsetof(struct options, field)
/* clang-format off */
static const struct opt rows[] = {
    {.name = "folder", .type = OPT_TEXT, .at = AT(folder), .arg = "DIR",
     .help = "An empty folder of your own for redis-server's files; they are kept."},
    {.name = "help", .letter = 'h', .type = OPT_FLAG, .at = AT(help), .help = "Print this text."},
    {.name = "version", .letter = 'v', .type = OPT_FLAG, .at = AT(version),
     .help = "Print the version."},
    {.type = OPT_END},
};
/* clang-format on */

/* The process group that the command is in. The terminal's Ctrl-C goes to ours. */
enum command_group {
    GROUP_ITS_OWN, /* so that all that it leaves running can be ended */
    GROUP_OURS,    /* stdin is a terminal, from which only the foreground group may read */
};

struct beside {
    uv_loop_t loop;
    uv_poll_t signals;
    int signal_fd;
    uv_timer_t grace;
    struct redis_server *server; /* NULL: gone */
    char **argv;
    enum command_group group;
    sigset_t mask; /* this and `before` are as this program was started, for the command */
    struct sigaction before[LEN(write_signals)];
    pid_t command; /* 0: not started yet, or ended */
    bool ending;   /* the exit code is known */
    int code;
};

/* ---- the end ---- */

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

/* Kills what the command has left in its group before reaping it: until then no other process can
 * have the group's number. */
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

/* ---- the command ---- */

_Noreturn static void become_command(const struct beside *b, pid_t parent, int errno_fd)
{
    if (b->group == GROUP_ITS_OWN)
        (void)setpgid(0, 0);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(EXIT_NOT_FOUND); /* the parent ended before the call above */
    (void)pthread_sigmask(SIG_SETMASK, &b->mask, NULL);
    for (size_t i = 0; i < LEN(write_signals); i++)
        (void)sigaction(write_signals[i], &b->before[i], NULL);
    (void)execvp(b->argv[0], b->argv);
    int number = errno;
    _exit(write(errno_fd, &number, sizeof number) < 0 ? EXIT_NOT_EXECUTABLE : EXIT_NOT_FOUND);
}

/* Returns 0 or an errno. The pipe closes on exec, so a read without data means that exec worked.
 * _Fork does not run libuv's fork handlers. */
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

/* ---- signals ---- */

/* A signal from the terminal (SI_KERNEL) has reached the whole foreground group already. */
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

static void ignore_write_signals(struct beside *b)
{
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    for (size_t i = 0; i < LEN(write_signals); i++)
        (void)sigaction(write_signals[i], &ignore, &b->before[i]);
}

static int open_signals(struct beside *b, struct err *err)
{
    static const int numbers[] = {SIGTERM, SIGINT, SIGHUP, SIGCHLD};
    sigset_t watched;
    (void)signal(SIGCHLD, SIG_DFL); /* a parent may leave it ignored, and then none is sent */
    (void)sigemptyset(&watched);
    for (size_t i = 0; i < LEN(numbers); i++)
        (void)sigaddset(&watched, numbers[i]);
    (void)pthread_sigmask(SIG_BLOCK, &watched, &b->mask);
    b->signal_fd = signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
    if (b->signal_fd < 0)
        return err_set(err, ERR_USAGE, "signalfd: %s", strerrordesc_np(errno));
    int failed = uv_poll_init(&b->loop, &b->signals, b->signal_fd);
    if (failed < 0)
        return err_set(err, ERR_USAGE, "signals: %s", uv_strerror(failed));
    (void)uv_poll_start(&b->signals, UV_READABLE, on_signals);
    (void)uv_timer_init(&b->loop, &b->grace);
    b->signals.data = b;
    b->grace.data = b;
    return 0;
}

/* ---- main ---- */

/* `given` is NULL for a temporary folder. The guard of the server removes it, also when this
 * program is killed; if the guard is killed as well, folder_sweep does, because the lock is free
 * then. */
static int run(struct beside *b, const char *given, struct err *err)
{
    const struct redis_server_events events = {b, on_server_ready, on_server_exit};
    if (fds_reserve(FDS, NULL, err) < 0)
        return -1;
    if (uv_loop_init(&b->loop) < 0)
        return err_set(err, ERR_USAGE, "no event loop; raise ulimit -n");
    if (open_signals(b, err) < 0)
        return -1;
    struct folder *own = given == NULL ? folder_make(NAME, err) : NULL;
    const struct redis_server_spec spec = {.folder = own != NULL ? folder_path(own) : given,
                                           .after = own != NULL ? REDIS_SERVER_FOLDER_REMOVED
                                                                : REDIS_SERVER_FOLDER_KEPT,
                                           .ready_timeout_ns = READY_TIMEOUT_NS};
    if (spec.folder != NULL)
        b->server = redis_server_start(&b->loop, &spec, &events, err);
    int failed = b->server == NULL ? -1 : 0;
    if (failed < 0)
        close_when_gone(b);
    (void)uv_run(&b->loop, UV_RUN_DEFAULT);
    (void)uv_loop_close(&b->loop);
    (void)close(b->signal_fd);
    folder_remove(own);
    return failed;
}

/* How many arguments are ours: those before the command. */
static int our_words(int argc, char **argv)
{
    int count = 1;
    while (count < argc && argv[count][0] == '-' && strcmp(argv[count], "--") != 0)
        count += strcmp(argv[count], "--folder") == 0 && count + 1 < argc ? 2 : 1;
    return count;
}

static int print_help(const struct opt_group *groups, struct err *err)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    buf_puts(&out, "Usage: " NAME " [options] COMMAND [ARG...]\n\n"
                   "Runs a command with a private redis-server beside it and exits with the "
                   "command's code. The\nserver's address is in the variable REDIS_URL: "
                   "redis://default:PASSWORD@127.0.0.1:PORT.\nSIGTERM, SIGINT and SIGHUP are "
                   "passed on to the command. When the command has ended,\nredis-server is ended "
                   "too, and all that it stored is removed unless --folder is given.\n\n"
                   "Exit codes: the command's; 128 and its number for a signal; 127 when the "
                   "command is not\nfound, 126 when it cannot be executed; 1 when redis-server "
                   "ends first, 2 when there is none.\n");
    opt_help(groups, &out);
    int failed = stdio_print(out.data, err);
    buf_fini(&out);
    return failed;
}

/* `command` is what follows our own arguments. */
static int act(struct beside *b, const struct opt_group *groups, char **command, struct err *err)
{
    const struct options *options = groups[0].into;
    if (options->help)
        return print_help(groups, err);
    if (options->version)
        return stdio_print(NAME " " BENCH_VERSION "\n", err);
    b->argv = command;
    if (b->argv[0] != NULL && strcmp(b->argv[0], "--") == 0)
        b->argv++;
    if (b->argv[0] == NULL)
        return err_set(err, ERR_USAGE, "no command is given; see --help");
    return run(b, options->folder, err);
}

int main(int argc, char **argv)
{
    struct err err = {0};
    struct opt_given given;
    struct options options = {0};
    const struct opt_group groups[] = {{"Options", rows, &options}, {0}};
    struct beside b = {.group = isatty(STDIN_FILENO) ? GROUP_OURS : GROUP_ITS_OWN};
    int failed = 0;
    int ours = our_words(argc, argv);
    memory_dies();
    ignore_write_signals(&b);
    secret_hide(argc, argv);
    stdio_reserve();
    log_set_program(NAME);
    if (argc == 2 && strcmp(argv[1], "--man-options") == 0)
        failed = opt_print_man(groups, &err);
    else if (opt_parse(groups, ours, argv, &given, &err) < 0 ||
             act(&b, groups, argv + ours, &err) < 0)
        failed = -1;
    if (failed < 0)
        log_error("%s", err.text);
    return failed < 0 ? err_exit_code(err.kind) : b.code;
}
