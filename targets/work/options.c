#include "targets/work/options.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "targets/redis/url.h"
#include "targets/work/host_name.h"

#define NAME_MAX_BYTES 100

#define AT(field) offsetof(struct target_options, field)

static const char *const broker_sync_names[] = {"normal", "full", NULL};

/* clang-format off */
const struct opt target_opts[] = {
    {.name = "work", .type = OPT_CUSTOM, .at = AT(work), .parse = work_parse,
     .arg = "KIND:N", .def = "count:20M",
     .help = "Work of a heavy request: count:N on one core, or sleep:TIME."},
    {.name = "max-work", .type = OPT_CUSTOM, .at = AT(max_work), .parse = work_parse,
     .arg = "KIND:N", .def = "count:10G",
     .help = "Most work that a request may ask for; the other kind stays limited to 10G counts or 1 h."},
    {.name = "max-header", .type = OPT_SIZE, .at = AT(max_header_bytes), .min = 256, .max = 1 << 24,
     .arg = "SIZE", .def = "16KiB", .help = "Maximum size of request headers; larger ones get a 431."},
    {.name = "max-body", .type = OPT_SIZE, .at = AT(max_body_bytes), .max = 1 << 30,
     .arg = "SIZE", .def = "1MiB", .help = "Maximum size of a request body; larger ones get a 413."},
    {.name = "idle-timeout", .type = OPT_TIME, .at = AT(idle_timeout_ns), .min = 1e7, .max = 86400e9,
     .arg = "TIME", .def = "60",
     .help = "Close a connection that is idle, or has not completed a request, for this long."},
    {.name = "allow-host", .type = OPT_LIST, .at = AT(allow_host), .arg = "NAME",
     .help = "Also answer requests whose Host or Origin is this name; others than loopback get a 403. May be repeated."},
    {.name = "grace", .type = OPT_TIME, .at = AT(grace_ns), .max = 3600e9,
     .arg = "TIME", .def = "5", .help = "How long running requests may take to finish after a stop."},
    {.name = "pool-size", .type = OPT_COUNT, .at = AT(pool_size), .max = 1024,
     .arg = "N", .def = "0", .help = "Threads of the pool strategy; 0: one per usable core."},
    {.name = "max-queue", .type = OPT_COUNT, .at = AT(max_queue), .max = 1e6,
     .arg = "N", .def = "1024", .help = "Requests that may wait for a thread, or for an offload connection; more get a 503."},
    {.name = "fanout", .type = OPT_COUNT, .at = AT(fanout), .min = 1, .max = 1024,
     .arg = "N", .def = "8", .help = "New threads per request in the threads strategy."},
    {.name = "isolate", .type = OPT_CHOICE, .at = AT(isolate), .def = "none", .arg = "NAME",
     .choices = isolate_names,
     .help = "Modelled extra cost of a new thread; v8: 50 ms of CPU and 8.3 MiB."},
    {.name = "isolate-boot-ms", .type = OPT_CUSTOM, .at = AT(isolate_boot),
     .parse = isolate_parse_boot, .arg = "TIME",
     .help = "CPU time that a new thread burns at start, instead of the preset's."},
    {.name = "isolate-mib", .type = OPT_CUSTOM, .at = AT(isolate_memory),
     .parse = isolate_parse_memory, .arg = "SIZE",
     .help = "Memory that a new thread touches and holds, instead of the preset's."},
    {.name = "compute-threads", .type = OPT_COUNT, .at = AT(compute_threads), .max = 1024,
     .arg = "N", .def = "0",
     .help = "Threads that the compute service splits a request over; 0: one per usable core."},
    {.name = "compute-url", .type = OPT_TEXT, .at = AT(compute_url), .arg = "URL",
     .help = "Offload to this running service instead of starting one; without a path, to its /heavy."},
    {.name = "compute-program", .type = OPT_TEXT, .at = AT(compute_program), .arg = "PATH",
     .help = "Start this program as the compute service; it is given options of bench-compute."},
    {.name = "offload-connections", .type = OPT_COUNT, .at = AT(offload_connections), .min = 1,
     .max = 4096, .arg = "N", .def = "64",
     .help = "Connections to the compute service, and so its requests in flight."},
    {.name = "offload-timeout", .type = OPT_TIME, .at = AT(offload_timeout_ns), .min = 1e6,
     .max = 86400e9, .arg = "TIME", .def = "30",
     .help = "Answer 504 if the compute service has not responded after this time."},
    {.name = "broker", .type = OPT_TEXT, .at = AT(broker), .arg = "URL",
     .help = "Where the queue keeps its jobs: sqlite:PATH or redis://[user:password@]HOST[:PORT][/DB] (kept after the run); redis: a private server; by default a private file."},
    {.name = "broker-folder", .type = OPT_TEXT, .at = AT(broker_folder), .arg = "DIR",
     .help = "With --broker redis: an empty folder for its files, which are kept."},
    {.name = "broker-sync", .type = OPT_CHOICE, .at = AT(broker_sync), .arg = "HOW",
     .choices = broker_sync_names, .def = "normal",
     .help = "What an accepted job survives in sqlite. normal: killed programs; full: also a power failure."},
    {.name = "queue", .type = OPT_TEXT, .at = AT(queue), .arg = "NAME", .def = "heavy",
     .help = "Name of the queue; several queues can share a broker."},
    {.name = "prefix", .type = OPT_TEXT, .at = AT(prefix), .arg = "TEXT", .def = "bull",
     .help = "Prefix of the queue's name in the broker; the default is BullMQ's."},
    {.name = "drop-queue", .type = OPT_FLAG, .at = AT(drop_queue),
     .help = "Remove the queue's keys from Redis when the server stops."},
    {.name = "queue-workers", .type = OPT_COUNT, .at = AT(queue_workers), .max = 64,
     .arg = "N", .def = "1", .help = "Worker processes that the queue strategy starts; 0: only accept jobs."},
    {.name = "worker-concurrency", .type = OPT_COUNT, .at = AT(worker_concurrency), .max = 1024,
     .arg = "N", .def = "0", .help = "Jobs that one worker runs at once; 0: one per usable core."},
    {.name = "job-attempts", .type = OPT_COUNT, .at = AT(job_attempts), .min = 1, .max = 1000,
     .arg = "N", .def = "3", .help = "Attempts per job, including the first."},
    {.name = "job-backoff", .type = OPT_TIME, .at = AT(job_backoff_ns), .min = 1e6, .max = 86400e9,
     .arg = "TIME", .def = "1",
     .help = "Pause before the second attempt; doubles before each further one."},
    {.name = "job-lease", .type = OPT_TIME, .at = AT(job_lease_ns), .min = 1e8, .max = 86400e9,
     .arg = "TIME", .def = "30",
     .help = "Run a job again if its worker was silent for this long; on Redis, how long a job stays locked."},
    {.name = "stalled-interval", .type = OPT_TIME, .at = AT(stalled_interval_ns), .min = 1e8, .max = 86400e9,
     .arg = "TIME", .def = "30",
     .help = "How often workers look for jobs with expired locks on Redis, to run them again."},
    {.name = "keep-jobs", .type = OPT_COUNT, .at = AT(keep_jobs), .max = 1e9,
     .arg = "N", .def = "10k", .help = "Finished jobs that GET /jobs/ID still finds; older ones are removed."},
    {.name = "max-backlog", .type = OPT_COUNT, .at = AT(max_backlog), .min = 1, .max = 1e9,
     .arg = "N", .def = "1M", .help = "Jobs that may wait in the broker; more get a 503."},
    {.type = OPT_END},
};
/* clang-format on */

