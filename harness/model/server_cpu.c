#include "model/server_cpu.h"

#include <math.h>
#include <string.h>

double process_cpu_s(const struct process_cost *c)
{
    return c->cpu_user_s + c->cpu_system_s;
}

double server_cpu_s(const struct result *r, const char *role)
{
    double sum_s = NAN;
    for (size_t i = 0; i < r->server.nprocesses; i++) {
        const struct process_cost *c = &r->server.processes[i];
        if (strcmp(c->role, role) == 0)
            sum_s = (isnan(sum_s) ? 0 : sum_s) + process_cpu_s(c);
    }
    return sum_s;
}
