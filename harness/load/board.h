/* board: where worker threads put each closed second, for the series and the live line.
 *
 * Shape   a mutex that a worker takes once a second, never on the request path. A second is
 *         published when every worker has posted it, or has left; board_finish publishes what is
 *         left. It is as long as those of its workers are on average; a worker's last one may be
 *         short, and counts for that only when there is no other.
 * Units   nanoseconds, counts.
 * Owner   board_new gives it to the caller. One thread calls board_take_next, at any time, and
 *         board_finish and board_take_series once the workers are joined.
 * Errors  none. A worker whose loop was held up posts a longer second, with its length.
 */
#ifndef LOAD_BOARD_H
#define LOAD_BOARD_H

#include "model/result.h"

struct board;

struct board_post {
    int64_t length_ns; /* as measured */
    bool is_last;      /* cut by the end of the worker's run */
    int64_t requests, errors, non_2xx, bytes;
    bool is_open_loop;       /* what follows is known */
    int64_t due, sent, late; /* see struct second */
    struct faults faults;
    double cpu_s;               /* of the worker's thread, without spin */
    const struct hist *latency; /* the worker's own, since the window's start */
    struct hist *seen;          /* the worker's copy of it at the last post; brought up to date */
    /* The same of its replies by status; NULL: they are not told. */
    const int64_t *statuses;
    int64_t *statuses_seen;
};

struct board *board_new(int workers);
void board_free(struct board *b);
/* The next second of one worker, 0 to workers - 1. */
void board_post(struct board *b, int worker, const struct board_post *post);
/* The worker will not post again: seconds do not wait for it. */
void board_leave(struct board *b, int worker);
/* The next second that has not been taken yet; false when there is none. Its detail is the board's,
 * until the next one is taken. */
bool board_take_next(struct board *b, struct second *out);
/* All seconds, in order; the caller frees the array. */
struct second *board_finish(struct board *b, size_t *count);
/* The latencies of all seconds, after board_finish; the caller frees them. */
struct hist_series *board_take_series(struct board *b);

#endif
