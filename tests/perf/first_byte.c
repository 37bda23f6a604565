/* first_byte: how long a load generator takes from its start to the first byte of a request.
 *
 *     first_byte RUNS COMMAND [ARGUMENT...]
 *
 * The command is run RUNS times, one after the other, with {url} in its arguments replaced by the
 * address of a socket that listens here; each is killed once its first byte has come. Prints one
 * line of JSON. The time runs from just before exec.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/units.h"

enum { SOCKETS_MAX = 64, PATIENCE_MS = 20000 };

static int listen_here(int *port, struct err *err)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(here);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&here, len) < 0 || listen(fd, SOMAXCONN) < 0 ||
        getsockname(fd, (struct sockaddr *)&here, &len) < 0)
        return err_set(err, ERR_INVALID, "cannot listen: errno %d", errno);
    *port = ntohs(here.sin_port);
    return fd;
}

/* The command with {url} filled in; NULL-terminated, each word the caller's. */
static char **command_for(char **words, int port)
{
    size_t count = 0;
    while (words[count] != NULL)
        count++;
    char **command = mem_array(count + 1, sizeof(*command));
    for (size_t i = 0; i < count; i++) {
        char *mark = strstr(words[i], "{url}");
        command[i] = mark == NULL ? mem_strdup(words[i])
                                  : mem_printf("%.*shttp://127.0.0.1:%d/%s", (int)(mark - words[i]),
                                               words[i], port, mark + 5);
    }
    return command;
}

/* Does not return. */
static void become(char **command, int64_t *began_ns)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)dup2(null, STDIN_FILENO);
    (void)dup2(null, STDOUT_FILENO);
    (void)dup2(null, STDERR_FILENO);
    *began_ns = clock_now_ns();
    (void)execvp(command[0], command);
    _exit(127);
}

static bool any_has_bytes(const struct pollfd *sockets, nfds_t count)
{
    for (nfds_t i = 0; i < count; i++)
        if ((sockets[i].revents & POLLIN) != 0)
            return true;
    return false;
}

/* Takes what connects until any connection sends something. A client may connect several times
 * before it sends. */
static int await_byte(int listener, int64_t *came_ns, struct err *err)
{
    struct pollfd sockets[SOCKETS_MAX] = {{.fd = listener, .events = POLLIN}};
    nfds_t count = 1;
    int64_t deadline_ns = clock_now_ns() + PATIENCE_MS * NS_PER_MS;
    *came_ns = 0;
    while (*came_ns == 0 && clock_now_ns() < deadline_ns) {
        if (poll(sockets, count, PATIENCE_MS) < 0 && errno != EINTR)
            break;
        if (any_has_bytes(&sockets[1], count - 1))
            *came_ns = clock_now_ns();
        else if ((sockets[0].revents & POLLIN) != 0 && count < SOCKETS_MAX)
            sockets[count++] = (struct pollfd){.fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC),
                                               .events = POLLIN};
    }
    for (nfds_t i = 1; i < count; i++)
        (void)close(sockets[i].fd);
    return *came_ns > 0 ? 0 : err_set(err, ERR_INVALID, "the command sent nothing");
}

static int time_one(char **words, int64_t *began_ns, double *took_ms, struct err *err)
{
    int port = 0;
    int64_t came_ns = 0;
    int listener = listen_here(&port, err);
    if (listener < 0)
        return -1;
    char **command = command_for(words, port);
    pid_t pid = fork();
    if (pid == 0)
        become(command, began_ns);
    int status = pid < 0 ? err_set(err, ERR_INVALID, "fork: errno %d", errno)
                         : await_byte(listener, &came_ns, err);
    if (pid > 0) {
        (void)kill(pid, SIGKILL);
        (void)waitpid(pid, NULL, 0);
    }
    *took_ms = (double)(came_ns - *began_ns) / (double)NS_PER_MS;
    (void)close(listener);
    for (size_t i = 0; command[i] != NULL; i++)
        free(command[i]);
    free((void *)command);
    return status;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static int measure(int argc, char **argv, struct err *err)
{
    int64_t runs = 0;
    if (argc < 3)
        return err_set(err, ERR_USAGE, "usage: first_byte RUNS COMMAND [ARGUMENT...]");
    if (units_parse_count(argv[1], &runs, err) < 0)
        return err_wrap(err, "RUNS");
    if (runs < 1 || runs > 1000)
        return err_set(err, ERR_USAGE, "RUNS is 1 to 1000");
    /* Written by the command's process just before exec, read here. */
    int64_t *began_ns =
        mmap(NULL, sizeof(*began_ns), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (began_ns == MAP_FAILED)
        return err_set(err, ERR_INVALID, "mmap: errno %d", errno);
    double *took_ms = mem_array((size_t)runs, sizeof(*took_ms));
    int status = 0;
    for (int64_t i = 0; i < runs && status == 0; i++)
        status = time_one(&argv[2], began_ns, &took_ms[i], err);
    if (status == 0) {
        qsort(took_ms, (size_t)runs, sizeof(*took_ms), by_value);
        printf("{\"runs\":%lld,\"min_ms\":%.3f,\"median_ms\":%.3f,\"max_ms\":%.3f}\n",
               (long long)runs, took_ms[0], (took_ms[(runs - 1) / 2] + took_ms[runs / 2]) / 2,
               took_ms[runs - 1]);
    }
    free(took_ms);
    (void)munmap(began_ns, sizeof(*began_ns));
    return status;
}

int main(int argc, char **argv)
{
    struct err err = {0};
    if (measure(argc, argv, &err) < 0)
        (void)fprintf(stderr, "first_byte: %s\n", err.text);
    return err_exit_code(err.kind);
}
