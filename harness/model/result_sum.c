#include "model/result_sum.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "model/lateness.h"

void accounting_add_counts(struct accounting *sum, const struct accounting *part)
{
    sum->sent += part->sent;
    sum->completed += part->completed;
    sum->timed_out += part->timed_out;
    for (size_t i = 0; i < LOSS_COUNT; i++)
        sum->failed[i] += part->failed[i];
    sum->in_flight_at_end += part->in_flight_at_end;
    if (part->oldest_in_flight_ns > sum->oldest_in_flight_ns) /* MISSING is the least */
        sum->oldest_in_flight_ns = part->oldest_in_flight_ns;
    if (part->due != MISSING) {
        sum->due = (sum->due == MISSING ? 0 : sum->due) + part->due;
        sum->unsent = (sum->unsent == MISSING ? 0 : sum->unsent) + part->unsent;
        sum->held = (sum->held == MISSING ? 0 : sum->held) + part->held;
    }
    if (part->completed_after_end != MISSING)
        sum->completed_after_end =
            (sum->completed_after_end == MISSING ? 0 : sum->completed_after_end) +
            part->completed_after_end;
    sum->warmup_discarded += part->warmup_discarded;
    sum->carried += part->carried;
    sum->non_2xx += part->non_2xx;
    sum->unasked += part->unasked;
    sum->mismatches += part->mismatches;
    sum->match_limit += part->match_limit;
    sum->body_limit += part->body_limit;
    sum->judged_non_2xx += part->judged_non_2xx;
    sum->unbound += part->unbound;
    for (size_t i = 0; i < LEN(sum->statuses); i++)
        sum->statuses[i] += part->statuses[i];
    sum->bytes_received += part->bytes_received;
    sum->bytes_sent += part->bytes_sent;
    sum->connected += part->connected;
    sum->connect_failed += part->connect_failed;
}

static bool is_same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool is_same_error(const struct connect_error *a, const struct connect_error *b)
{
    return a->number == b->number && is_same_text(a->trouble, b->trouble);
}

static void add_connect_error(struct accounting *sum, const struct connect_error *part)
{
    for (size_t i = 0; i < sum->nconnect_errors; i++) {
        if (is_same_error(&sum->connect_errors[i], part)) {
            sum->connect_errors[i].count += part->count;
            return;
        }
    }
    sum->connect_errors =
        mem_grow(sum->connect_errors, sum->nconnect_errors + 1, sizeof *sum->connect_errors);
    struct connect_error *copy = &sum->connect_errors[sum->nconnect_errors++];
    *copy = *part;
    copy->trouble = mem_strdup_or_null(part->trouble);
    copy->text = mem_strdup_or_null(part->text);
}

static bool is_same_reason(const struct loss_reason *a, const struct loss_reason *b)
{
    return a->kind == b->kind && a->number == b->number && is_same_text(a->text, b->text);
}

/* When all places are taken, the loss alone is counted. */
static void add_reason(struct accounting *sum, const struct loss_reason *part)
{
    for (size_t i = 0; i < sum->nloss_reasons; i++) {
        if (is_same_reason(&sum->loss_reasons[i], part)) {
            sum->loss_reasons[i].count += part->count;
            return;
        }
    }
    if (sum->nloss_reasons == LOSS_REASONS_MAX)
        return;
    sum->loss_reasons =
        mem_grow(sum->loss_reasons, sum->nloss_reasons + 1, sizeof *sum->loss_reasons);
    struct loss_reason *copy = &sum->loss_reasons[sum->nloss_reasons++];
    *copy = *part;
    copy->text = mem_strdup_or_null(part->text);
}

void result_sum_hist(struct hist **sum, const struct hist *part)
{
    if (part == NULL)
        return;
    if (*sum == NULL)
        *sum = hist_copy(part);
    else
        hist_merge(*sum, part);
}

/* A sum that has nothing yet is NAN. */
static double add(double sum, double part)
{
    return isnan(sum) ? part : sum + part;
}

/* The mean over the windows, each by its length. */
static double add_share(const struct result *sum, const struct result *part)
{
    double share = sum->client.busiest_worker;
    double length_s = sum->duration_s + part->duration_s;
    if (isnan(sum->duration_s) || !(length_s > 0))
        return part->client.busiest_worker;
    return (share * sum->duration_s + part->client.busiest_worker * part->duration_s) / length_s;
}

/* Of the first that has any; what another one has is mixed. */
static void add_tls(struct result *sum, const struct result *part)
{
    const struct tls_use *from = &part->tls;
    struct tls_use *to = &sum->tls;
    if (!part->has_tls)
        return;
    if (!sum->has_tls)
        to->is_verified = from->is_verified;
    sum->has_tls = true;
    to->is_verified &= from->is_verified;
    to->handshakes += from->handshakes;
    to->resumed += from->resumed;
    to->is_mixed |= from->is_mixed;
    if (from->version == NULL || from->cipher == NULL)
        return;
    if (to->version == NULL) {
        to->version = mem_strdup(from->version);
        to->cipher = mem_strdup_or_null(from->cipher);
    }
    to->is_mixed |=
        !is_same_text(to->version, from->version) || !is_same_text(to->cipher, from->cipher);
}

/* What a sum has of windows that follow each other, and of such that were open together. */
static void add_counted(struct result *sum, const struct result *part)
{
    const struct accounting *a = &part->accounting;
    accounting_add_counts(&sum->accounting, a);
    for (size_t i = 0; i < a->nconnect_errors; i++)
        add_connect_error(&sum->accounting, &a->connect_errors[i]);
    for (size_t i = 0; i < a->nloss_reasons; i++)
        add_reason(&sum->accounting, &a->loss_reasons[i]);
    add_tls(sum, part);
    result_sum_hist(&sum->latency, part->latency);
    result_sum_hist(&sum->unfinished, part->unfinished);
    result_sum_hist(&sum->slip, part->slip);
    result_sum_hist(&sum->lag, part->lag);
}

void result_sum_add(struct result *sum, const struct result *part)
{
    add_counted(sum, part);
    sum->client.busiest_worker = add_share(sum, part);
    sum->duration_s = add(sum->duration_s, part->duration_s);
}

/* Those of the load alone that a block has no use for. */
static void add_hists(struct result *sum, const struct result *part)
{
    result_sum_hist(&sum->connect, part->connect);
    result_sum_hist(&sum->first_byte, part->first_byte);
    result_sum_hist(&sum->service, part->service);
    result_sum_hist(&sum->unsent, part->unsent);
    result_sum_hist(&sum->handshake, part->handshake);
    result_sum_hist(&sum->after_end, part->after_end);
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

/* The names of one plan are the same in each of its parts. */
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

void result_sum_rest(struct result *sum, const struct result *part)
{
    add_hists(sum, part);
    add_client(sum, part);
    add_http2(sum, part);
    add_named(sum, part);
    sum->valid &= part->valid;
    sum->interrupted |= part->interrupted;
    sum->bailed_out |= part->bailed_out;
}

void result_sum_parallel(struct result *sum, const struct result *part)
{
    add_counted(sum, part);
    result_sum_rest(sum, part);
}
