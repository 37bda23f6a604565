#include "cli/hosts_opts.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/secret.h"
#include "http/url.h"
#include "model/share.h"
#include "proc/ignored_net.h"
#include "targets/work/host_name.h"

/* --- --hosts --- */

#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_"

/* Its name is that of this machine. */
static bool is_here(const char *name)
{
    char own[HOST_NAME_BYTES];
    if (host_name_is_loopback(name))
        return true;
    if (gethostname(own, sizeof own) < 0)
        return false;
    own[sizeof own - 1] = '\0';
    return host_name_equals(name, own);
}

/* The colon and the number behind a name; without one, one share. */
static int64_t slots_of(const char *name, const char *colon, struct err *err)
{
    char *end = NULL;
    if (colon == NULL)
        return 1;
    long slots = strtol(colon + 1, &end, 10);
    bool is_number = colon[1] >= '1' && colon[1] <= '9' && *end == '\0';
    if (is_number && slots <= SHARES_MAX)
        return slots;
    return err_set(err, ERR_USAGE,
                   "'%.40s': behind the colon there is the number of its shares, 1 to %d, as in "
                   "b:2",
                   name, SHARES_MAX);
}

/* One "NAME" or "NAME:N", which is cut at its colon. */
static int add_host(char *host, const struct str_list *seen, struct plan_hosts *hosts,
                    struct err *err)
{
    char *colon = strchr(host, ':');
    int64_t slots = slots_of(host, colon, err);
    if (slots < 0)
        return -1;
    if (colon != NULL)
        *colon = '\0';
    if (host[0] == '\0' || host[0] == '-' || host[strspn(host, NAME_CHARACTERS)] != '\0')
        return err_set(err, ERR_USAGE,
                       "'%.40s' is not the name of a host; try a,b:2,c (the user and the port of "
                       "ssh stand in its ~/.ssh/config)",
                       host);
    for (size_t i = 0; i < seen->count; i++) {
        if (host_name_equals(seen->items[i], host))
            return err_set(err, ERR_USAGE,
                           "'%.40s' is there twice; for two shares on it, write %.40s:2", host,
                           host);
    }
    hosts->count++;
    hosts->slots += slots;
    hosts->are_here &= is_here(host);
    hosts->is_here |= is_here(host);
    return 0;
}

static int parse_hosts(const char *text, void *field, struct err *err)
{
    struct plan_hosts *hosts = field;
    struct str_list seen = {0};
    char *copy = mem_strdup(text);
    char *rest = copy;
    int failed = 0;
    *hosts = (struct plan_hosts){.text = text, .are_here = true};
    while (rest != NULL && failed == 0) {
        char *host = strsep(&rest, ",");
        failed = add_host(host, &seen, hosts, err);
        str_list_add(&seen, host);
    }
    str_list_fini(&seen);
    free(copy);
    if (failed == 0 && hosts->slots > SHARES_MAX)
        return err_set(err, ERR_USAGE, "%lld shares are more than the %d that a load can have",
                       (long long)hosts->slots, SHARES_MAX);
    return failed;
}

/* --- --mpi-net --- */

static int check_net(const char *net, struct err *err)
{
    struct in_addr address;
    const char *slash = strchr(net, '/');
    char *end = NULL;
    char *base = slash == NULL ? mem_strdup(net) : mem_strndup(net, (size_t)(slash - net));
    bool is_net = slash != NULL && inet_pton(AF_INET, base, &address) == 1;
    free(base);
    long bits = is_net ? strtol(slash + 1, &end, 10) : 0;
    if (is_net && slash[1] >= '0' && slash[1] <= '9' && *end == '\0' && bits <= 32)
        return 0;
    return err_set(err, ERR_USAGE,
                   "--mpi-net: '%.40s' is not a network of IPv4; try 10.0.0.0/24, of which each "
                   "host has one address",
                   net);
}

#define AT(field) offsetof(struct plan, field)
static const char *const on_lost_names[] = {"stop", "continue", NULL};
/* clang-format off */
const struct opt run_hosts_opts[] = {
    {.name = "print-command", .type = OPT_FLAG, .at = AT(print_command),
     .help = "Print the mpirun command of --hosts, and run nothing."},
    {.name = "hosts", .type = OPT_CUSTOM, .at = AT(hosts), .parse = parse_hosts, .arg = "HOST[:N],...",
     .help = "Generate the load on these hosts together, by Open MPI; each makes a share of it, b:2 two. bench-rank must be installed on them."},
    {.name = "mpi-net", .type = OPT_TEXT, .at = AT(mpi_net), .arg = "CIDR",
     .help = "The network on which the hosts talk to each other about the run, such as 10.0.0.0/24; needed if they have several."},
    {.name = "on-lost", .type = OPT_CHOICE, .at = AT(on_lost), .choices = on_lost_names, .arg = "stop|continue", .def = "stop",
     .help = "When a host is lost: stop, or go on with the others, for a partial result that no check and no comparison takes."},
    {.type = OPT_END},
};
/* clang-format on */

/* --- with the rest of the plan --- */

static int check_alone(const struct opt_given *given, struct err *err)
{
    static const char *const names[] = {"print-command", "mpi-net", "on-lost"};
    for (size_t i = 0; i < LEN(names); i++) {
        if (opt_given_text(given, names[i]) != NULL)
            return err_set(err, ERR_USAGE,
                           "--%s is about the hosts that generate the load; name them with "
                           "--hosts a,b",
                           names[i]);
    }
    return 0;
}

