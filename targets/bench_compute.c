/* bench-compute: the compute service that bench-target offloads to; a server of its own. */
#include <string.h>

#include "base/mem.h"
#include "targets/compute.h"
#include "targets/program.h"

#define ROWS_MAX 16

/* The rows of these names; `out` holds ROWS_MAX. */
static void pick_rows(const struct opt *from, const char *const *names, struct opt *out)
{
    for (; from->type != OPT_END; from++) {
        for (size_t i = 0; names[i] != NULL; i++) {
            if (strcmp(from->name, names[i]) == 0)
                *out++ = *from;
        }
    }
    *out = *from;
}

static const struct strategy *choose(const char *name, struct err *err)
{
    (void)name;
    (void)err;
    return &strategy_compute;
}

int main(int argc, char **argv)
{
    static const char *const of_server[] = {"host", "port", NULL};
    static const char *const of_target[] = {"work",      "max-work",        "max-header",
                                            "max-body",  "idle-timeout",    "grace",
                                            "max-queue", "compute-threads", NULL};
    struct opt server_rows[ROWS_MAX];
    struct opt target_rows[ROWS_MAX];
    pick_rows(server_opts, of_server, server_rows);
    pick_rows(target_opts, of_target, target_rows);
    const struct program program = {
        .name = "bench-compute",
        .usage = "[options]",
        .server_rows = server_rows,
        .target_rows = target_rows,
        .choose = choose,
    };
    return program_main(&program, argc, argv);
}
