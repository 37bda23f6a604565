#include "model/arm_sound.h"

const char *arm_why_unsound(const struct arm *arm)
{
    bool interrupted = false;
    if (arm->nresults == 0)
        return "was not run";
    for (size_t i = 0; i < arm->nresults; i++) {
        if (!arm->results[i].valid)
            return "is not valid";
        interrupted |= arm->results[i].interrupted;
    }
    return interrupted ? "was interrupted" : NULL;
}

bool arm_is_sound(const struct arm *arm)
{
    return arm_why_unsound(arm) == NULL;
}
