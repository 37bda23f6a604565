/* member: one rank's part: it has a generator on its host, and does what the hub's letters say.
 *
 * Shape   it says what its generator would do (LETTER_HELLO), starts it, hands over each second and
 *         at last what was measured. Its generator ends with it, and it ends when the hub is
 * silent. Units   nanoseconds of CLOCK_MONOTONIC. Owner   member_new gives it to the caller, and
 * borrows the mail and the path. Errors  none of its own: what goes wrong is in its letters.
 */
#ifndef RANK_MEMBER_H
#define RANK_MEMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "rank/mail.h"
#include "rank/program.h"

#define MEMBER_SILENCE_NS (5 * INT64_C(1000000000)) /* without a letter: the other one is lost */
#define MEMBER_BEAT_NS    INT64_C(1000000000)

struct member;

/* `bench`: the path of the generator. */
struct member *member_new(struct mail *mail, const char *bench);
void member_free(struct member *m);
void member_take(struct member *m, const struct letter *letter, int64_t now_ns);
/* What is to be done every few milliseconds. */
void member_tick(struct member *m, int64_t now_ns);
/* A ping was here just now, and the next one comes at once. */
bool member_is_pinged(const struct member *m, int64_t now_ns);
/* All is said, or there is nobody to say it to. */
bool member_is_over(const struct member *m);
bool member_has_lost_hub(const struct member *m);
/* This process did not run for so long: the hub was not silent. */
void member_forgive(struct member *m, int64_t gap_ns);
/* What to wait for. */
const struct program *member_program(const struct member *m);

#endif
