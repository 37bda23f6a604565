#include "runner/flaw.h"

#include <math.h>

bool flaw_is_imbalance(enum session_flaw flaw)
{
    return flaw == SESSION_FLAW_STOLEN || flaw == SESSION_FLAW_FOREIGN ||
           flaw == SESSION_FLAW_THROTTLED;
}

static double share_of(const struct session_share *share, enum session_flaw flaw)
{
    switch (flaw) {
    case SESSION_FLAW_STOLEN:
        return share->stolen;
    case SESSION_FLAW_FOREIGN:
        return share->foreign;
    case SESSION_FLAW_THROTTLED:
        return share->throttled;
    default:
        return NAN;
    }
}

/* Raises *out to the difference between the arm that has most and the one that has least. */
static void compare(const struct session_side *sides, size_t nsides, enum session_flaw flaw,
                    struct session_redo *out)
{
    double least = NAN;
    double most = NAN;
    size_t worse = 0;
    for (size_t i = 0; i < nsides; i++) {
        double share = share_of(&sides[i].share, flaw);
        if (isnan(share))
            return;
        least = fmin(least, share);
        if (isnan(most) || share > most) {
            most = share;
            worse = i;
        }
    }
    if (most - least > out->imbalance)
        *out = (struct session_redo){.flaw = flaw, .arm = worse, .imbalance = most - least};
}

bool flaw_find_imbalance(const struct session_side *sides, size_t nsides, struct session_redo *out)
{
    *out = (struct session_redo){.imbalance = FLAW_IMBALANCE_CORES};
    compare(sides, nsides, SESSION_FLAW_STOLEN, out);
    compare(sides, nsides, SESSION_FLAW_FOREIGN, out);
    compare(sides, nsides, SESSION_FLAW_THROTTLED, out);
    return out->imbalance > FLAW_IMBALANCE_CORES;
}

/* How often one arm was worse off, running, before the block that is being judged. */
struct row {
    size_t arm, count;
};

/* Counts the redone measurements of one block, from the last; false when the row ends there. */
static bool count_redone(const struct session *s, size_t block, size_t *left, struct row *row)
{
    while (*left > 0 && s->redone[*left - 1].block == block) {
        const struct session_redo *r = &s->redone[--*left];
        if (!flaw_is_imbalance(r->flaw) || r->arm != row->arm)
            return false;
        row->count++;
    }
    return true;
}

static size_t count_row(const struct session *s, size_t arm)
{
    struct row row = {.arm = arm};
    size_t left = s->nredone;
    size_t block = s->nblocks - 1;
    while (count_redone(s, block, &left, &row) && block > 0) {
        struct session_redo kept;
        const struct session_block *before = &s->blocks[--block];
        if (before->is_valid || !flaw_find_imbalance(before->sides, s->narms, &kept) ||
            kept.arm != arm)
            break;
        row.count++;
    }
    return row.count;
}

static size_t times_redone(const struct session *s)
{
    size_t count = 0;
    for (size_t i = 0; i < s->nredone; i++)
        count += s->redone[i].block == s->nblocks - 1;
    return count;
}

enum flaw_ruling flaw_rule(const struct session *s, const struct session_redo *found)
{
    if (found == NULL)
        return FLAW_KEEP;
    if (flaw_is_imbalance(found->flaw)) {
        if (s->is_one_sided)
            return FLAW_KEEP;
        if (count_row(s, found->arm) + 1 >= FLAW_ROW)
            return FLAW_KEEP_TURNED;
    }
    return times_redone(s) < FLAW_REDO_MAX ? FLAW_REDO : FLAW_KEEP_INVALID;
}
