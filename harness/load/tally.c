#include "load/tally.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/result_sum.h"

static void forget_connect_errors(struct tally *t)
{
    for (size_t i = 0; i < LEN(t->connect_errors); i++)
        free(t->connect_errors[i].text);
    memset(t->connect_errors, 0, sizeof t->connect_errors);
}

/* What TLS agreed on stays: connections of the warm-up are used in the window. */
static void reset_counts(struct tally *t)
{
    t->counts = (struct accounting){.oldest_in_flight_ns = MISSING,
                                    .gone_after_ns = MISSING,
                                    .due = MISSING,
                                    .unsent = MISSING,
                                    .held = MISSING,
                                    .completed_after_end = MISSING};
    forget_connect_errors(t);
    memset(t->reasons, 0, sizeof t->reasons);
    t->late = 0;
    t->tls.handshakes = t->tls.resumed = 0;
    t->http2 = (struct tally_http2){.max_streams = UINT32_MAX};
}

/* All histograms of a tally. */
static const size_t hists[] = {
    offsetof(struct tally, latency),       offsetof(struct tally, unfinished),
    offsetof(struct tally, connect),       offsetof(struct tally, handshake),
    offsetof(struct tally, split_latency), offsetof(struct tally, split_first_byte),
    offsetof(struct tally, service),       offsetof(struct tally, slip),
    offsetof(struct tally, lag),           offsetof(struct tally, unsent),
    offsetof(struct tally, after_end),
};

static struct hist **hist_at(struct tally *t, size_t i)
{
    return (struct hist **)((char *)t + hists[i]);
}

void tally_init(struct tally *t, size_t nnames)
{
    *t = (struct tally){.names = mem_array(nnames, sizeof *t->names), .nnames = nnames};
    for (size_t i = 0; i < nnames; i++)
        named_counts_init(&t->names[i]);
    reset_counts(t);
    for (size_t i = 0; i < LEN(hists); i++)
        *hist_at(t, i) = hist_new_latency();
}

void tally_fini(struct tally *t)
{
    for (size_t i = 0; i < LEN(hists); i++)
        hist_free(*hist_at(t, i));
    for (size_t i = 0; i < t->nnames; i++)
        named_counts_fini(&t->names[i]);
    free(t->names);
    forget_connect_errors(t);
    *t = (struct tally){0};
}

void tally_reset(struct tally *t)
{
    reset_counts(t);
    for (size_t i = 0; i < t->nnames; i++)
        named_counts_reset(&t->names[i]);
    for (size_t i = 0; i < LEN(hists); i++)
        hist_reset(*hist_at(t, i));
}

/* The place of an error; when all are taken, the last one counts the rest. */
static struct tally_connect_error *connect_error_at(struct tally *t, int number,
                                                    enum tls_trouble trouble)
{
    size_t i = 0;
    while (i + 1 < LEN(t->connect_errors) && t->connect_errors[i].count > 0 &&
           (t->connect_errors[i].number != number || t->connect_errors[i].trouble != trouble))
        i++;
    struct tally_connect_error *e = &t->connect_errors[i];
    if (e->count == 0) {
        e->number = number;
        e->trouble = trouble;
    }
    return e;
}

void tally_connect_error(struct tally *t, int error)
{
    t->counts.connect_failed++;
    connect_error_at(t, error, TLS_TROUBLE_NONE)->count++;
}

void tally_connect_trouble(struct tally *t, const struct tls *tls)
{
    char text[512];
    t->counts.connect_failed++;
    struct tally_connect_error *e = connect_error_at(t, 0, tls->trouble);
    if (e->count++ > 0)
        return;
    tls_explain(tls, text, sizeof text);
    e->text = mem_strdup(text);
}

void tally_handshake(struct tally *t, const struct tls_facts *facts)
{
    struct tally_tls *tls = &t->tls;
    if (tls->version == NULL) {
        tls->version = facts->version;
        tls->cipher = facts->cipher;
    }
    tls->is_mixed = tls->is_mixed || strcmp(tls->version, facts->version) != 0 ||
                    strcmp(tls->cipher, facts->cipher) != 0;
    tls->handshakes++;
    tls->resumed += facts->resumed;
}

/* When all places are taken, the loss alone is counted. */
void tally_reason(struct tally *t, const struct tally_reason *reason)
{
    size_t i = 0;
    while (i < LEN(t->reasons) && t->reasons[i].count > 0 &&
           (t->reasons[i].kind != reason->kind || t->reasons[i].number != reason->number ||
            t->reasons[i].why != reason->why))
        i++;
    if (i == LEN(t->reasons) || reason->count == 0)
        return;
    int64_t sum = t->reasons[i].count + reason->count;
    t->reasons[i] = *reason;
    t->reasons[i].count = sum;
}

