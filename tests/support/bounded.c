#include "support/bounded.h"

#include <unistd.h>

int bounded_set_alarm(void **state)
{
    (void)state;
    (void)alarm(BOUND_S);
    return 0;
}
