#include "model/plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void plan_fini(struct plan *plan)
{
    str_list_fini(&plan->strategy_argv);
    str_list_fini(&plan->original_argv);
    str_list_fini(&plan->load_argv);
    str_list_fini(&plan->headers);
    str_list_fini(&plan->form_files);
    str_list_fini(&plan->more_urls);
    str_list_fini(&plan->tls.ca_files);
    free(plan->owned_url);
    free(plan->owned_command);
    free(plan->owned_body);
    free(plan->owned_expected);
    free(plan->owned_requests);
    free(plan->owned_form_type);
    request_list_fini(&plan->requests);
    *plan = (struct plan){0};
}

bool plan_is_ours(const struct plan *plan)
{
    return plan->strategy != NULL || plan->original != NULL;
}

bool plan_is_open_loop(const struct plan *plan)
{
    return plan->rate_rps > 0 || plan->connection_rate_rps > 0 || plan->stages.count > 0;
}

int64_t plan_most_connections(const struct plan *plan)
{
    return plan->max_connections > plan->connections ? plan->max_connections : plan->connections;
}

/* An open loop never has more than the most, also where the two are not split alike. */
int64_t plan_own_connections(const struct plan *plan)
{
    int64_t own = plan_share_of(&plan->share, plan->connections);
    int64_t most = plan_own_most_connections(plan);
    return own < most ? own : most;
}

int64_t plan_own_most_connections(const struct plan *plan)
{
    return plan_share_of(&plan->share, plan_most_connections(plan));
}

/* The arrivals of an open loop are dealt out, so its requests are, too. */
int64_t plan_own_amount(const struct plan *plan)
{
    int64_t amount = plan->amount > 0 ? plan->amount : plan->overall_amount;
    return plan_is_open_loop(plan) ? plan_share_dealt(&plan->share, amount)
                                   : plan_share_of(&plan->share, amount);
}

bool plan_is_share(const struct plan *plan)
{
    return plan->share.count > 0;
}

bool plan_is_elsewhere(const struct plan *plan)
{
    return plan->hosts.text != NULL;
}

bool plan_goes_on(const struct plan *plan)
{
    return plan->on_lost != NULL && strcmp(plan->on_lost, "continue") == 0;
}

bool plan_probes(const struct plan *plan)
{
    return plan->probe_path != NULL && plan->share.index == 0;
}

bool plan_uses_all_addresses(const struct plan *plan)
{
    return plan->addresses != NULL && strcmp(plan->addresses, "all") == 0;
}

bool plan_keeps_alive(const struct plan *plan)
{
    return plan->keepalive == NULL || strcmp(plan->keepalive, "off") != 0;
}

double plan_rate_rps(const struct plan *plan)
{
    if (plan->connection_rate_rps > 0)
        return plan->connection_rate_rps * (double)plan->connections;
    if (plan->stages.count > 0 && plan->stages.items[0].is_step)
        return plan->stages.items[0].to_rps;
    if (plan->rate_rps > 0)
        return plan->rate_rps;
    return plan->stages.count > 0 ? 0 : NAN;
}

double plan_own_rate_rps(const struct plan *plan)
{
    return plan_rate_rps(plan) / (double)(plan_is_share(plan) ? plan->share.count : 1);
}

static bool is_secure(const char *url)
{
    return strncasecmp(url, "https://", strlen("https://")) == 0;
}

static bool has_secure_url(const struct plan *plan)
{
    bool any = is_secure(plan->url);
    for (size_t i = 0; i < plan->more_urls.count; i++)
        any |= is_secure(plan->more_urls.items[i]);
    return any;
}

bool plan_is_tls(const struct plan *plan)
{
    if (plan->url != NULL)
        return has_secure_url(plan);
    if (plan->command != NULL)
        return plan->command_scheme != NULL && strcmp(plan->command_scheme, "https") == 0;
    return plan->target_tls;
}

const char *plan_scheme(const struct plan *plan)
{
    bool is_tls = plan->url != NULL ? is_secure(plan->url) : plan_is_tls(plan);
    return is_tls ? "https" : "http";
}

const char *plan_path(const struct plan *plan)
{
    if (plan->path != NULL)
        return plan->path;
    return plan_is_ours(plan) ? "/heavy" : "/";
}

bool plan_expects(const struct plan *plan)
{
    return plan->expected_body != NULL || plan->expected_status != NULL ||
           plan->expected_contains != NULL || plan->expected_regex != NULL ||
           plan->expected_size != NULL || plan->expected_sha256 != NULL ||
           plan->requests_file != NULL;
}

bool plan_has_queue(const struct plan *plan)
{
    return plan_names_queue(plan->strategy, plan->original);
}

bool plan_names_queue(const char *strategy, const char *original)
{
    return (strategy != NULL && strcmp(strategy, "queue") == 0) ||
           (original != NULL && strcmp(original, "express-bullmq") == 0);
}
