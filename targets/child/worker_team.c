#include "targets/child/worker_team.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/str.h"
#include "targets/child/service_process.h"

struct slot {
    struct worker_team *team;
    struct service_process *worker; /* NULL before its start and after its end */
    int port;                       /* 0 while it is not ready */
};

struct worker_team {
    void (*on_closed)(void *ctx);
    void *ctx;
    struct slot *slots;
    size_t count, live;
};

static void on_up(void *ctx, int port)
{
    struct slot *slot = ctx;
    slot->port = port;
}

static void on_down(void *ctx)
{
    struct slot *slot = ctx;
    slot->port = 0;
}

static void on_worker_closed(void *ctx)
{
    struct slot *slot = ctx;
    struct worker_team *team = slot->team;
    slot->worker = NULL;
    if (--team->live > 0)
        return;
    if (team->on_closed != NULL)
        team->on_closed(team->ctx);
    free(team->slots);
    free(team);
}

static void add_count(struct str_list *list, const char *name, int64_t count)
{
    service_options_add(list, name, mem_printf("%lld", (long long)count));
}

static void add_time(struct str_list *list, const char *name, int64_t ns)
{
    service_options_add(list, name, mem_printf("%lldns", (long long)ns));
}

/* A URL of Redis may contain a password, and any user can read a command line. */
static void add_broker(struct service_spec *spec, const struct target_options *o)
{
    if (!broker_is_redis(o->broker)) {
        service_options_add(&spec->options, "--broker", mem_strdup(o->broker));
        service_options_add(&spec->options, "--broker-sync", mem_strdup(o->broker_sync));
        return;
    }
    char *variable = mem_printf(BROKER_VARIABLE "=%s", o->broker);
    str_list_add(&spec->env, variable);
    free(variable);
}

static void add_options(struct service_spec *spec, const struct target_options *o)
{
    struct str_list *list = &spec->options;
    service_options_add_common(list, o);
    add_broker(spec, o);
    service_options_add(list, "--queue", mem_strdup(o->queue));
    service_options_add(list, "--prefix", mem_strdup(o->prefix));
    add_count(list, "--concurrency", o->worker_concurrency);
    add_count(list, "--job-attempts", o->job_attempts);
    add_time(list, "--job-backoff", o->job_backoff_ns);
    add_time(list, "--job-lease", o->job_lease_ns);
    add_time(list, "--stalled-interval", o->stalled_interval_ns);
    add_count(list, "--keep-jobs", o->keep_jobs);
}

/* After a failed start: the caller does not get the team. */
static void abandon(struct worker_team *team)
{
    team->on_closed = NULL;
    if (team->live > 0) {
        worker_team_close(team, 0);
        return;
    }
    free(team->slots);
    free(team);
}

struct worker_team *worker_team_start(uv_loop_t *loop, const struct target_options *options,
                                      void (*on_closed)(void *ctx), void *ctx, struct err *err)
{
    struct worker_team *team = mem_zalloc(sizeof *team);
    struct service_spec spec = {.program = "bench-worker", .role = "worker"};
    bool failed = false;
    team->on_closed = on_closed;
    team->ctx = ctx;
    team->count = (size_t)options->queue_workers;
    team->slots = mem_array(team->count, sizeof *team->slots);
    add_options(&spec, options);
    for (size_t i = 0; i < team->count && !failed; i++) {
        struct slot *slot = &team->slots[i];
        const struct service_process_events events = {slot, on_up, on_down, on_worker_closed};
        slot->team = team;
        slot->worker = service_process_start(loop, &spec, &events, err);
        failed = slot->worker == NULL;
        team->live += failed ? 0 : 1;
    }
    str_list_fini(&spec.options);
    str_list_fini(&spec.env);
    if (!failed)
        return team;
    abandon(team);
    return NULL;
}

json_t *worker_team_json(const struct worker_team *team)
{
    json_t *list = json_array();
    for (size_t i = 0; i < team->count; i++) {
        const struct slot *slot = &team->slots[i];
        if (slot->worker != NULL && slot->port != 0)
            (void)json_array_append_new(list, json_pack("{s:i, s:i}", "pid",
                                                        (int)service_process_pid(slot->worker),
                                                        "port", slot->port));
    }
    return list;
}

void worker_team_close(struct worker_team *team, int64_t grace_ns)
{
    for (size_t i = 0; i < team->count; i++) {
        if (team->slots[i].worker != NULL)
            service_process_close(team->slots[i].worker, grace_ns);
    }
}

void worker_team_hurry(struct worker_team *team, int64_t grace_ns)
{
    for (size_t i = 0; i < team->count; i++) {
        if (team->slots[i].worker != NULL)
            service_process_stop(team->slots[i].worker, grace_ns);
    }
}
