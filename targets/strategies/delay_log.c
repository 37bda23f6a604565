#include "targets/strategies/delay_log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Enough for most runs: growing copies all lines while requests wait. */
#define ROOM_FIRST 131072

int delay_log_open(struct delay_log *log, const char *path, struct err *err)
{
    char reason[80];
    *log = (struct delay_log){0};
    log->file = fopen(path, "we");
    if (log->file == NULL)
        return err_set(err, ERR_USAGE, "--delay-log: cannot write %s: %s", path,
                       strerror_r(errno, reason, sizeof reason));
    log->room = ROOM_FIRST;
    log->lines = mem_array(log->room, sizeof *log->lines);
    return 0;
}

void delay_log_add(struct delay_log *log, const struct delay_log_line *line)
{
    if (log->file == NULL || log->count == DELAY_LOG_MAX)
        return;
    if (log->count == log->room) {
        log->room *= 2;
        log->lines = mem_grow(log->lines, log->room, sizeof *log->lines);
    }
    log->lines[log->count++] = *line;
}

void delay_log_finish(struct delay_log *log, size_t number, int64_t finish_ns)
{
    if (number < log->count)
        log->lines[number].finish_ns = finish_ns;
}

int delay_log_close(struct delay_log *log)
{
    int failed = 0;
    for (size_t i = 0; i < log->count; i++) {
        const struct delay_log_line *line = &log->lines[i];
        if (fprintf(log->file, "%" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 "\n",
                    line->arrival_ns, line->service_ns, line->start_ns, line->finish_ns) < 0)
            failed = -1;
    }
    if (log->file != NULL && fclose(log->file) != 0)
        failed = -1;
    free(log->lines);
    *log = (struct delay_log){0};
    return failed;
}
