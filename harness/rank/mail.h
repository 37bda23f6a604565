/* mail: letters between the ranks of one MPI job. Nothing else of the program knows MPI.
 *
 * Shape   every rank may write to every other, and to itself. mail_send returns at once, and
 *         mail_next never waits, so a rank that is dead or silent holds nobody up: there is no
 *         collective call after mail_open. The letters of one rank that were sent after
 * mail_is_sent was true come after the others. Units   bytes. Owner   mail_send copies. The bytes
 * of a letter are the caller's, who frees them; a NUL is behind them. Errors  mail_open: kind
 * USAGE; it has to wait for all ranks, and after 30 s it
 *         ends the program. A letter that cannot be
 * delivered is lost in silence: who waits for an answer has a limit. Source  MPI 3.1, chapter 3;
 * MPI_Mprobe, so that a letter is received by whom it was offered to.
 */
#ifndef RANK_MAIL_H
#define RANK_MAIL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum letter_kind {
    LETTER_NONE,
    /* from the hub to a member */
    LETTER_PLAN,  /* the words of the generator's command line: JSON */
    LETTER_GO,    /* start the generator */
    LETTER_PING,  /* a number, which LETTER_PONG brings back */
    LETTER_START, /* when the window opens, by the clock of the member: int64_t ns */
    LETTER_STOP,  /* end the window */
    LETTER_BYE,   /* nothing more is wanted */
    /* from a member to the hub */
    LETTER_HELLO,   /* who it is and what it would do: JSON */
    LETTER_READY,   /* its connections are open, and it is warm */
    LETTER_PONG,    /* the number of the ping, and the member's clock: int64_t, int64_t ns */
    LETTER_STARTED, /* its generator knows the time */
    LETTER_LINE,    /* a second, as the generator wrote it */
    LETTER_ENDED,   /* how the generator ended, JSON, and in a line below it what it measured */
    /* both ways, once a second */
    LETTER_BEAT,
};

struct letter {
    enum letter_kind kind;
    int from;
    char *bytes;
    size_t len;
};

struct mail;

struct mail *mail_open(struct err *err); /* NULL with err set */
int mail_rank(const struct mail *m);
int mail_count(const struct mail *m);
void mail_send(struct mail *m, int to, enum letter_kind kind, const void *bytes, size_t len);
bool mail_next(struct mail *m, struct letter *out); /* false: there is none */
/* Everything that was sent to it has been taken over by MPI, or by the other rank. */
bool mail_is_sent(struct mail *m, int to);
/* Says goodbye to MPI, for which all ranks must be alive; gives up after some seconds. */
void mail_close(struct mail *m);

#endif
