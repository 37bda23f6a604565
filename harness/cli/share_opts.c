#include "cli/share_opts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/date.h"
#include "model/share.h"

/* --- --share --- */

/* Which variables say which part this is, and of how many. */
static const struct share_source {
    const char *index, *count;
} sources[] = {
    {"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"},
    {"PMI_RANK", "PMI_SIZE"},
    {"SLURM_PROCID", "SLURM_NTASKS"},
    {"JOB_COMPLETION_INDEX", "BENCH_SHARES"},
};

/* A whole number in digits, and what follows it; -1: it is none, or too large for a share. */
static int64_t take_number(const char **text)
{
    int64_t number = 0;
    const char *at = *text;
    for (; *at >= '0' && *at <= '9' && number <= SHARES_MAX; at++)
        number = number * 10 + (*at - '0');
    bool is_number = at != *text && number <= SHARES_MAX;
    *text = at;
    return is_number ? number : -1;
}

static int64_t variable(const char *name, const char *value, struct err *err)
{
    const char *rest = value;
    int64_t number = take_number(&rest);
    if (number >= 0 && *rest == '\0')
        return number;
    return err_set(err, ERR_USAGE, "%s is '%.40s', which is not a number of at most %d", name,
                   value, SHARES_MAX);
}

/* The source's; found: it is set at all. */
static int read_source(const struct share_source *source, struct plan_share *share, bool *found,
                       struct err *err)
{
    /* NOLINTBEGIN(concurrency-mt-unsafe): no thread yet */
    const char *index = getenv(source->index);
    const char *count = getenv(source->count);
    /* NOLINTEND(concurrency-mt-unsafe) */
    *found = index != NULL;
    if (index == NULL)
        return 0;
    if (count == NULL)
        return err_set(err, ERR_USAGE, "%s is set, and %s is not: set it to the number of shares",
                       source->index, source->count);
    share->index = variable(source->index, index, err);
    if (share->index < 0)
        return -1;
    share->count = variable(source->count, count, err);
    return share->count < 0 ? -1 : 0;
}

static int find_share(struct plan_share *share, struct err *err)
{
    const struct share_source *first = NULL;
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        struct plan_share here = {0};
        bool found = false;
        if (read_source(&sources[i], &here, &found, err) < 0)
            return -1;
        if (found && first != NULL && (here.index != share->index || here.count != share->count))
            return err_set(err, ERR_USAGE,
                           "%s and %s say %lld/%lld, but %s and %s say %lld/%lld; give the right "
                           "one as --share I/N",
                           first->index, first->count, (long long)share->index,
                           (long long)share->count, sources[i].index, sources[i].count,
                           (long long)here.index, (long long)here.count);
        if (found && first == NULL) {
            first = &sources[i];
            *share = here;
        }
    }
    if (first != NULL)
        return 0;
    return err_set(err, ERR_USAGE,
                   "nothing here says which share this is: auto is for programs that mpirun, srun "
                   "or an Indexed Job of Kubernetes (with BENCH_SHARES set) started; give I/N");
}

static int parse_share(const char *text, void *field, struct err *err)
{
    struct plan_share *share = field;
    const char *rest = text;
    *share = (struct plan_share){0};
    if (strcmp(text, "auto") == 0) {
        if (find_share(share, err) < 0)
            return -1;
    } else {
        share->index = take_number(&rest);
        bool has_slash = share->index >= 0 && *rest++ == '/';
        share->count = has_slash ? take_number(&rest) : -1;
        if (share->count < 0 || *rest != '\0')
            return err_set(err, ERR_USAGE,
                           "'%.40s' is not a share; try 0/4, the first of four (at most %d), or "
                           "auto",
                           text, SHARES_MAX);
    }
    if (share->index < share->count)
        return 0;
    return err_set(err, ERR_USAGE,
                   "there is no share %lld of %lld: they are numbered from 0, so the last of N is "
                   "N-1/N",
                   (long long)share->index, (long long)share->count);
}

/* --- --start-at --- */

/* All of the text; the caller has seen that it begins with a digit. */
static bool is_number(const char *text, int64_t most, int64_t *out)
{
    char *end = NULL;
    errno = 0;
    *out = strtoll(text, &end, 10);
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 && *out <= most;
}

