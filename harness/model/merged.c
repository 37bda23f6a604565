#include "model/merged.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "model/result.h"

const char *const part_state_names[PART_STATES] = {
    [PART_WHOLE] = "whole", [PART_INCOMPLETE] = "incomplete", [PART_LOST] = "lost"};

void merged_part_init(struct merged_part *p)
{
    *p = (struct merged_part){
        .share = {.start_skew_us = NAN, .clock_error_us = NAN},
        .cores = MISSING,
        .start_s = NAN,
        .duration_s = NAN,
        .due = MISSING,
        .late = MISSING,
        .slip_p50_ns = MISSING,
        .slip_p99_ns = MISSING,
        .slip_max_ns = MISSING,
        .cpu_s = NAN,
        .busiest_worker = NAN,
    };
}

void merged_free(struct merged *m)
{
    if (m == NULL)
        return;
    for (size_t i = 0; i < m->nparts; i++) {
        free(m->parts[i].share.host);
        free(m->parts[i].why);
    }
    free(m->parts);
    free(m);
}

struct merged *merged_copy(const struct merged *m)
{
    struct merged *copy = mem_zalloc(sizeof *copy);
    *copy = *m;
    copy->parts = mem_array(m->nparts, sizeof *copy->parts);
    for (size_t i = 0; i < m->nparts; i++) {
        copy->parts[i] = m->parts[i];
        copy->parts[i].share.host = mem_strdup_or_null(m->parts[i].share.host);
        copy->parts[i].why = mem_strdup_or_null(m->parts[i].why);
    }
    return copy;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b; /* MISSING is the least */
}

static int64_t sum_of(int64_t a, int64_t b)
{
    return a == MISSING || b == MISSING ? MISSING : a + b;
}

static void part_add(struct merged_part *sum, const struct merged_part *more)
{
    sum->start_s = fmax(sum->start_s, more->start_s); /* fmax ignores a NAN */
    sum->share.clock_error_us = fmax(sum->share.clock_error_us, more->share.clock_error_us);
    sum->duration_s += more->duration_s;
    sum->sent += more->sent;
    sum->completed += more->completed;
    sum->carried += more->carried;
    sum->timed_out += more->timed_out;
    sum->failed += more->failed;
    sum->in_flight_at_end += more->in_flight_at_end;
    sum->due = sum_of(sum->due, more->due);
    sum->late = sum_of(sum->late, more->late);
    sum->slip_p50_ns = larger(sum->slip_p50_ns, more->slip_p50_ns);
    sum->slip_p99_ns = larger(sum->slip_p99_ns, more->slip_p99_ns);
    sum->slip_max_ns = larger(sum->slip_max_ns, more->slip_max_ns);
    sum->cpu_s += more->cpu_s;
    sum->busiest_worker = fmax(sum->busiest_worker, more->busiest_worker);
    sum->saturated |= more->saturated;
    sum->is_late |= more->is_late;
    if (more->state > sum->state)
        sum->state = more->state;
}

void merged_add(struct merged *sum, const struct merged *more)
{
    for (size_t i = 0; i < sum->nparts && sum->nparts == more->nparts; i++)
        part_add(&sum->parts[i], &more->parts[i]);
}

void merged_sum(struct merged **sum, const struct merged *more)
{
    if (more != NULL && *sum == NULL)
        *sum = merged_copy(more);
    else if (more != NULL)
        merged_add(*sum, more);
}

double merged_part_offered_rps(const struct merged_part *p)
{
    return p->due != MISSING && p->duration_s > 0 ? (double)p->due / p->duration_s : NAN;
}

double merged_part_achieved_rps(const struct merged_part *p)
{
    return p->duration_s > 0 ? (double)(p->completed + p->carried) / p->duration_s : NAN;
}

bool merged_is_whole(const struct merged *m)
{
    for (size_t i = 0; i < m->nparts; i++) {
        if (m->parts[i].state != PART_WHOLE)
            return false;
    }
    return true;
}

double merged_fair_due(const struct merged *m)
{
    double sum = 0;
    for (size_t i = 0; i < m->nparts; i++) {
        if (m->parts[i].due == MISSING)
            return NAN;
        sum += (double)m->parts[i].due;
    }
    return sum / (double)m->nparts;
}
