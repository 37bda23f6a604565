#include "analysis/gate/arm.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "model/arm_figure.h"

static const char *problem_of(const struct arm *arm, int64_t round)
{
    for (size_t i = 0; i < arm->nproblems; i++) {
        if (arm->problems[i].round == round)
            return arm->problems[i].text;
    }
    return NULL;
}

static enum gate_reason lack_of(const struct gate_round *round, size_t nresults, bool partial)
{
    if (round->problem != NULL)
        return GATE_INVALID;
    if (round->result == NULL && partial)
        return nresults > 0 ? GATE_NONE : GATE_INVALID;
    if (round->result == NULL)
        return GATE_INTERRUPTED;
    if (!round->result->valid)
        return GATE_INVALID;
    return round->result->interrupted && !partial ? GATE_INTERRUPTED : GATE_NONE;
}

struct gate_round *gate_rounds_of(const struct arm *arm, int64_t planned,
                                  const struct gate_policy *policy)
{
    struct gate_round *rounds = mem_array((size_t)planned, sizeof *rounds);
    bool partial = policy->partial == GATE_PARTIAL_JUDGED;
    size_t next = 0;
    for (int64_t i = 0; i < planned; i++) {
        struct gate_round *round = &rounds[i];
        round->problem = problem_of(arm, i + 1);
        if (round->problem == NULL && next < arm->nresults)
            round->result = &arm->results[next++];
        round->lack = lack_of(round, arm->nresults, partial);
    }
    return rounds;
}

/* The two ends of the figure in each judged round, and what they add up to. */
struct ends {
    double *low, *high, *finished;
    size_t nfinished;
    struct gate_outcome *arm;
};

/* A round's doubts are told where the arm cannot be judged because of them; errors before others.
 */
static void take_doubt(struct gate_outcome *arm, const struct gate_outcome *o, size_t round)
{
    struct gate_rounds *rounds = &arm->rounds;
    rounds->unknown++;
    if (rounds->doubted != 0 && (arm->reason == GATE_ERRORS || o->reason != GATE_ERRORS))
        return;
    rounds->doubted = round;
    rounds->doubt = o->measured;
    arm->reason = o->reason;
    arm->error = o->error;
    arm->error_share = o->error_share;
}

static void take_round(struct ends *e, const struct gate_outcome *o, size_t round)
{
    struct gate_rounds *rounds = &e->arm->rounds;
    struct metric_value *sum = &e->arm->measured;
    const struct metric_value *v = &o->measured;
    bool known =
        o->reason == GATE_NONE || o->reason == GATE_UNFINISHED || o->reason == GATE_ENDED_THREADS;
    e->low[rounds->judged] = known ? v->low : 0; /* no figure is negative */
    e->high[rounds->judged] = known ? v->high : INFINITY;
    if (known && !isnan(v->finished))
        e->finished[e->nfinished++] = v->finished;
    sum->raised |= known && v->raised;
    sum->samples = rounds->judged == 0 || v->samples < sum->samples ? v->samples : sum->samples;
    sum->needed = v->needed;
    rounds->judged++;
    rounds->beyond += o->verdict == GATE_CROSSED;
    if (o->verdict == GATE_UNKNOWN)
        take_doubt(e->arm, o, round);
}

/* Without a figure: what is not known must not be shown as one. */
static void leave_unknown(struct gate_outcome *arm)
{
    arm->verdict = GATE_UNKNOWN;
    arm->measured.low = arm->measured.high = arm->measured.finished = NAN;
    arm->measured.raised = false;
}

/* From the ends of all judged rounds. */
static void decide(struct ends *e)
{
    struct gate_outcome *arm = e->arm;
    const struct gate_threshold *threshold = arm->threshold;
    struct metric_value *v = &arm->measured;
    v->low = arm_median(e->low, arm->rounds.judged);
    v->high = arm_median(e->high, arm->rounds.judged);
    v->finished = arm_median(e->finished, e->nfinished);
    v->raised &= isnan(v->finished) || v->low > METRIC_RAISED * v->finished;
    bool crossed = gate_crosses(threshold, v->low);
    bool certain = crossed == gate_crosses(threshold, v->high);
    if (!certain && arm->reason == GATE_NONE)
        arm->reason = threshold->metric.row != NULL ? GATE_ENDED_THREADS : GATE_UNFINISHED;
    if (!certain || (!crossed && arm->reason == GATE_ERRORS)) {
        leave_unknown(arm);
        return;
    }
    arm->verdict = crossed ? GATE_CROSSED : GATE_PASSED;
    arm->reason = GATE_NONE;
    arm->error = GATE_ERROR_NONE;
    arm->rounds.doubted = 0;
}

static size_t undisturbed(const struct gate_round *rounds, size_t planned)
{
    size_t count = 0;
    for (size_t i = 0; i < planned; i++)
        count += rounds[i].result != NULL && !rounds[i].result->machine.is_disturbed;
    return count;
}

static void judge_rounds(struct gate_outcome *arm, const struct gate_round *rounds,
                         const struct gate_policy *policy)
{
    size_t planned = arm->rounds.planned;
    bool any_undisturbed = undisturbed(rounds, planned) > 0;
    struct ends ends = {.low = mem_array(planned, sizeof(double)),
                        .high = mem_array(planned, sizeof(double)),
                        .finished = mem_array(planned, sizeof(double)),
                        .arm = arm};
    for (size_t i = 0; i < planned; i++) {
        const struct result *r = rounds[i].result;
        if (r == NULL)
            continue;
        if (any_undisturbed && r->machine.is_disturbed) {
            arm->rounds.left_out++;
            continue;
        }
        struct gate_outcome o = gate_judge(arm->threshold, r, policy);
        take_round(&ends, &o, i + 1);
    }
    decide(&ends);
    free(ends.low);
    free(ends.high);
    free(ends.finished);
}

struct gate_outcome gate_judge_arm(const struct gate_threshold *threshold,
                                   const struct gate_round *rounds, size_t planned,
                                   const struct gate_policy *policy)
{
    struct gate_outcome arm = {.threshold = threshold, .rounds.planned = planned};
    arm.measured.sure = NAN;
    for (size_t i = 0; i < planned && arm.reason == GATE_NONE; i++) {
        arm.reason = rounds[i].lack;
        arm.rounds.doubted = arm.reason != GATE_NONE ? i + 1 : 0;
    }
    if (arm.reason != GATE_NONE)
        leave_unknown(&arm);
    else
        judge_rounds(&arm, rounds, policy);
    return arm;
}
