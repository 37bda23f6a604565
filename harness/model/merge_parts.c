/* When the windows of a merge were, and what each share did. */
#include <math.h>

#include "base/mem.h"
#include "model/merge_internal.h"

/* --- windows --- */

/* By one clock: the launcher's if it compared those of all hosts, else each host's own. */
static double started_s(const struct merge *m, size_t i)
{
    bool is_synchronized = true;
    for (size_t k = 0; k < m->ninputs; k++)
        is_synchronized &= share_is_synchronized(m->inputs[k].r->share);
    const struct share *s = m->inputs[i].r->share;
    if (is_synchronized)
        return s->start_skew_us / 1e6;
    return (double)(s->start_us - m->inputs[0].r->share->start_us) / 1e6;
}

static double first_start_s(const struct merge *m)
{
    double first_s = INFINITY;
    for (size_t i = 0; i < m->ninputs; i++)
        first_s = fmin(first_s, started_s(m, i));
    return first_s;
}

double merge_start_s(const struct merge *m, size_t i)
{
    return started_s(m, i) - first_start_s(m);
}

double merge_span_s(const struct merge *m)
{
    double end_s = 0;
    for (size_t i = 0; i < m->ninputs; i++)
        end_s = fmax(end_s, merge_start_s(m, i) + m->inputs[i].r->duration_s);
    return end_s;
}

double merge_common_s(const struct merge *m)
{
    double start_s = 0;
    double end_s = INFINITY;
    for (size_t i = 0; i < m->ninputs; i++) {
        start_s = fmax(start_s, merge_start_s(m, i));
        end_s = fmin(end_s, merge_start_s(m, i) + m->inputs[i].r->duration_s);
    }
    return end_s - start_s;
}

/* --- the parts --- */

static void add_slip(struct merged_part *p, const struct hist *slip)
{
    if (slip == NULL || hist_count(slip) + hist_over(slip) == 0)
        return;
    p->slip_p50_ns = hist_percentile_ns(slip, 0.50);
    p->slip_p99_ns = hist_percentile_ns(slip, 0.99);
    p->slip_max_ns = hist_max_ns(slip);
}

/* MISSING if one of them is. */
static int64_t late_of(const struct result *r)
{
    int64_t late = 0;
    for (size_t i = 0; i < r->nseconds; i++) {
        if (r->seconds[i].late == MISSING)
            return MISSING;
        late += r->seconds[i].late;
    }
    return result_is_open_loop(r) && r->nseconds > 0 ? late : MISSING;
}

static void set_state(const struct merge *m, const struct merge_input *input, struct merged_part *p)
{
    const struct result *r = input->r;
    const char *why = NULL;
    p->state = input->why != NULL ? PART_LOST : PART_INCOMPLETE;
    if (input->why != NULL)
        why = input->why;
    else if (!isnan(m->until_s))
        why = "ended with a host that was lost";
    else if (r->bailed_out)
        why = "ended by its faults (-B)";
    else if (r->interrupted)
        why = "interrupted";
    else if (!r->valid)
        why = r->nwarnings > 0 ? r->warnings[0].message : "nothing was measured";
    else
        p->state = PART_WHOLE;
    p->why = mem_strdup_or_null(why);
}

static void add_part(const struct merge *m, size_t i, struct merged *merged)
{
    const struct result *r = m->inputs[i].r;
    const struct accounting *a = &r->accounting;
    struct merged_part *p = &merged->parts[r->share->index];
    p->share = *r->share;
    p->share.host = mem_strdup_or_null(r->share->host);
    p->cores = r->environment.cores_online;
    p->connections = r->connections;
    p->workers = r->workers;
    p->duration_s = r->duration_s;
    p->sent = a->sent;
    p->completed = a->completed;
    p->carried = a->carried;
    p->timed_out = a->timed_out;
    p->failed = accounting_failed(a);
    p->in_flight_at_end = a->in_flight_at_end;
    p->due = a->due;
    p->late = late_of(r);
    add_slip(p, r->slip);
    p->cpu_s = r->client.cpu_user_s + r->client.cpu_system_s;
    p->busiest_worker = r->client.busiest_worker;
    p->saturated = r->client.busiest_worker > RESULT_SATURATED_CORES;
    p->is_late = r->client.late;
    p->start_s = merge_start_s(m, i);
    set_state(m, &m->inputs[i], p);
}

static void add_lost(const struct merge *m, struct merged *merged)
{
    for (size_t i = 0; i < m->nlost; i++) {
        const struct merge_lost *lost = &m->lost[i];
        struct merged_part *p = &merged->parts[lost->index];
        p->share.host = mem_strdup_or_null(lost->host);
        p->due = m->inputs[0].r->accounting.due == MISSING ? MISSING : 0;
        p->state = PART_LOST;
        p->why = mem_strdup(lost->why);
    }
}

struct merged *merge_parts(const struct merge *m)
{
    struct merged *merged = mem_zalloc(sizeof *merged);
    merged->nparts = (size_t)m->inputs[0].r->share->count;
    merged->parts = mem_array(merged->nparts, sizeof *merged->parts);
    for (size_t i = 0; i < merged->nparts; i++) {
        merged_part_init(&merged->parts[i]);
        merged->parts[i].share.index = (int64_t)i;
        merged->parts[i].share.count = (int64_t)merged->nparts;
    }
    for (size_t i = 0; i < m->ninputs; i++)
        add_part(m, i, merged);
    add_lost(m, merged);
    merged->overlap = fmin(1, fmax(0, merge_common_s(m)) / merge_span_s(m));
    merged->lost_after_s = m->until_s;
    merged->partial = m->nlost > 0;
    return merged;
}
