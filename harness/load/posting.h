/* posting: how a worker tells the board about each of its seconds.
 *
 * Shape   remembers what the counters were at the last post; a post is the difference. Begun when
 *         the window opens; posting_second at the end of each second, posting_rest at the end of
 *         the run, which may have nothing to say.
 * Units   nanoseconds of clock_now_ns, counts.
 * Owner   the worker's; posting_init allocates a histogram, posting_fini frees it.
 */
#ifndef LOAD_POSTING_H
#define LOAD_POSTING_H

#include "load/board.h"
#include "load/tally.h"

struct posting {
    struct board *board;
    int worker;
    struct hist *seen; /* the latencies that the board has */
    size_t count;      /* of posts */
    int64_t since_ns;  /* when the second began */
    int64_t errors, non_2xx, bytes, due, sent, late;
};

#define POSTING_LEAST_NS 50000000 /* less is no second of its own */

void posting_init(struct posting *p, struct board *board, int worker);
void posting_fini(struct posting *p);
void posting_begin(struct posting *p, int64_t now_ns);
/* `due` so far; MISSING in a closed loop. */
void posting_second(struct posting *p, const struct tally *t, int64_t due, int64_t now_ns);
/* False when there was nothing to post. */
bool posting_rest(struct posting *p, const struct tally *t, int64_t due, int64_t now_ns);

#endif
