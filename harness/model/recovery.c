#include "model/recovery.h"

#include <stdio.h>

#include "base/units.h"

const char *const recovery_state_names[RECOVERY_STATE_COUNT] = {
#define X(name, text) [RECOVERY_##name] = (text),
    RECOVERY_STATES(X)
#undef X
};

const char *const recovery_reason_names[RECOVERY_REASON_COUNT] = {
#define X(name, code, words) [RECOVERY_REASON_##name] = (code),
    RECOVERY_REASONS(X)
#undef X
};

const char *const recovery_reason_words[RECOVERY_REASON_COUNT] = {
#define X(name, code, words) [RECOVERY_REASON_##name] = (words),
    RECOVERY_REASONS(X)
#undef X
};

char *recovery_goal_text(const struct recovery_goal *goal, char *text, size_t size)
{
    char time[32];
    (void)units_format_time((int64_t)goal->ns, time, sizeof time);
    if (goal->q < 1)
        (void)snprintf(text, size, "p%.10g<%s", goal->q * 100, time);
    else
        (void)snprintf(text, size, "max<%s", time);
    return text;
}
