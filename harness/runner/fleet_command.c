#include "runner/fleet_command.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/word_pack.h"
#include "proc/programs.h"

#define RECOVERY    "--enable-recovery"
#define PACKED_MOST 100000 /* bytes; the kernel takes 128 KiB in one variable */

static void add_pair(struct str_list *argv, const char *option, const char *value)
{
    str_list_add(argv, option);
    str_list_add(argv, value);
}

static void add_parameter(struct str_list *argv, const char *name, const char *value)
{
    str_list_add(argv, "--mca");
    add_pair(argv, name, value);
}

/* In the largest unit that leaves no rest; the caller frees it. */
static char *time_text(int64_t ns)
{
    if (ns % NS_PER_S == 0)
        return mem_printf("%llds", (long long)(ns / NS_PER_S));
    return ns % NS_PER_MS == 0 ? mem_printf("%lldms", (long long)(ns / NS_PER_MS))
                               : mem_printf("%lldns", (long long)ns);
}

static void add_time(struct str_list *argv, const char *option, int64_t ns)
{
    char *text = time_text(ns);
    add_pair(argv, option, text);
    free(text);
}

/* What differs from the command line of bench: a comparison divides its time, for one. */
static void add_times(const struct plan *plan, struct str_list *argv)
{
    if (plan->duration_ns > 0 && plan->stages.count == 0)
        add_time(argv, "--duration", plan->duration_ns);
    if (plan->warmup_ns > 0 && plan->warmup_connections > 0) {
        char *time = time_text(plan->warmup_ns);
        char *text = mem_printf("[ -c %lld -d %s ]", (long long)plan->warmup_connections, time);
        add_pair(argv, "--warmup", text);
        free(text);
        free(time);
    } else if (plan->warmup_ns > 0) {
        add_time(argv, "--warmup", plan->warmup_ns);
    }
}

/* All that a generator is told. */
static void add_load(const struct plan *plan, const struct str_list *urls, struct str_list *argv)
{
    for (size_t i = 0; i < plan->load_argv.count; i++)
        str_list_add(argv, plan->load_argv.items[i]);
    add_times(plan, argv);
    char *seed = mem_printf("%lld", (long long)plan->seed);
    add_pair(argv, "--seed", seed);
    free(seed);
    if (plan->owned_expected != NULL)
        add_pair(argv, "--expect-body", plan->owned_expected);
    for (size_t i = 0; i < urls->count; i++)
        str_list_add(argv, urls->items[i]);
}

static bool has_secrets(const struct str_list *words, const struct str_list *urls)
{
    bool any = false;
    for (size_t i = 0; i < words->count && !any; i++) {
        char *text = secret_free(words->items[i]);
        any = strcmp(text, words->items[i]) != 0;
        free(text);
    }
    for (size_t i = 0; i < urls->count && !any; i++) {
        char *text = secret_free_url(urls->items[i]);
        any = strcmp(text, urls->items[i]) != 0;
        free(text);
    }
    return any;
}

/* mpirun gives the variable to the programs by itself, and not on a command line. */
static int pack(const struct str_list *load, struct fleet_command *out, struct err *err)
{
    char *packed = word_pack(load);
    size_t len = strlen(packed);
    if (len <= PACKED_MOST)
        out->variable = mem_printf(FLEET_ARGS_VARIABLE "=%s", packed);
    free(packed);
    if (len > PACKED_MOST)
        return err_set(err, ERR_USAGE,
                       "--hosts: the options have %zu bytes, and can have %d with a secret among "
                       "them; put a long body into a file that is on all hosts: -i FILE",
                       len, PACKED_MOST);
    return 0;
}

/* A folder of ours is where bench-rank is on each host, too. */
static int find_programs(char **mpirun, char **rank, struct err *err)
{
    struct err why;
    *mpirun = program_in_path("mpirun");
    *rank = program_find("bench-rank", &why);
    if (*mpirun == NULL)
        return err_set(err, ERR_USAGE,
                       "--hosts: mpirun is not installed: apt-get install openmpi-bin, here and on "
                       "each host");
    if (*rank == NULL)
        return err_set(err, ERR_USAGE,
                       "--hosts: bench-rank is not beside bench: install the package bench-rank, "
                       "here and on each host, or libopenmpi-dev before the build");
    return 0;
}