static int parse_start(const char *text, void *field, struct err *err)
{
    struct plan_start *start = field;
    int64_t number = 0;
    *start = (struct plan_start){.text = text, .kind = PLAN_START_WALL};
    if (strncmp(text, "mono:", 5) == 0) {
        start->kind = PLAN_START_MONOTONIC;
        return is_number(text + 5, INT64_MAX, &start->at_ns)
                   ? 0
                   : err_set(err, ERR_USAGE,
                             "'%.40s': behind mono: there are nanoseconds of CLOCK_MONOTONIC",
                             text);
    }
    if (strncmp(text, "fd:", 3) != 0)
        return date_parse(text, &start->at_ns, err);
    start->kind = PLAN_START_TOLD;
    if (!is_number(text + 3, 1 << 20, &number) || number < 3)
        return err_set(err, ERR_USAGE,
                       "'%.40s': behind fd: there is the number of a descriptor, from 3", text);
    start->fd = (int)number;
    return 0;
}

#define AT(field) offsetof(struct plan, field)
/* clang-format off */
const struct opt run_share_opts[] = {
    {.name = "share", .type = OPT_CUSTOM, .at = AT(share), .parse = parse_share, .arg = "I/N|auto",
     .help = "Make part I (from 0) of N of the load that the other options say; bench merge adds the results up. auto: from mpirun, srun or a Job."},
    {.name = "start-at", .type = OPT_CUSTOM, .at = AT(start), .parse = parse_start, .arg = "TIME",
     .help = "Open the window at this time, as in 2026-11-30T18:05:00Z; connections are opened, and warmed up, before it."},
    {.type = OPT_END},
};
/* clang-format on */

/* --- all of it --- */

static const char *server_of(const struct plan *plan)
{
    return plan->strategy != NULL                            ? "--strategy"
           : plan->original != NULL || plan->command != NULL ? "--cmd"
                                                             : NULL;
}

static int check_share(const struct plan *plan, struct err *err)
{
    long long count = plan->share.count;
    if (server_of(plan) != NULL)
        return err_set(err, ERR_USAGE,
                       "--share beside %s: each share would start a server of its own, and load "
                       "that; start one with bench serve, and give its URL",
                       server_of(plan));
    if (plan->connections < count)
        return err_set(err, ERR_USAGE,
                       "--share: %lld connections are too few for %lld shares; raise -c, or use "
                       "fewer shares",
                       (long long)plan->connections, count);
    int64_t amount = plan->amount > 0 ? plan->amount : plan->overall_amount;
    if (amount > 0 && amount < count) /* no share of it may be 0, which is no limit */
        return err_set(err, ERR_USAGE,
                       "--share: %lld requests are too few for %lld shares; raise -a or -O, or use "
                       "fewer shares",
                       (long long)amount, count);
    if (plan->workers > plan_own_connections(plan))
        return err_set(err, ERR_USAGE,
                       "-w/--workers %lld is more than the %lld connections of this share; a "
                       "thread needs a connection",
                       (long long)plan->workers, (long long)plan_own_connections(plan));
    return 0;
}

/* The program at its other end is told that this one is ready, and tells the time. */
static int check_descriptor(int fd, struct err *err)
{
    struct stat there;
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fstat(fd, &there) < 0)
        return err_set(err, ERR_USAGE, "--start-at fd:%d: this descriptor is not open", fd);
    bool is_two_way = (flags & O_ACCMODE) == O_RDWR;
    if (!is_two_way || !(S_ISSOCK(there.st_mode) || S_ISFIFO(there.st_mode)))
        return err_set(err, ERR_USAGE,
                       "--start-at fd:%d: this is no socket that can be read and written", fd);
    return 0;
}

static int check_start(const struct plan *plan, struct err *err)
{
    const struct plan_start *start = &plan->start;
    if (start->kind == PLAN_START_TOLD)
        return check_descriptor(start->fd, err);
    int64_t offset_ns = start->kind == PLAN_START_WALL ? clock_wall_offset_ns() : 0;
    int64_t left_ns = start->at_ns - offset_ns - clock_now_ns();
    if (left_ns <= 0)
        return err_set(err, ERR_USAGE, "--start-at %s is past", start->text);
    if (left_ns > PLAN_LONGEST_NS)
        return err_set(err, ERR_USAGE, "--start-at %s is more than 365 days away", start->text);
    return 0;
}

int share_opts_check(const struct plan *plan, struct err *err)
{
    bool is_timed = plan->start.text != NULL;
    if (plan->forever && (plan_is_share(plan) || is_timed))
        return err_set(err, ERR_USAGE,
                       "-f/--forever beside %s: the runs after the first would not begin together; "
                       "leave one of them out",
                       is_timed ? "--start-at" : "--share");
    if (plan_is_share(plan) && check_share(plan, err) < 0)
        return -1;
    return is_timed ? check_start(plan, err) : 0;
}
