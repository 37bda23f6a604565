/* bench-target: one server, one strategy. */
#include <stdbool.h>
#include <string.h>

#include "proc/memory.h"
#include "targets/http/program.h"
#include "targets/strategies/strategies.h"

#define DELAY "delay"

static void list_strategies(struct buf *out)
{
    buf_puts(out, "\nStrategies:\n");
    for (size_t i = 0; strategies[i] != NULL; i++)
        buf_printf(out, "  %-10s %s\n", strategies[i]->name, strategies[i]->summary);
}

/* Whether --strategy delay is asked for: its options are no others', and no help shows them. */
static bool is_delay(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--strategy=" DELAY) == 0 ||
            (i + 1 < argc && strcmp(argv[i], "--strategy") == 0 && strcmp(argv[i + 1], DELAY) == 0))
            return true;
    }
    return false;
}

static const struct strategy *choose_delay(const char *name, struct err *err)
{
    (void)name;
    (void)err;
    return &strategy_delay;
}

static int serve_delays(int argc, char **argv)
{
    static const char *const names[] = {DELAY, NULL};
    static const char *const of_server[] = {"strategy", "host",    "port",       "tls",
                                            "tls-cert", "tls-key", "tls-ca-out", NULL};
    static const char *const of_target[] = {"work",       "max-work",     "max-header", "max-body",
                                            "allow-host", "idle-timeout", "grace",      NULL};
    struct opt server_rows[PROGRAM_ROWS_MAX];
    struct opt target_rows[PROGRAM_ROWS_MAX];
    size_t end = 0;
    program_pick_rows(server_opts, of_server, server_rows);
    for (struct opt *row = server_rows; row->type != OPT_END; row++) {
        if (row->type == OPT_CHOICE) {
            row->choices = names;
            row->def = DELAY;
        }
    }
    program_pick_rows(target_opts, of_target, target_rows);
    while (target_rows[end].type != OPT_END)
        end++;
    for (size_t i = 0; i == 0 || delay_opts[i - 1].type != OPT_END; i++)
        target_rows[end + i] = delay_opts[i];
    const struct program program = {
        .name = "bench-target",
        .usage = "--strategy delay [options]",
        .serves = "Answers GET|POST /heavy after a known time, for bench selftest.",
        .server_rows = server_rows,
        .target_rows = target_rows,
        .choose = choose_delay,
    };
    return program_main(&program, argc, argv);
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
    return is_delay(argc, argv) ? serve_delays(argc, argv) : program_main(&program, argc, argv);
}