const char *const strategy_names[] = {"inline", "threads", "pool", "offload", "queue", NULL};

#undef AT
#define AT(field) offsetof(struct server_options, field)
/* clang-format off */
const struct opt server_opts[] = {
    {.name = "strategy", .type = OPT_CHOICE, .at = AT(strategy), .arg = "NAME", .def = "pool",
     .choices = strategy_names, .help = "How requests are processed."},
    {.name = "host", .type = OPT_TEXT, .at = AT(host), .arg = "ADDRESS", .def = "127.0.0.1",
     .help = "Address to listen on."},
    {.name = "port", .type = OPT_COUNT, .at = AT(port), .max = 65535, .arg = "N", .def = "0",
     .help = "Port to listen on; 0 picks a free one and prints it."},
    {.name = "tls", .type = OPT_FLAG, .at = AT(tls),
     .help = "Serve HTTPS, with a certificate that is made for this run."},
    {.name = "tls-cert", .type = OPT_TEXT, .at = AT(tls_cert), .arg = "FILE",
     .help = "Serve HTTPS with this certificate (PEM, those of its issuers behind it)."},
    {.name = "tls-key", .type = OPT_TEXT, .at = AT(tls_key), .arg = "FILE",
     .help = "The private key of --tls-cert (PEM, not encrypted)."},
    {.name = "tls-ca-out", .type = OPT_TEXT, .at = AT(tls_ca_out), .arg = "FILE",
     .help = "Serve HTTPS, and write the certificate to this file, for clients to trust."},
    {.type = OPT_END},
};
/* clang-format on */

