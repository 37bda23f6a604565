#include "targets/options.h"

#include "base/str.h"

#define AT(field) offsetof(struct target_options, field)

/* clang-format off */
const struct opt target_opts[] = {
    {.name = "work", .type = OPT_CUSTOM, .at = AT(work), .parse = work_parse,
     .arg = "KIND:N", .def = "count:20M",
     .help = "What a heavy request does: count:N on one core, or sleep:TIME."},
    {.name = "max-work", .type = OPT_CUSTOM, .at = AT(max_work), .parse = work_parse,
     .arg = "KIND:N", .def = "count:10G",
     .help = "The most one request may ask for; the other kind keeps 10G counts or 1 h."},
    {.name = "max-header", .type = OPT_SIZE, .at = AT(max_header_bytes), .min = 256, .max = 1 << 24,
     .arg = "SIZE", .def = "16KiB", .help = "Longer request headers are answered 431."},
    {.name = "max-body", .type = OPT_SIZE, .at = AT(max_body_bytes), .max = 1 << 30,
     .arg = "SIZE", .def = "1MiB", .help = "Longer request bodies are answered 413."},
    {.name = "idle-timeout", .type = OPT_TIME, .at = AT(idle_timeout_ns), .min = 1e7, .max = 86400e9,
     .arg = "TIME", .def = "60",
     .help = "Close a connection that is silent, or not done with a request, for this long."},
    {.name = "grace", .type = OPT_TIME, .at = AT(grace_ns), .max = 3600e9,
     .arg = "TIME", .def = "5", .help = "How long what runs may take to end after a stop."},
    {.name = "pool-size", .type = OPT_COUNT, .at = AT(pool_size), .max = 1024,
     .arg = "N", .def = "0", .help = "Threads of the pool strategy; 0 is one per usable core."},
    {.name = "max-queue", .type = OPT_COUNT, .at = AT(max_queue), .max = 1e6,
     .arg = "N", .def = "1024", .help = "Requests that may wait for a thread, or for a connection of offload; more are 503."},
    {.name = "fanout", .type = OPT_COUNT, .at = AT(fanout), .min = 1, .max = 1024,
     .arg = "N", .def = "8", .help = "New threads that the threads strategy makes for each request."},
    {.name = "isolate", .type = OPT_CHOICE, .at = AT(isolate), .def = "none", .arg = "NAME",
     .choices = isolate_names,
     .help = "What else a new thread costs, as a model; v8 is 50 ms of CPU and 8.3 MiB."},
    {.name = "isolate-boot-ms", .type = OPT_CUSTOM, .at = AT(isolate_boot),
     .parse = isolate_parse_boot, .arg = "TIME",
     .help = "CPU time that a new thread burns first, instead of the preset's."},
    {.name = "isolate-mib", .type = OPT_CUSTOM, .at = AT(isolate_memory),
     .parse = isolate_parse_memory, .arg = "SIZE",
     .help = "Memory that a new thread touches and holds, instead of the preset's."},
    {.name = "compute-threads", .type = OPT_COUNT, .at = AT(compute_threads), .max = 1024,
     .arg = "N", .def = "0",
     .help = "Threads over which the compute service splits a request; 0 is one per usable core."},
    {.name = "compute-url", .type = OPT_TEXT, .at = AT(compute_url), .arg = "URL",
     .help = "Offload to the service that is there; without a path to its /heavy."},
    {.name = "offload-connections", .type = OPT_COUNT, .at = AT(offload_connections), .min = 1,
     .max = 4096, .arg = "N", .def = "64",
     .help = "Connections kept to the compute service: the requests that it has at once."},
    {.name = "offload-timeout", .type = OPT_TIME, .at = AT(offload_timeout_ns), .min = 1e6,
     .max = 86400e9, .arg = "TIME", .def = "30",
     .help = "A request that the compute service has not answered by then is answered 504."},
    {.type = OPT_END},
};
/* clang-format on */

const char *const strategy_names[] = {"inline", "threads", "pool", "offload", NULL};

#undef AT
#define AT(field) offsetof(struct server_options, field)
/* clang-format off */
const struct opt server_opts[] = {
    {.name = "strategy", .type = OPT_CHOICE, .at = AT(strategy), .arg = "NAME", .def = "pool",
     .choices = strategy_names, .help = "Who does the work."},
    {.name = "host", .type = OPT_TEXT, .at = AT(host), .arg = "ADDRESS", .def = "127.0.0.1",
     .help = "The address to listen on."},
    {.name = "port", .type = OPT_COUNT, .at = AT(port), .max = 65535, .arg = "N", .def = "0",
     .help = "The port to listen on; 0 takes a free one and prints it."},
    {.type = OPT_END},
};
/* clang-format on */

int target_options_check(const struct target_options *options, struct err *err)
{
    if (work_check(&options->work, &options->max_work, err) < 0)
        return err_wrap(err, "--work");
    const char *url = options->compute_url;
    if (url != NULL && !str_starts(url, "http://") && !str_starts(url, "https://"))
        return err_set(err, ERR_USAGE, "--compute-url: '%s' is not a URL; try http://127.0.0.1:81/",
                       url);
    return 0;
}