/* mpirun refuses root, unless two variables say that it may. */
static int check_user(struct err *err)
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): the environment is not changed after the start */
    const char *allowed = getenv("OMPI_ALLOW_RUN_AS_ROOT");
    if (geteuid() != 0 || allowed != NULL)
        return 0;
    return err_set(err, ERR_USAGE,
                   "--hosts: mpirun does not run as root unless it is told twice that it may; run "
                   "bench as another user, or, in a container, with OMPI_ALLOW_RUN_AS_ROOT=1 "
                   "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1");
}

int fleet_command_check(struct err *err)
{
    char *mpirun = NULL;
    char *rank = NULL;
    int failed = find_programs(&mpirun, &rank, err);
    free(mpirun);
    free(rank);
    return failed < 0 ? -1 : check_user(err);
}

/* Not bound to a core each, because a generator may have several threads. Of a lost rank, the hub
 * among the others tells what becomes of the run, so mpirun must not end it. It does when the
 * connection to a silent host breaks, and then drops what the ranks have printed: that has to come
 * long after the hub has missed the host (5 s) and told the result. */
static void add_launch(const struct plan *plan, const char *mpirun, struct str_list *argv)
{
    str_list_add(argv, mpirun);
    add_pair(argv, "--host", plan->hosts.text);
    add_pair(argv, "--bind-to", "none");
    str_list_add(argv, RECOVERY);
    add_parameter(argv, "oob_tcp_keepalive_time", "30");
    add_parameter(argv, "oob_tcp_keepalive_intvl", "5");
    add_parameter(argv, "oob_tcp_keepalive_probes", "3");
    if (plan->mpi_net != NULL) {
        add_parameter(argv, "btl_tcp_if_include", plan->mpi_net);
        add_parameter(argv, "oob_tcp_if_include", plan->mpi_net);
    }
}

int fleet_command_make(const struct plan *plan, const struct str_list *urls,
                       struct fleet_command *out, struct err *err)
{
    char *mpirun = NULL;
    char *rank = NULL;
    *out = (struct fleet_command){0};
    int failed = find_programs(&mpirun, &rank, err);
    if (failed == 0) {
        add_launch(plan, mpirun, &out->launch);
        add_pair(&out->rank, rank, "run");
        if (plan_goes_on(plan))
            add_pair(&out->rank, "--on-lost", "continue");
        add_load(plan, urls, &out->load);
        failed = has_secrets(&out->load, urls) ? pack(&out->load, out, err) : 0;
    }
    free(mpirun);
    free(rank);
    return failed;
}

static char **add_words(char **to, const struct str_list *words)
{
    for (size_t i = 0; i < words->count; i++)
        *to++ = words->items[i];
    return to;
}

char **fleet_command_argv(const struct fleet_command *c)
{
    static char export[] = "-x";
    static char variable[] = FLEET_ARGS_VARIABLE;
    static char stream[] = "--stream";
    size_t count = c->launch.count + c->rank.count + c->load.count + 4;
    char **argv = mem_array(count, sizeof *argv);
    char **to = add_words(argv, &c->launch);
    if (c->variable != NULL) {
        *to++ = export;
        *to++ = variable;
    }
    to = add_words(to, &c->rank);
    *to++ = stream;
    if (c->variable == NULL)
        to = add_words(to, &c->load);
    *to = NULL;
    return argv;
}

/* Without what makes mpirun keep quiet about a host that lacks the program. */
char **fleet_command_check_argv(const struct fleet_command *c)
{
    static char version[] = "--version";
    size_t count = c->launch.count + 3;
    char **argv = mem_array(count, sizeof *argv);
    char **to = argv;
    for (size_t i = 0; i < c->launch.count; i++) {
        if (strcmp(c->launch.items[i], RECOVERY) != 0)
            *to++ = c->launch.items[i];
    }
    *to++ = c->rank.items[0];
    *to++ = version;
    *to = NULL;
    return argv;
}

void fleet_command_fini(struct fleet_command *c)
{
    str_list_fini(&c->launch);
    str_list_fini(&c->rank);
    str_list_fini(&c->load);
    free(c->variable);
}
