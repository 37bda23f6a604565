/* bench-compute: the compute service of the strategy offload; a server of its own. */
#include "proc/memory.h"
#include "targets/http/program.h"
#include "targets/strategies/strategies.h"

static const struct strategy *choose(const char *name, struct err *err)
{
    (void)name;
    (void)err;
    return &strategy_compute;
}

int main(int argc, char **argv)
{
    static const char *const of_server[] = {"host", "port", NULL};
    static const char *const of_target[] = {
        "work",         "max-work", "max-header", "max-body",        "allow-host",
        "idle-timeout", "grace",    "max-queue",  "compute-threads", NULL};
    struct opt server_rows[PROGRAM_ROWS_MAX];
    struct opt target_rows[PROGRAM_ROWS_MAX];
    program_pick_rows(server_opts, of_server, server_rows);
    program_pick_rows(target_opts, of_target, target_rows);
    const struct program program = {
        .name = "bench-compute",
        .usage = "[options]",
        .serves =
            "Serves GET|POST /heavy, /ping, /healthz and /stats until SIGTERM, SIGINT or SIGHUP.",
        .server_rows = server_rows,
        .target_rows = target_rows,
        .choose = choose,
    };
    memory_dies();
    return program_main(&program, argc, argv);
}
