/* share: which part of a plan a run did, of a plan that several hosts do together (--share).
 *
 * Shape   plain data, a part of a result. Share `index` of `count`, from 0.
 * Units   microseconds; start_us is since 1970, by the clock of that host.
 * Owner   a share owns its text; share_free frees both.
 */
#ifndef MODEL_SHARE_H
#define MODEL_SHARE_H

#include <stdbool.h>
#include <stdint.h>

#define SHARES_MAX 1000 /* of one plan */

struct share {
    int64_t index, count;
    char *host;
    int64_t start_us;      /* when the window opened */
    double start_skew_us;  /* how long after the time that was planned for it; NAN: none was */
    double clock_error_us; /* the most that its start may be wrong by, compared with the other
                              hosts; NAN: nobody compared the clocks */
};

struct share *share_copy(const struct share *s); /* NULL for NULL */
void share_free(struct share *s);                /* NULL is fine */
/* Its start is comparable with that of the others by the planned start: clocks were compared. */
bool share_is_synchronized(const struct share *s);

#endif
