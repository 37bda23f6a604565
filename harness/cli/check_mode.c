#include "cli/check_mode.h"

#include <string.h>

#include "base/mem.h"
#include "cli/check_live.h"
#include "cli/run_opts.h"

#define IN(mode) (1U << (unsigned)(mode))
#define MEASURES (IN(CHECK_LIVE) | IN(CHECK_CONTINUED))

static const struct refused {
    const char *name, *why;
    unsigned modes;
} rows[] = {
    {"each-round", "a session has blocks, and a verdict is on all of them", IN(CHECK_SESSION)},
    {"each-round", "two arms are measured in blocks, and a verdict is on all of them", MEASURES},
    {"allow-partial", "a session is judged by the blocks that it has, interrupted or not",
     IN(CHECK_SESSION) | MEASURES},
    {"allow-errors", "a session keeps what it was measured with; give it with the arms",
     IN(CHECK_SESSION)},
    {"session", "a session that goes on is saved in its own file", IN(CHECK_CONTINUED)},
    {"save", "a session that goes on is saved in its own file", IN(CHECK_CONTINUED)},
};

static const char *shape_of(const struct opt *row)
{
    return opt_on_by_default(row) ? "no-" : "";
}

static bool is_of_measuring(const struct opt *rows_of, const struct opt *row)
{
    bool is = rows_of == check_live_output_opts || rows_of == run_load_opts ||
              rows_of == run_rate_opts || rows_of == run_end_opts ||
              rows_of == run_connection_opts || rows_of == run_request_opts ||
              rows_of == run_list_opts || rows_of == run_tls_opts ||
              rows_of == run_hosts_opts + HOSTS_OPTS_SHARED ||
              rows_of == run_target_opts + RUN_TARGET_SHARED || rows_of == target_opts;
    return is || (rows_of == check_live_opts && strcmp(row->name, "arm") != 0);
}

static int refuse(enum check_mode mode, const struct opt *row, struct err *err)
{
    for (size_t i = 0; i < LEN(rows); i++) {
        if (strcmp(rows[i].name, row->name) == 0 && (rows[i].modes & IN(mode)) != 0)
            return err_set(err, ERR_USAGE, "--%s%s: %s", shape_of(row), row->name, rows[i].why);
    }
    return 0;
}

/* Each of them says where the session goes. */
static int check_saved(const struct opt_given *given, struct err *err)
{
    if (opt_given_text(given, "session") == NULL || opt_given_text(given, "save") == NULL)
        return 0;
    return err_set(err, ERR_USAGE, "--session and --no-save: give one of them");
}

int check_mode_not_live(const struct opt_given *given, struct err *err)
{
    for (size_t i = 0; i < given->count; i++) {
        const struct opt *row = given->options[i].row;
        if (is_of_measuring(given->options[i].rows, row))
            return err_set(err, ERR_USAGE,
                           "--%s%s is for a check that measures: give two arms, as in --arm "
                           "base='./base {port}' --arm head='./head {port}'",
                           shape_of(row), row->name);
    }
    return 0;
}

int check_mode_refuse(enum check_mode mode, const struct opt_given *given, struct err *err)
{
    for (size_t i = 0; i < given->count; i++) {
        if (refuse(mode, given->options[i].row, err) < 0)
            return -1;
    }
    return check_saved(given, err);
}
