/* program: a program below this one, whose output is taken as it comes.
 *
 * Shape   program_start runs it, program_wait waits until there is output, and program_take reads
 *         what there is, so nothing ever waits for a program. With PROGRAM_TALKS it has one end of
 *         a socket as descriptor 3. Its stdin is empty.
 * Owner   the caller's storage, all zero before the start; program_fini kills what still runs and
 *         frees, and leaves it all zero.
 * Errors  program_start: kind USAGE. A program that ends badly has a status. When this program
 * ends, the kernel kills it (PR_SET_PDEATHSIG).
 */
#ifndef RANK_PROGRAM_H
#define RANK_PROGRAM_H

#include <sched.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define PROGRAM_TALK_FD 3

enum program_talk {
    PROGRAM_SILENT,
    PROGRAM_TALKS,
    PROGRAM_OUTLIVES, /* silent, and goes on when this program is killed */
};

struct program {
    pid_t pid; /* 0: none runs */
    int out_fd, err_fd, talk_fd;
    struct buf out, err, said; /* what came on each, and was not taken out yet */
    bool ended;                /* it is reaped, and all that it wrote is here */
    int status;                /* as wait(2) gives it */
};

/* argv[0] is a path. `cores`: where it may run; NULL: anywhere that this program may. */
int program_start(struct program *p, const struct str_list *argv, enum program_talk talk,
                  const cpu_set_t *cores, struct err *err);
/* Reads what there is, and reaps. */
void program_take(struct program *p);
/* The next whole line of one of its bufs, without the end of the line; NULL when there is none. Of
 * a program that ended the rest of the text is a line, too. The caller frees it. */
char *program_line(const struct program *p, struct buf *from);
void program_signal(const struct program *p, int number);
void program_say(const struct program *p, const char *text);
void program_fini(struct program *p);
/* Waits until it wrote or ended, or the time is over; also when it does not run. */
void program_wait(const struct program *p, int ms);
/* "exit 5" or "signal 9 (Killed)"; the caller frees it. */
char *program_end_text(int status);

#endif