bool server_options_have_tls(const struct server_options *options)
{
    return options->tls || options->tls_cert != NULL || options->tls_ca_out != NULL;
}

int server_options_check(const struct server_options *options, struct err *err)
{
    if (options->tls_cert != NULL && options->tls_key == NULL)
        return err_set(err, ERR_USAGE,
                       "--tls-cert needs the private key of the certificate; add --tls-key FILE");
    if (options->tls_key != NULL && options->tls_cert == NULL)
        return err_set(err, ERR_USAGE,
                       "--tls-key needs the certificate of the key; add --tls-cert FILE");
    return 0;
}

bool broker_is_url_of_redis(const char *broker)
{
    return str_starts_as_scheme(broker, "redis://") ||
           str_starts_as_scheme(broker, "redis+unix://");
}

bool broker_is_redis(const char *broker)
{
    return broker != NULL &&
           (strcmp(broker, BROKER_PRIVATE_REDIS) == 0 || broker_is_url_of_redis(broker));
}

static int check_redis_url(const char *url, struct err *err)
{
    struct redis_url parts;
    if (redis_url_parse(url, &parts, err) < 0)
        return err_wrap(err, "--broker");
    redis_url_fini(&parts);
    return 0;
}

static int check_url(const char *url, struct err *err)
{
    if (url == NULL || strcmp(url, BROKER_PRIVATE_REDIS) == 0)
        return 0;
    if (str_starts_as_scheme(url, "redis"))
        return check_redis_url(url, err);
    if (!str_starts_as_scheme(url, "sqlite:"))
        return err_set(err, ERR_USAGE,
                       "--broker: that is not a broker; try redis, redis://127.0.0.1:6379 or "
                       "sqlite:jobs.db");
    if (url[strlen("sqlite:")] == '\0')
        return err_set(err, ERR_USAGE, "--broker: 'sqlite:' needs the path of a file; try %s",
                       "sqlite:jobs.db");
    return 0;
}

static int refuse_sync(struct err *err)
{
    return err_set(err, ERR_USAGE,
                   "--broker-sync only applies to sqlite; on Redis, configure what survives a "
                   "power failure there, with appendonly and appendfsync");
}

/* Options that apply to only one kind of broker. */
static int check_broker_parts(const struct target_options *options, struct err *err)
{
    bool redis = broker_is_redis(options->broker);
    bool is_private = redis && strcmp(options->broker, BROKER_PRIVATE_REDIS) == 0;
    const char *folder = options->broker_folder;
    if (folder != NULL && !is_private)
        return err_set(err, ERR_USAGE, "--broker-folder only applies to --broker redis");
    if (folder != NULL && folder[0] != '/')
        return err_set(err, ERR_USAGE, "--broker-folder: '%s' is not an absolute path", folder);
    if (options->drop_queue && !redis)
        return err_set(
            err, ERR_USAGE,
            "--drop-queue only applies to a broker on Redis; delete an sqlite file by hand");
    return redis && strcmp(options->broker_sync, "full") == 0 ? refuse_sync(err) : 0;
}

void target_options_use_variable(struct target_options *options)
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): the environment is not changed after the start */
    const char *variable = getenv(BROKER_VARIABLE);
    if (options->broker == NULL && variable != NULL && variable[0] != '\0')
        options->broker = variable;
}

