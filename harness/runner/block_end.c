/* The end of a block: when it is over, or something went wrong. */
#include "runner/block_internal.h"

static bool is_anything_left(const struct block *b)
{
    bool any = b->load != NULL;
    for (size_t i = 0; i < b->narms; i++)
        any |= b->arms[i].target != NULL && !b->arms[i].is_gone;
    return any;
}

/* Called again when something of the block has ended. */
void block_wind_up(struct block *b)
{
    b->is_ending = true;
    if (b->load != NULL) {
        load_stop(b->load);
        return; /* the servers live until nothing is sent to them any more */
    }
    for (size_t i = 0; i < b->narms; i++) {
        if (b->arms[i].target != NULL)
            target_stop(b->arms[i].target);
    }
    if (!is_anything_left(b))
        trial_signals_stop(&b->signals);
}

/* What went wrong first counts. */
void block_give_up(struct block *b, enum block_how how, size_t arm)
{
    if (!b->is_ending) {
        b->out->how = how;
        b->out->arm = arm;
    }
    block_wind_up(b);
}
