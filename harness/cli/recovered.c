#include "cli/recovered.h"

int recovered_load(const char *path, const struct recovery_goal *goal, struct stored *out,
                   struct err *err)
{
    if (stored_load(path, out, err) < 0)
        return -1;
    if (out->kind == STORED_RESULT)
        recovery_add(&out->result, goal);
    else if (out->kind == STORED_COMPARISON)
        recovery_add_all(&out->comparison, goal);
    else if (out->kind == STORED_SWEEP)
        recovery_add_all(&out->sweep.comparison, goal);
    return 0;
}