static void merge_connect_error(struct tally *into, const struct tally_connect_error *from)
{
    if (from->count == 0)
        return;
    struct tally_connect_error *e = connect_error_at(into, from->number, from->trouble);
    e->count += from->count;
    if (e->text == NULL)
        e->text = mem_strdup_or_null(from->text);
}

static void merge_tls(struct tally_tls *into, const struct tally_tls *from)
{
    if (from->version == NULL)
        return;
    if (into->version == NULL) {
        *into = *from;
        return;
    }
    into->handshakes += from->handshakes;
    into->resumed += from->resumed;
    into->is_mixed = into->is_mixed || from->is_mixed ||
                     strcmp(into->version, from->version) != 0 ||
                     strcmp(into->cipher, from->cipher) != 0;
}

static void merge_http2(struct tally_http2 *into, const struct tally_http2 *from)
{
    if (from->max_streams < into->max_streams)
        into->max_streams = from->max_streams;
    into->limit_changes += from->limit_changes;
    into->goaways += from->goaways;
    into->blocked += from->blocked;
    into->blocked_ns += from->blocked_ns;
}

void tally_merge(struct tally *into, const struct tally *from)
{
    accounting_add_counts(&into->counts, &from->counts);
    for (size_t i = 0; i < LEN(from->connect_errors); i++)
        merge_connect_error(into, &from->connect_errors[i]);
    for (size_t i = 0; i < LEN(from->reasons); i++)
        tally_reason(into, &from->reasons[i]);
    for (size_t i = 0; i < LEN(hists); i++)
        hist_merge(*hist_at(into, i), *(struct hist *const *)((const char *)from + hists[i]));
    for (size_t i = 0; i < into->nnames; i++)
        named_counts_add(&into->names[i], &from->names[i]);
    merge_tls(&into->tls, &from->tls);
    merge_http2(&into->http2, &from->http2);
}

static void collect_reasons(const struct tally *t, struct accounting *a)
{
    a->loss_reasons = mem_array(LEN(t->reasons), sizeof *a->loss_reasons);
    for (size_t i = 0; i < LEN(t->reasons) && t->reasons[i].count > 0; i++) {
        const struct tally_reason *from = &t->reasons[i];
        a->loss_reasons[a->nloss_reasons++] = (struct loss_reason){
            .kind = from->kind,
            .number = from->number,
            .text = from->why == NULL ? NULL : mem_strdup(from->why),
            .count = from->count,
        };
    }
}

struct accounting tally_accounting(const struct tally *t)
{
    struct accounting a = t->counts;
    while (a.nconnect_errors < LEN(t->connect_errors) &&
           t->connect_errors[a.nconnect_errors].count > 0)
        a.nconnect_errors++;
    a.connect_errors = mem_array(a.nconnect_errors, sizeof *a.connect_errors);
    for (size_t i = 0; i < a.nconnect_errors; i++) {
        const struct tally_connect_error *from = &t->connect_errors[i];
        bool is_trouble = from->trouble != TLS_TROUBLE_NONE;
        a.connect_errors[i] = (struct connect_error){
            .number = from->number,
            .trouble = is_trouble ? mem_strdup(tls_trouble_key(from->trouble)) : NULL,
            .text = mem_strdup_or_null(from->text),
            .count = from->count,
        };
    }
    collect_reasons(t, &a);
    return a;
}

void tally_take_names(struct tally *t, const struct source_name *names, struct result *r)
{
    r->named = mem_array(t->nnames, sizeof *r->named);
    r->nnamed = t->nnames;
    for (size_t i = 0; i < t->nnames; i++) {
        r->named[i] = (struct named_request){.name = mem_strdup(names[i].name),
                                             .method = mem_strdup_or_null(names[i].method),
                                             .path = mem_strdup_or_null(names[i].path),
                                             .counts = t->names[i]};
        t->names[i] = (struct named_counts){0};
    }
}

struct hist *tally_first_byte(const struct tally *t)
{
    struct hist *first = hist_copy(t->latency);
    hist_subtract(first, t->split_latency);
    hist_merge(first, t->split_first_byte);
    return first;
}

int64_t tally_errors(const struct tally *t)
{
    return t->counts.timed_out + accounting_failed(&t->counts);
}
