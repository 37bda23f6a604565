#include "model/result_rounds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/lateness.h"
#include "model/result_sum.h"

/* Those that result_sum_add leaves out, of the load alone. */
static void add_hists(struct result *sum, const struct result *part)
{
    result_sum_hist(&sum->connect, part->connect);
    result_sum_hist(&sum->first_byte, part->first_byte);
    result_sum_hist(&sum->service, part->service);
    result_sum_hist(&sum->unsent, part->unsent);
    result_sum_hist(&sum->handshake, part->handshake);
    result_sum_hist(&sum->after_end, part->after_end);
}

/* A sum that has nothing yet is NAN. */
static double add(double sum, double part)
{
    return isnan(sum) ? part : sum + part;
}

static void add_client(struct result *sum, const struct result *part)
{
    struct client_cost *to = &sum->client;
    const struct client_cost *from = &part->client;
    to->cpu_user_s = add(to->cpu_user_s, from->cpu_user_s);
    to->cpu_system_s = add(to->cpu_system_s, from->cpu_system_s);
    to->run_wait_s = add(to->run_wait_s, from->run_wait_s);
    to->spin_s = add(to->spin_s, from->spin_s);
    if (from->rss_peak_bytes > to->rss_peak_bytes)
        to->rss_peak_bytes = from->rss_peak_bytes;
    to->saturated |= from->saturated;
    int64_t replies = accounting_replies(&sum->accounting);
    to->cpu_per_request_us =
        replies > 0 ? (to->cpu_user_s + to->cpu_system_s) * 1e6 / (double)replies : NAN;
    to->late = lateness_of(sum).is_own;
}

static void add_http2(struct result *sum, const struct result *part)
{
    struct http2_use *to = &sum->http2;
    const struct http2_use *from = &part->http2;
    bool is_first = !sum->has_http2;
    if (!part->has_http2)
        return;
    sum->has_http2 = true;
    if (is_first || to->max_streams == MISSING ||
        (from->max_streams != MISSING && from->max_streams < to->max_streams))
        to->max_streams = from->max_streams;
    to->limit_changes += from->limit_changes;
    to->goaways += from->goaways;
    to->blocked += from->blocked;
    to->blocked_s += from->blocked_s;
}

/* The names of one plan are the same in each round. */
static void add_named(struct result *sum, const struct result *part)
{
    if (sum->nnamed == 0 && part->nnamed > 0) {
        sum->named = mem_array(part->nnamed, sizeof *sum->named);
        for (; sum->nnamed < part->nnamed; sum->nnamed++) {
            const struct named_request *from = &part->named[sum->nnamed];
            named_request_init(&sum->named[sum->nnamed], from->name, from->method, from->path);
        }
    }
    for (size_t i = 0; i < sum->nnamed && i < part->nnamed; i++)
        named_counts_add(&sum->named[i].counts, &part->named[i].counts);
}

/* `before_s`: how long the earlier rounds took. */
static void add_seconds(struct result *sum, const struct result *part, double before_s)
{
    bool is_dropped = sum->rounds > 1 && sum->nseconds == 0;
    if (is_dropped || sum->nseconds + part->nseconds > RESULT_ROUNDS_SECONDS) {
        free(sum->seconds);
        sum->seconds = NULL;
        sum->nseconds = 0;
        return;
    }
    sum->seconds = mem_grow(sum->seconds, sum->nseconds + part->nseconds, sizeof *sum->seconds);
    for (size_t i = 0; i < part->nseconds; i++) {
        struct second *s = &sum->seconds[sum->nseconds++];
        *s = part->seconds[i];
        s->at_s += before_s;
    }
}

static void take_names(struct result *sum, const struct result *part)
{
    char **const to[] = {&sum->url, &sum->address, &sum->strategy, &sum->command, &sum->original};
    char *const from[] = {part->url, part->address, part->strategy, part->command, part->original};
    for (size_t i = 0; i < LEN(to); i++) {
        free(*to[i]);
        *to[i] = mem_strdup_or_null(from[i]);
    }
    if (part->tls.library != NULL && sum->tls.library == NULL)
        sum->tls.library = mem_strdup(part->tls.library);
    if (sum->rounds == 1)
        sum->started_wall_ms = part->started_wall_ms;
    sum->finished_wall_ms = part->finished_wall_ms;
}

void result_rounds_add(struct result *sum, const struct result *part)
{
    double before_s = isnan(sum->duration_s) ? 0 : sum->duration_s;
    sum->rounds++;
    result_sum_add(sum, part);
    add_hists(sum, part);
    add_client(sum, part);
    add_http2(sum, part);
    add_named(sum, part);
    add_seconds(sum, part, before_s);
    take_names(sum, part);
    sum->valid &= part->valid;
    sum->interrupted |= part->interrupted;
    sum->bailed_out |= part->bailed_out;
}
