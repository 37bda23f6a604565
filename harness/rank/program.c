#include "rank/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"

#define OUTPUT_MAX     ((size_t)256 << 20) /* of one document */
#define EXIT_NOT_FOUND 127

/* ---- start ---- */

struct ends {
    int out[2], err[2], talk[2];
};

static void close_pair(int pair[2])
{
    for (int i = 0; i < 2; i++) {
        if (pair[i] >= 0)
            (void)close(pair[i]);
        pair[i] = -1;
    }
}

static void close_all(struct ends *e)
{
    close_pair(e->out);
    close_pair(e->err);
    close_pair(e->talk);
}

static int open_ends(struct ends *e, enum program_talk talk, struct err *err)
{
    *e = (struct ends){{-1, -1}, {-1, -1}, {-1, -1}};
    if (pipe2(e->out, O_CLOEXEC) == 0 && pipe2(e->err, O_CLOEXEC) == 0 &&
        (talk != PROGRAM_TALKS || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, e->talk) == 0))
        return 0;
    (void)err_set(err, ERR_USAGE, "no pipe: %s", strerrordesc_np(errno));
    close_all(e);
    return -1;
}

/* Only calls that are safe after a fork of a process with threads, which MPI has. */
_Noreturn static void become(char *const *argv, enum program_talk talk, struct ends *e,
                             pid_t parent, const cpu_set_t *cores)
{
    int none = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (talk != PROGRAM_OUTLIVES)
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent || none < 0)
        _exit(EXIT_NOT_FOUND);
    if (cores != NULL)
        (void)sched_setaffinity(0, sizeof *cores, cores);
    (void)setpgid(0, 0); /* what a terminal sends comes through this program */
    (void)dup2(none, STDIN_FILENO);
    (void)dup2(e->out[1], STDOUT_FILENO);
    (void)dup2(e->err[1], STDERR_FILENO);
    if (e->talk[1] == PROGRAM_TALK_FD)
        (void)fcntl(PROGRAM_TALK_FD, F_SETFD, 0);
    else if (e->talk[1] >= 0)
        (void)dup2(e->talk[1], PROGRAM_TALK_FD);
    if (e->talk[1] >= 0) /* it runs for long, and MPI's connections are not its own */
        (void)close_range(PROGRAM_TALK_FD + 1, ~0U, 0);
    (void)execv(argv[0], argv);
    _exit(EXIT_NOT_FOUND);
}

static char **vector_of(const struct str_list *words)
{
    char **argv = mem_array(words->count + 1, sizeof *argv);
    for (size_t i = 0; i < words->count; i++)
        argv[i] = words->items[i];
    return argv;
}

static void keep(struct program *p, struct ends *e)
{
    p->out_fd = e->out[0];
    p->err_fd = e->err[0];
    p->talk_fd = e->talk[0];
    const int fds[] = {p->out_fd, p->err_fd, p->talk_fd};
    for (size_t i = 0; i < LEN(fds); i++) {
        if (fds[i] >= 0)
            (void)fcntl(fds[i], F_SETFL, O_NONBLOCK);
    }
    (void)close(e->out[1]);
    (void)close(e->err[1]);
    if (e->talk[1] >= 0)
        (void)close(e->talk[1]);
}

int program_start(struct program *p, const struct str_list *argv, enum program_talk talk,
                  const cpu_set_t *cores, struct err *err)
{
    struct ends ends;
    if (open_ends(&ends, talk, err) < 0)
        return -1;
    *p = (struct program){0};
    buf_init(&p->out, OUTPUT_MAX);
    buf_init(&p->err, OUTPUT_MAX);
    buf_init(&p->said, BUF_TEXT_MAX);
    char **vector = vector_of(argv);
    pid_t self = getpid();
    p->pid = fork();
    if (p->pid == 0)
        become(vector, talk, &ends, self, cores);
    free(vector);
    keep(p, &ends);
    if (p->pid > 0)
        return 0;
    p->pid = 0;
    program_fini(p);
    return err_set(err, ERR_USAGE, "cannot start %s: %s", argv->items[0], strerrordesc_np(errno));
}

/* ---- output ---- */

/* Reads until there is nothing; closes at the end of it. */
static void read_all(int *fd, struct buf *into)
{
    char bytes[65536];
    while (*fd >= 0) {
        ssize_t n = read(*fd, bytes, sizeof bytes);
        if (n > 0) {
            buf_add(into, bytes, (size_t)n);
            continue;
        }
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            return;
        (void)close(*fd);
        *fd = -1;
    }
}

void program_take(struct program *p)
{
    if (p->pid == 0)
        return;
    /* First, so that what it wrote before its end is read after it. */
    bool gone = waitpid(p->pid, &p->status, WNOHANG) == p->pid;
    read_all(&p->out_fd, &p->out);
    read_all(&p->err_fd, &p->err);
    read_all(&p->talk_fd, &p->said);
    if (!gone)
        return;
    p->pid = 0;
    p->ended = true;
}

char *program_line(const struct program *p, struct buf *from)
{
    if (from->len == 0)
        return NULL;
    const char *end = memchr(from->data, '\n', from->len);
    if (end == NULL && !p->ended)
        return NULL;
    size_t len = end == NULL ? from->len : (size_t)(end - from->data);
    size_t taken = end == NULL ? len : len + 1;
    char *line = mem_strndup(from->data, len);
    memmove(from->data, from->data + taken, from->len - taken + 1);
    from->len -= taken;
    return line;
}

void program_wait(const struct program *p, int ms)
{
    struct pollfd polled[] = {
        {.fd = -1, .events = POLLIN}, {.fd = -1, .events = POLLIN}, {.fd = -1, .events = POLLIN}};
    if (p->pid != 0) {
        polled[0].fd = p->out_fd;
        polled[1].fd = p->err_fd;
        polled[2].fd = p->talk_fd;
    }
    (void)poll(polled, LEN(polled), ms);
}

/* ---- to it ---- */

void program_signal(const struct program *p, int number)
{
    if (p->pid != 0)
        (void)kill(p->pid, number);
}

void program_say(const struct program *p, const char *text)
{
    if (p->talk_fd >= 0) /* some bytes, which a socket always takes */
        (void)send(p->talk_fd, text, strlen(text), MSG_NOSIGNAL);
}

/* ---- end ---- */

char *program_end_text(int status)
{
    if (WIFSIGNALED(status))
        return mem_printf("signal %d (%s)", WTERMSIG(status), sigdescr_np(WTERMSIG(status)));
    return mem_printf("exit %d", WEXITSTATUS(status));
}

void program_fini(struct program *p)
{
    const int fds[] = {p->out_fd, p->err_fd, p->talk_fd};
    if (p->out.max == 0)
        return; /* it was never started */
    if (p->pid != 0) {
        (void)kill(p->pid, SIGKILL);
        (void)waitpid(p->pid, NULL, 0);
    }
    for (size_t i = 0; i < LEN(fds); i++) {
        if (fds[i] >= 0)
            (void)close(fds[i]);
    }
    buf_fini(&p->out);
    buf_fini(&p->err);
    buf_fini(&p->said);
    *p = (struct program){0};
}
