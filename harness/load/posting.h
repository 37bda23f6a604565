/* posting: how a worker tells the board about each of its seconds.
 *
 * Shape   remembers what the counters were at the last post; a post is the difference. Begun when
 *         the window opens; posting_second at the end of each second, posting_rest at the end of
 *         the run, which may have nothing to say. With another interval than a second (-L) that is
 *         what is called a second here.
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
    int64_t *statuses; /* and the replies */
    size_t count;      /* of posts */
    int64_t least_ns;  /* less than this is no second of its own */
    int64_t since_ns;  /* when the second began */
    int64_t requests, errors, non_2xx, bytes, due, sent, late;
    struct faults faults;
    double cpu_s;
};

/* When a post is made, and what the worker knows then. */
struct posting_time {
    int64_t now_ns;
    int64_t due;  /* so far; MISSING in a closed loop */
    double cpu_s; /* of the thread, without spin, so far */
};

#define POSTING_LEAST_PART 20 /* of a second: less is none of its own */

void posting_init(struct posting *p, struct board *board, int worker, int64_t least_ns);
void posting_fini(struct posting *p);
void posting_begin(struct posting *p, int64_t now_ns, double cpu_s);
void posting_second(struct posting *p, const struct tally *t, const struct posting_time *at);
/* False when there was nothing to post. */
bool posting_rest(struct posting *p, const struct tally *t, const struct posting_time *at);

#endif
