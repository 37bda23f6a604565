/* journal: what a run told of each second while it went on (bench run --ndjson), also of one that
 * did not get to its end.
 *
 * Shape   lines of bench.second/1, and behind them the run's bench.result/1 if it got that far. A
 *         last line that was cut off is not there.
 * Units   seconds from the start of the window.
 * Owner   journal_read and journal_init fill the caller's storage, journal_fini frees what it has;
 * a result of it owns copies. Errors  reading takes untrusted files: kind USAGE, naming the file
 * and the line; kind INVALID when no second of it was over in time. What failed to be read needs no
 * fini. Source  docs/bench.second.1.schema.json
 */
#ifndef STORE_JOURNAL_H
#define STORE_JOURNAL_H

#include "base/err.h"
#include "model/result.h"

struct journal {
    struct share share;
    struct second *seconds; /* those that were over by the time that was asked for */
    size_t nseconds;
    bool is_open_loop;
    int64_t requests, errors, non_2xx, bytes, due, sent; /* of these seconds; 0: a closed loop */
    struct faults faults;
    int64_t statuses[1000];
    struct hist *latency;
    struct hist_series *series;
    struct result *result; /* of the whole run; NULL: it did not get to its end */
};

void journal_init(struct journal *j); /* empty */
/* A line more, of all shares together, which names none: bench-rank --stream. When it fails, the
 * journal is what it was. */
int journal_add_sum(struct journal *j, const char *text, size_t len, struct err *err);
/* A result of such seconds, of which there is at least one: requests, latencies and the seconds;
 * what was asked for is not in them. */
void journal_sum(const struct journal *j, struct result *out);

int journal_read(const char *path, double until_s, struct journal *out, struct err *err);
void journal_fini(struct journal *j);
/* A result of these seconds alone. `whole` is that of any share of the plan: it says what was asked
 * for. What the lines do not tell is missing, or 0: what was open at the end, the requests by name,
 * how late each was sent, the generator's CPU. */
void journal_result(const struct journal *j, const struct result *whole, struct result *out);

#endif