/* What does not go with it. */
static int check_absent(const struct plan *plan, struct err *err)
{
    const struct {
        bool is_there;
        const char *option, *why;
    } absent[] = {
        {plan_is_share(plan), "--share", "each of the hosts is given its share"},
        {plan->start.text != NULL, "--start-at",
         "the hosts agree on the time when the window opens"},
        {plan->forever, "-f/--forever",
         "each run needs a start on all hosts; leave one of them out"},
        {plan->socket_path != NULL, "-S/--socket-path",
         "a unix socket is reached on its own machine only"},
        {plan->target_tls, "--tls",
         "the certificate is made for the run, and the hosts do not have it; start bench serve "
         "--tls-cert FILE --tls-key FILE, and give its URL"},
        {plan->original != NULL, "--originals", "the published programs listen on 127.0.0.1 only"},
    };
    for (size_t i = 0; i < LEN(absent); i++) {
        if (absent[i].is_there)
            return err_set(err, ERR_USAGE, "--hosts with %s: %s", absent[i].option, absent[i].why);
    }
    return 0;
}

static int check_files(const struct plan *plan, struct err *err)
{
    const struct {
        const char *option, *file;
    } files[] = {{"-i/--input", plan->body_file},
                 {"--requests", plan->requests_file},
                 {"--har", plan->har_file},
                 {"-F/--form", plan->form},
                 {"--feed", plan->feed_file}};
    for (size_t i = 0; i < LEN(files); i++) {
        if (files[i].file != NULL && strcmp(files[i].file, "-") == 0)
            return err_set(err, ERR_USAGE,
                           "--hosts with %s -: stdin is here, and not on the hosts; give a file "
                           "that is at the same place on all of them",
                           files[i].option);
    }
    return 0;
}

static int check_size(const struct plan *plan, struct err *err)
{
    long long slots = plan->hosts.slots;
    int64_t amount = plan->amount > 0 ? plan->amount : plan->overall_amount;
    if (plan->connections < slots)
        return err_set(err, ERR_USAGE,
                       "--hosts: %lld connections are too few for %lld shares; raise -c, or name "
                       "fewer hosts",
                       (long long)plan->connections, slots);
    if (amount > 0 && amount < slots)
        return err_set(err, ERR_USAGE,
                       "--hosts: %lld requests are too few for %lld shares; raise -a or -O, or "
                       "name fewer hosts",
                       (long long)amount, slots);
    return 0;
}

/* A server on loopback is out of reach for other machines. */
static int check_reach(const struct plan *plan, struct err *err)
{
    bool is_inside = plan->bind == NULL || host_name_is_loopback(plan->bind);
    if (plan->url != NULL || plan->hosts.are_here || !is_inside)
        return 0;
    return err_set(err, ERR_USAGE,
                   "--hosts: the server listens on %s, which other machines do not reach; give "
                   "the address of this one that they use, as in --bind 10.0.0.5",
                   plan->bind == NULL ? "127.0.0.1" : plan->bind);
}

int hosts_opts_check(const struct plan *plan, const struct opt_given *given, struct err *err)
{
    if (plan->hosts.text == NULL)
        return check_alone(given, err);
    if (plan->mpi_net != NULL && check_net(plan->mpi_net, err) < 0)
        return -1;
    if (check_absent(plan, err) < 0 || check_files(plan, err) < 0 || check_size(plan, err) < 0)
        return -1;
    return check_reach(plan, err);
}

int hosts_opts_check_compared(const struct plan *plan, struct err *err)
{
    if (plan->hosts.text == NULL || strcmp(plan->on_lost, "stop") == 0)
        return 0;
    return err_set(err, ERR_USAGE,
                   "--on-lost continue: what fewer hosts measured is not compared; leave it out");
}

/* --- what is said --- */

static bool is_loopback_url(const char *text)
{
    struct url url;
    struct err err;
    if (url_parse(text, &url, &err) < 0)
        return false;
    bool is = host_name_is_loopback(url.host);
    url_fini(&url);
    return is;
}

/* A URL that each host takes for one of its own. */
static void say_url(const struct plan *plan)
{
    if (plan->hosts.text == NULL || plan->hosts.are_here || plan->url == NULL ||
        plan->proxy != NULL || plan->connect_to != NULL || !is_loopback_url(plan->url))
        return;
    char *url = secret_free_url(plan->url);
    log_warn("%s is another server on each host: of a loopback address, each reaches its own", url);
    free(url);
}

/* The network that the hosts talk over, as far as this machine shows it. */
static void say_network(const struct plan *plan)
{
    char name[IF_NAMESIZE];
    bool is_outside = plan->bind != NULL && !host_name_is_loopback(plan->bind);
    const char *where = plan->mpi_net != NULL ? plan->mpi_net : is_outside ? plan->bind : NULL;
    if (plan->hosts.text == NULL || plan->hosts.are_here || !ignored_net(where, name))
        return;
    log_warn(
        "%s is on %s, and Open MPI uses no interface whose name begins with vir: give another "
        "network of the hosts (--mpi-net), or rename it on each host (ip link set %s name br0, "
        "while it is down)",
        where == NULL ? "the only network of this machine" : where, name, name);
}

void hosts_opts_say(const struct plan *plan)
{
    say_url(plan);
    say_network(plan);
}

void hosts_opts_say_arms(const struct arms *arms)
{
    for (size_t i = 0; i < arms->count; i++)
        say_url(&arms->items[i].options.plan);
    if (arms->count > 0)
        say_network(&arms->items[0].options.plan);
}
