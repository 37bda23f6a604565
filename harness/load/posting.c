#include "load/posting.h"

#include "base/mem.h"

/* Summed once per second, so that the request path need not count it. */
static int64_t non_2xx(const struct accounting *counts)
{
    int64_t sum = 0;
    for (size_t status = 0; status < LEN(counts->statuses); status++)
        sum += status / 100 == 2 ? 0 : counts->statuses[status];
    return sum;
}

static void post(struct posting *p, const struct tally *t, int64_t due, bool is_last,
                 int64_t now_ns)
{
    int64_t errors = tally_errors(t);
    int64_t refused = non_2xx(&t->counts);
    p->count++;
    board_post(p->board, p->worker,
               &(struct board_post){.length_ns = now_ns - p->since_ns,
                                    .is_last = is_last,
                                    .errors = errors - p->errors,
                                    .non_2xx = refused - p->non_2xx,
                                    .bytes = t->counts.bytes_received - p->bytes,
                                    .is_open_loop = due != MISSING,
                                    .due = due == MISSING ? 0 : due - p->due,
                                    .sent = t->counts.sent - p->sent,
                                    .late = t->late - p->late,
                                    .latency = t->latency,
                                    .seen = p->seen});
    p->errors = errors;
    p->non_2xx = refused;
    p->bytes = t->counts.bytes_received;
    p->due = due == MISSING ? 0 : due;
    p->sent = t->counts.sent;
    p->late = t->late;
    p->since_ns = now_ns;
}

/* True if something was counted since the last post, or there was no post. */
static bool has_news(const struct posting *p, const struct tally *t, int64_t due)
{
    bool more_due = due != MISSING && (due != p->due || t->counts.sent != p->sent);
    return p->count == 0 || more_due || tally_errors(t) != p->errors ||
           hist_count(t->latency) != hist_count(p->seen);
}

void posting_init(struct posting *p, struct board *board, int worker)
{
    *p = (struct posting){.board = board, .worker = worker, .seen = hist_new_latency()};
}

void posting_fini(struct posting *p)
{
    hist_free(p->seen);
    p->seen = NULL;
}

void posting_begin(struct posting *p, int64_t now_ns)
{
    p->since_ns = now_ns;
}

void posting_second(struct posting *p, const struct tally *t, int64_t due, int64_t now_ns)
{
    post(p, t, due, false, now_ns);
}

/* A run that ends just after a second may have nothing more to post. */
bool posting_rest(struct posting *p, const struct tally *t, int64_t due, int64_t now_ns)
{
    if (now_ns - p->since_ns <= POSTING_LEAST_NS && !has_news(p, t, due))
        return false;
    post(p, t, due, true, now_ns);
    return true;
}
