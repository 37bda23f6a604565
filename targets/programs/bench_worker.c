/* bench-worker: runs the jobs of bench-target's queue; a server of its own, for its counters. */
#include <string.h>

#include "proc/memory.h"
#include "targets/http/program.h"
#include "targets/strategies/strategies.h"

static const struct strategy *choose(const char *name, struct err *err)
{
    (void)name;
    (void)err;
    return &strategy_worker;
}

/* The gateway's --worker-concurrency is --concurrency here. */
static void rename_row(struct opt *rows, const char *from, const char *to)
{
    for (; rows->type != OPT_END; rows++) {
        if (strcmp(rows->name, from) == 0)
            rows->name = to;
    }
}

static void tell_variable(struct buf *out)
{
    buf_puts(out, "\nWithout --broker the URL is read from the variable " BROKER_VARIABLE
                  ". Use it for a URL with a\npassword: every user of the machine can read a "
                  "command line, and only you the variable.\n");
}

int main(int argc, char **argv)
{
    static const char *const of_server[] = {"host", "port", NULL};
    /* clang-format off */
    static const char *const of_target[] = {
        "work", "max-work", "max-header", "max-body", "idle-timeout", "allow-host", "grace",
        "broker", "broker-sync", "queue", "prefix", "worker-concurrency", "job-attempts",
        "job-backoff", "job-lease", "stalled-interval", "keep-jobs", NULL};
    /* clang-format on */
    struct opt server_rows[PROGRAM_ROWS_MAX];
    struct opt target_rows[PROGRAM_ROWS_MAX];
    program_pick_rows(server_opts, of_server, server_rows);
    program_pick_rows(target_opts, of_target, target_rows);
    rename_row(target_rows, "worker-concurrency", "concurrency");
    const struct program program = {
        .name = "bench-worker",
        .usage = "--broker URL [options]",
        .serves = "Runs the jobs of a queue, and serves /ping, /healthz and /stats, until SIGTERM, "
                  "SIGINT or SIGHUP.",
        .server_rows = server_rows,
        .target_rows = target_rows,
        .choose = choose,
        .help = tell_variable,
    };
    memory_dies();
    return program_main(&program, argc, argv);
}
