#include "runner/trial_machine.h"

#include <math.h>

#include "base/clock.h"
#include "proc/self.h"

void trial_machine_open(struct trial_machine *m)
{
    proc_self_cpu(&m->user_at_window_s, &m->system_at_window_s);
    (void)cores_read(&m->cores_at_window);
    m->suspended_at_window_ns = clock_suspended_ns();
}

void trial_machine_close(struct trial_machine *m, struct client_cost *client)
{
    double user_s = 0;
    double system_s = 0;
    (void)cores_read(&m->cores_at_end);
    m->suspended_at_end_ns = clock_suspended_ns();
    if (client == NULL)
        return;
    proc_self_cpu(&user_s, &system_s);
    client->cpu_user_s = user_s - m->user_at_window_s;
    client->cpu_system_s = system_s - m->system_at_window_s;
    client->rss_peak_bytes = proc_self_rss_peak_bytes();
}

/* CPU of other programs is unknown if the server is behind a URL, or if the target exited early:
 * then its own use is not known exactly; or if generators of other processes are here, too. */
void trial_machine_collect(const struct trial_machine *m, const struct plan *plan, struct result *r)
{
    const struct process_cost *server = &r->server.total;
    double own_s = NAN;
    if (r->has_server && r->target_end == NULL && !plan->hosts.is_here)
        own_s = server->cpu_user_s + server->cpu_system_s;
    if (!plan_is_elsewhere(plan))
        own_s += r->client.cpu_user_s + r->client.cpu_system_s;
    cores_used(&m->cores_at_window, &m->cores_at_end, own_s, &r->machine);
    r->machine.suspended_s =
        fmax(0, (double)(m->suspended_at_end_ns - m->suspended_at_window_ns) / (double)NS_PER_S);
}
