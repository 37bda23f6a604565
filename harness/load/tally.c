#include "load/tally.h"

#include <stddef.h>
#include <string.h>

#include "base/mem.h"
#include "model/result_sum.h"

static void reset_counts(struct tally *t)
{
    t->counts = (struct accounting){.oldest_in_flight_ns = MISSING,
                                    .gone_after_ns = MISSING,
                                    .due = MISSING,
                                    .unsent = MISSING,
                                    .held = MISSING};
    memset(t->connect_errors, 0, sizeof t->connect_errors);
    memset(t->reasons, 0, sizeof t->reasons);
    t->late = 0;
}

/* All histograms of a tally. */
static const size_t hists[] = {
    offsetof(struct tally, latency),
    offsetof(struct tally, unfinished),
    offsetof(struct tally, connect),
    offsetof(struct tally, split_latency),
    offsetof(struct tally, split_first_byte),
    offsetof(struct tally, service),
    offsetof(struct tally, slip),
    offsetof(struct tally, lag),
    offsetof(struct tally, unsent),
};

static struct hist **hist_at(struct tally *t, size_t i)
{
    return (struct hist **)((char *)t + hists[i]);
}

void tally_init(struct tally *t)
{
    *t = (struct tally){0};
    reset_counts(t);
    for (size_t i = 0; i < LEN(hists); i++)
        *hist_at(t, i) = hist_new_latency();
}

void tally_fini(struct tally *t)
{
    for (size_t i = 0; i < LEN(hists); i++)
        hist_free(*hist_at(t, i));
    *t = (struct tally){0};
}

void tally_reset(struct tally *t)
{
    reset_counts(t);
    for (size_t i = 0; i < LEN(hists); i++)
        hist_reset(*hist_at(t, i));
}

static void add_errno(struct tally *t, int number, int64_t count)
{
    for (size_t i = 0; i < LEN(t->connect_errors); i++) {
        struct connect_error *e = &t->connect_errors[i];
        if (e->count == 0 || e->number == number || i + 1 == LEN(t->connect_errors)) {
            e->number = number;
            e->count += count;
            return;
        }
    }
}

void tally_connect_error(struct tally *t, int error)
{
    t->counts.connect_failed++;
    add_errno(t, error, 1);
}

/* When all other places are taken, the last one counts the rest. */
void tally_reason(struct tally *t, const struct tally_reason *reason)
{
    size_t i = 0;
    while (i + 1 < LEN(t->reasons) && t->reasons[i].count > 0 &&
           (t->reasons[i].kind != reason->kind || t->reasons[i].number != reason->number ||
            t->reasons[i].why != reason->why))
        i++;
    int64_t sum = t->reasons[i].count + reason->count;
    if (reason->count == 0)
        return;
    t->reasons[i] = *reason;
    t->reasons[i].count = sum;
}

void tally_merge(struct tally *into, const struct tally *from)
{
    accounting_add_counts(&into->counts, &from->counts);
    for (size_t i = 0; i < LEN(from->connect_errors); i++) {
        if (from->connect_errors[i].count > 0)
            add_errno(into, from->connect_errors[i].number, from->connect_errors[i].count);
    }
    for (size_t i = 0; i < LEN(from->reasons); i++)
        tally_reason(into, &from->reasons[i]);
    for (size_t i = 0; i < LEN(hists); i++)
        hist_merge(*hist_at(into, i), *(struct hist *const *)((const char *)from + hists[i]));
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
    for (size_t i = 0; i < a.nconnect_errors; i++)
        a.connect_errors[i] = t->connect_errors[i];
    collect_reasons(t, &a);
    return a;
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
