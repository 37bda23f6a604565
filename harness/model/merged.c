#include "model/merged.h"

#include <math.h>
#include <stdlib.h>

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
