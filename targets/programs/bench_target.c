/* bench-target: one server, one strategy. */
#include "proc/memory.h"
#include "targets/http/program.h"
#include "targets/strategies/strategies.h"

static void list_strategies(struct buf *out)
{
    buf_puts(out, "\nStrategies:\n");
    for (size_t i = 0; strategies[i] != NULL; i++)
        buf_printf(out, "  %-10s %s\n", strategies[i]->name, strategies[i]->summary);
}

int main(int argc, char **argv)
{
    const struct program program = {
        .name = "bench-target",
        .usage = "[--strategy NAME] [options]",
        .serves =
            "Serves GET|POST /heavy, /ping, /healthz and /stats until SIGTERM, SIGINT or SIGHUP.",
        .server_rows = server_opts,
        .target_rows = target_opts,
        .choose = strategy_find,
        .help = list_strategies,
    };
    memory_dies();
    return program_main(&program, argc, argv);
}
