#include "load/posting.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Summed once per second, so that the request path need not count it. */
static int64_t non_2xx(const struct accounting *counts)
{
    int64_t sum = 0;
    for (size_t status = 0; status < LEN(counts->statuses); status++)
        sum += status / 100 == 2 ? 0 : counts->statuses[status];
    return sum;
}

static struct faults faults_of(const struct tally *t)
{
    struct faults f = {.timed_out = t->counts.timed_out,
                       .connect_failed = t->counts.connect_failed};
    memcpy(f.failed, t->counts.failed, sizeof f.failed);
    return f;
}

static struct faults faults_since(const struct faults *before, const struct faults *now)
{
    struct faults f = {.timed_out = now->timed_out - before->timed_out,
                       .connect_failed = now->connect_failed - before->connect_failed};
    for (size_t i = 0; i < LEN(f.failed); i++)
        f.failed[i] = now->failed[i] - before->failed[i];
    return f;
}

static void post(struct posting *p, const struct tally *t, bool is_last,
                 const struct posting_time *at)
{
    int64_t errors = tally_errors(t);
    int64_t refused = non_2xx(&t->counts);
    int64_t due = at->due == MISSING ? 0 : at->due;
    struct faults faults = faults_of(t);
    p->count++;
    board_post(p->board, p->worker,
               &(struct board_post){.length_ns = at->now_ns - p->since_ns,
                                    .is_last = is_last,
                                    .requests = t->counts.completed - p->requests,
                                    .errors = errors - p->errors,
                                    .non_2xx = refused - p->non_2xx,
                                    .bytes = t->counts.bytes_received - p->bytes,
                                    .is_open_loop = at->due != MISSING,
                                    .due = due - p->due,
                                    .sent = t->counts.sent - p->sent,
                                    .late = t->late - p->late,
                                    .faults = faults_since(&p->faults, &faults),
                                    .cpu_s = at->cpu_s - p->cpu_s,
                                    .latency = t->latency,
                                    .seen = p->seen,
                                    .statuses = t->counts.statuses,
                                    .statuses_seen = p->statuses});
    p->requests = t->counts.completed;
    p->errors = errors;
    p->non_2xx = refused;
    p->bytes = t->counts.bytes_received;
    p->due = due;
    p->sent = t->counts.sent;
    p->late = t->late;
    p->faults = faults;
    p->cpu_s = at->cpu_s;
    p->since_ns = at->now_ns;
}

/* True if something was counted since the last post, or there was no post. */
static bool has_news(const struct posting *p, const struct tally *t, int64_t due)
{
    bool more_due = due != MISSING && (due != p->due || t->counts.sent != p->sent);
    return p->count == 0 || more_due || tally_errors(t) != p->errors ||
           t->counts.completed != p->requests;
}

void posting_init(struct posting *p, struct board *board, int worker, int64_t least_ns)
{
    *p = (struct posting){
        .board = board, .worker = worker, .least_ns = least_ns, .seen = hist_new_latency()};
    p->statuses = mem_array(LEN(((struct accounting *)NULL)->statuses), sizeof *p->statuses);
}

void posting_fini(struct posting *p)
{
    hist_free(p->seen);
    free(p->statuses);
    p->seen = NULL;
    p->statuses = NULL;
}

void posting_begin(struct posting *p, int64_t now_ns, double cpu_s)
{
    p->since_ns = now_ns;
    p->cpu_s = cpu_s;
}

void posting_second(struct posting *p, const struct tally *t, const struct posting_time *at)
{
    post(p, t, false, at);
}

/* A run that ends just after a second may have nothing more to post. */
bool posting_rest(struct posting *p, const struct tally *t, const struct posting_time *at)
{
    if (at->now_ns - p->since_ns <= p->least_ns && !has_news(p, t, at->due))
        return false;
    post(p, t, true, at);
    return true;
}
