#include "cli/bind.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/log.h"
#include "targets/work/host_name.h"

/* "0.0.0.0" and "::" are all addresses of this machine, and none that can be connected to. */
static bool is_any(const char *address)
{
    struct in_addr four;
    struct in6_addr six;
    return (inet_pton(AF_INET, address, &four) == 1 && four.s_addr == htonl(INADDR_ANY)) ||
           (inet_pton(AF_INET6, address, &six) == 1 && IN6_IS_ADDR_UNSPECIFIED(&six));
}

static bool is_numeric(const char *address)
{
    struct in_addr four;
    struct in6_addr six;
    return inet_pton(AF_INET, address, &four) == 1 || inet_pton(AF_INET6, address, &six) == 1;
}

int bind_check(const struct plan *plan, struct err *err)
{
    if (plan->bind == NULL || plan->url != NULL)
        return 0;
    if (!is_numeric(plan->bind))
        return err_set(err, ERR_USAGE,
                       "--bind: '%.100s' is not an address; give one of this machine in digits, as "
                       "`ip -br address` lists them",
                       plan->bind);
    if (is_any(plan->bind))
        return err_set(err, ERR_USAGE,
                       "--bind: %s means all addresses, and none that can be connected to; give "
                       "one of this machine, as `ip -br address` lists them",
                       plan->bind);
    if (plan->target_tls)
        return err_set(err, ERR_USAGE,
                       "--bind with --tls: the certificate that is made for the run is for "
                       "localhost only; start bench serve --tls-cert FILE --tls-key FILE, and give "
                       "its URL");
    if (plan->original != NULL)
        return err_set(err, ERR_USAGE,
                       "--bind: the published programs listen on 127.0.0.1 only; leave --originals "
                       "or --bind out");
    return 0;
}

int bind_refuse_url(struct err *err)
{
    return err_set(err, ERR_USAGE,
                   "--bind is for a server that bench starts; one with a URL listens where it "
                   "listens");
}

void bind_say(const struct plan *plan)
{
    if (plan->bind == NULL || plan->url != NULL || host_name_is_loopback(plan->bind))
        return;
    log_warn("--bind %s: as long as it runs, the server answers all who reach that address",
             plan->bind);
}

void bind_say_arms(const struct arms *arms)
{
    for (size_t i = 0; i < arms->count; i++) {
        const struct plan *plan = &arms->items[i].options.plan;
        if (plan->url == NULL) {
            bind_say(plan);
            return;
        }
    }
}