int target_options_check_given(const struct target_options *options, const struct opt_given *given,
                               enum target_broker has, struct err *err)
{
    static const char *const of_queue[] = {
        "broker",     "broker-folder",    "broker-sync",        "queue",        "prefix",
        "drop-queue", "queue-workers",    "worker-concurrency", "job-attempts", "job-backoff",
        "job-lease",  "stalled-interval", "keep-jobs",          "max-backlog"};
    for (size_t i = 0; i < LEN(of_queue) && has == TARGET_WITHOUT_BROKER; i++) {
        if (opt_given_text(given, of_queue[i]) != NULL)
            return err_set(err, ERR_USAGE, "--%s only applies to a queue; add --strategy queue",
                           of_queue[i]);
    }
    if (has == TARGET_WITH_BROKER && broker_is_redis(options->broker) &&
        opt_given_text(given, "broker-sync") != NULL)
        return refuse_sync(err);
    return 0;
}

int target_options_check_broker(const struct target_options *options, struct err *err)
{
    return check_url(options->broker, err) < 0 ? -1 : check_broker_parts(options, err);
}

void target_options_fini(struct target_options *options)
{
    str_list_fini(&options->allow_host);
}

static bool has_control(const char *text)
{
    while (*text != '\0' && str_control(text) == 0)
        text++;
    return *text != '\0';
}

/* Joined by a colon, they name the queue in its broker. */
static int check_names(const struct target_options *options, struct err *err)
{
    const struct {
        const char *option, *text;
    } names[] = {{"--queue", options->queue}, {"--prefix", options->prefix}};
    for (size_t i = 0; i < LEN(names); i++) {
        const char *text = names[i].text;
        if (text == NULL)
            continue;
        if (text[0] == '\0' || strlen(text) > NAME_MAX_BYTES || !str_is_utf8(text, strlen(text)))
            return err_set(err, ERR_USAGE, "%s: a name must have 1 to %d bytes of UTF-8",
                           names[i].option, NAME_MAX_BYTES);
        if (has_control(text))
            return err_set(err, ERR_USAGE,
                           "%s: a name must not have control or invisible characters",
                           names[i].option);
    }
    if (options->queue != NULL && strchr(options->queue, ':') != NULL)
        return err_set(err, ERR_USAGE,
                       "--queue: '%s' must not have a colon, which separates it from --prefix",
                       options->queue);
    return 0;
}

static int check_allowed(const struct target_options *options, struct err *err)
{
    for (size_t i = 0; i < options->allow_host.count; i++) {
        const char *text = options->allow_host.items[i];
        if (!host_name_is_plain(text))
            return err_set(err, ERR_USAGE,
                           "--allow-host: '%s' is not a name or an address alone; try "
                           "bench.example",
                           text);
    }
    return 0;
}

/* A blank, or what is no ASCII, has to be escaped. */
static bool is_url(const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (*c <= ' ' || *c >= 0x7f)
            return false;
    }
    return str_starts_as_scheme(text, "http://") || str_starts_as_scheme(text, "https://");
}

static int check_compute(const struct target_options *options, struct err *err)
{
    const char *url = options->compute_url;
    const char *program = options->compute_program;
    if (url != NULL && !is_url(url))
        return err_set(err, ERR_USAGE, "--compute-url: '%s' is not a URL; try http://127.0.0.1:81/",
                       url);
    if (program != NULL && strchr(program, '/') == NULL)
        return err_set(err, ERR_USAGE, "--compute-program: '%s' is not a path; try ./%s", program,
                       program);
    if (url != NULL && program != NULL)
        return err_set(err, ERR_USAGE,
                       "--compute-url and --compute-program name two services; give one");
    return 0;
}

int target_options_check(const struct target_options *options, struct err *err)
{
    if (work_check(&options->work, &options->max_work, err) < 0)
        return err_wrap(err, "--work");
    if (check_compute(options, err) < 0)
        return -1;
    if (check_allowed(options, err) < 0 || target_options_check_broker(options, err) < 0)
        return -1;
    return check_names(options, err);
}
