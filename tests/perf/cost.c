/* cost: runs a command and tells what it cost, itself and the server that it put load on.
 *
 *     cost FILE SERVER_PID COMMAND [ARGUMENT...]
 *
 * SERVER_PID 0: no server. Writes one line of JSON to FILE; the command keeps stdin, stdout and
 * stderr, and its exit code becomes ours (128 + the signal that ended it).
 *
 * Source  wait4(2): ru_maxrss is the peak of the largest process waited for, CPU is the sum.
 *         proc(5): fields 14 and 15 of stat, in clock ticks.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/units.h"

struct cost {
    int exit_code;
    int64_t took_ns;
    struct rusage used;
    double server_s; /* -1: no server, or it is gone */
};

/* CPU that a process has used, in seconds; -1 when it cannot be read. */
static double cpu_of(int64_t pid)
{
    char path[64];
    char text[1024];
    (void)snprintf(path, sizeof(path), "/proc/%lld/stat", (long long)pid);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return -1;
    size_t len = fread(text, 1, sizeof(text) - 1, file);
    (void)fclose(file);
    text[len] = '\0';
    /* The name in field 2 may hold anything, blanks and brackets too. */
    char *at = strrchr(text, ')');
    for (int field = 2; at != NULL && field < 14; field++)
        at = strchr(at + 1, ' ');
    if (at == NULL)
        return -1;
    char *end = NULL;
    unsigned long long user = strtoull(at, &end, 10);
    unsigned long long kernel = strtoull(end, NULL, 10);
    return (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
}

static int run(char **command, struct cost *cost, struct err *err)
{
    int64_t begin_ns = clock_now_ns();
    pid_t pid = fork();
    if (pid < 0)
        return err_set(err, ERR_INVALID, "fork: errno %d", errno);
    if (pid == 0) {
        /* Who ends us ends the command. */
        (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
        (void)execvp(command[0], command);
        _exit(127);
    }
    int status = 0;
    pid_t got = 0;
    do {
        got = wait4(pid, &status, 0, &cost->used);
    } while (got < 0 && errno == EINTR);
    if (got < 0)
        return err_set(err, ERR_INVALID, "wait4: errno %d", errno);
    cost->took_ns = clock_now_ns() - begin_ns;
    cost->exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return 0;
}

static double seconds_of(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static int report(const char *path, const struct cost *cost, struct err *err)
{
    FILE *file = fopen(path, "we");
    if (file == NULL)
        return err_set(err, ERR_USAGE, "%s cannot be written: errno %d", path, errno);
    (void)fprintf(file, "{\"exit\":%d,\"seconds\":%.6f,\"cpu_user_s\":%.6f,\"cpu_system_s\":%.6f,",
                  cost->exit_code, (double)cost->took_ns / (double)NS_PER_S,
                  seconds_of(cost->used.ru_utime), seconds_of(cost->used.ru_stime));
    (void)fprintf(file, "\"rss_peak_bytes\":%lld,", (long long)cost->used.ru_maxrss * 1024);
    if (cost->server_s < 0)
        (void)fprintf(file, "\"server_cpu_s\":null}\n");
    else
        (void)fprintf(file, "\"server_cpu_s\":%.3f}\n", cost->server_s);
    if (fclose(file) != 0)
        return err_set(err, ERR_USAGE, "%s cannot be written: errno %d", path, errno);
    return 0;
}

static int measure(int argc, char **argv, struct cost *cost, struct err *err)
{
    int64_t server = 0;
    if (argc < 4)
        return err_set(err, ERR_USAGE, "usage: cost FILE SERVER_PID COMMAND [ARGUMENT...]");
    if (units_parse_count(argv[2], &server, err) < 0)
        return err_wrap(err, "SERVER_PID");
    double before_s = server > 0 ? cpu_of(server) : -1;
    if (run(&argv[3], cost, err) < 0)
        return -1;
    double after_s = server > 0 ? cpu_of(server) : -1;
    cost->server_s = before_s < 0 || after_s < 0 ? -1 : after_s - before_s;
    return report(argv[1], cost, err);
}

int main(int argc, char **argv)
{
    struct err err = {0};
    struct cost cost = {0};
    if (measure(argc, argv, &cost, &err) < 0) {
        (void)fprintf(stderr, "cost: %s\n", err.text);
        return err_exit_code(err.kind);
    }
    return cost.exit_code;
}
