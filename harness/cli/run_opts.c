#include "cli/run_opts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/units.h"
#include "cli/bind.h"
#include "cli/originals.h"
#include "cli/rate_opts.h"
#include "cli/target_word.h"
#include "http/request.h"
#include "http/url.h"
#include "runner/expected.h"
#include "runner/run_broker.h"
#include "store/file.h"

#define BODY_MAX_BYTES     ((size_t)64 << 20)
#define REQUESTS_MAX_BYTES ((int64_t)64 << 20)
#define DAY_NS             (86400e9)

#define SEED_MAX 9007199254740991.0 /* 2^53 - 1, which every JSON reader holds exactly */

/* The warm-up: "TIME", or autocannon's "[ -c N -d S ]". */
struct warmup {
    int64_t ns, connections;
};

static int parse_warmup_part(const char *name, const char *value, struct warmup *w, struct err *err)
{
    if (strcmp(name, "-d") == 0 || strcmp(name, "--duration") == 0)
        return units_parse_time(value, &w->ns, err);
    if (strcmp(name, "-c") == 0 || strcmp(name, "--connections") == 0)
        return units_parse_count(value, &w->connections, err);
    return err_set(err, ERR_USAGE, "unknown option '%s' in a warm-up; use -c and -d", name);
}

static int parse_warmup_list(char *text, struct warmup *w, struct err *err)
{
    char *rest = NULL;
    for (char *name = strtok_r(text, "[] ", &rest); name != NULL;
         name = strtok_r(NULL, "[] ", &rest)) {
        const char *value = strtok_r(NULL, "[] ", &rest);
        if (value == NULL)
            return err_set(err, ERR_USAGE, "%s needs a value; try -W '[ -c 10 -d 2 ]'", name);
        if (parse_warmup_part(name, value, w, err) < 0)
            return -1;
    }
    if (w->ns == 0)
        return err_set(err, ERR_USAGE, "a warm-up needs a time; try -W 2 or -W '[ -c 10 -d 2 ]'");
    return 0;
}

/* Fills warmup_ns and warmup_connections, which are adjacent in the plan. */
static int parse_warmup(const char *text, void *field, struct err *err)
{
    struct warmup *w = field;
    *w = (struct warmup){0};
    char *copy = mem_strdup(text);
    int failed =
        text[0] == '[' ? parse_warmup_list(copy, w, err) : units_parse_time(text, &w->ns, err);
    free(copy);
    if (failed == 0 && (double)w->ns > PLAN_LONGEST_NS)
        return err_set(err, ERR_USAGE, "'%s' is too large; the most is 365 days (8760h)", text);
    return failed;
}

static int parse_drain(const char *text, void *field, struct err *err)
{
    int64_t *drain_ns = field;
    if (strcmp(text, "none") == 0 || strcmp(text, "wait") == 0) {
        *drain_ns = text[0] == 'n' ? 0 : PLAN_DRAIN_ALL;
        return 0;
    }
    if (units_parse_time(text, drain_ns, err) == 0)
        return 0;
    return err_set(err, ERR_USAGE, "'%s' is neither none, wait nor a time; try wait, or 30s", text);
}

#define AT(field) offsetof(struct plan, field)
/* clang-format off */
const struct opt run_load_opts[] = {
    {.name = "connections", .letter = 'c', .type = OPT_COUNT, .at = AT(connections), .min = 1, .max = PLAN_CONNECTIONS_MAX,
     .arg = "N", .def = "10", .help = "Concurrent keep-alive connections, each with one request in flight."},
    {.name = "pipelining", .letter = 'p', .type = OPT_COUNT, .at = AT(pipelining), .min = 1, .max = PLAN_PIPELINING_MAX,
     .arg = "N", .def = "1", .help = "Requests in flight per connection."},
    {.name = "workers", .letter = 'w', .type = OPT_COUNT, .at = AT(workers), .min = 0, .max = PLAN_WORKERS_MAX,
     .arg = "N", .def = "0", .help = "Load generator threads; 0: 1 for up to 4 cores, else cores/4."},
    {.name = "duration", .letter = 'd', .type = OPT_TIME, .at = AT(duration_ns), .min = 1e6, .max = PLAN_LONGEST_NS,
     .arg = "TIME", .def = "10", .help = "How long to measure: seconds, or 500ms, 2m, 1h."},
    {.name = "amount", .letter = 'a', .type = OPT_COUNT, .at = AT(amount), .min = 1, .max = 1e15,
     .arg = "N", .help = "Requests to send, instead of a duration; with -d, whichever ends first."},
    {.name = "max-connection-requests", .letter = 'M', .type = OPT_COUNT, .at = AT(connection_amount), .min = 1, .max = 1e9, .aliases = "maxConnectionRequests",
     .arg = "N", .help = "Requests of each connection; the run ends with the duration, or when all have sent theirs."},
    {.name = "max-overall-requests", .letter = 'O', .type = OPT_COUNT, .at = AT(overall_amount), .min = 1, .max = 1e15, .aliases = "maxOverallRequests",
     .arg = "N", .help = "Requests of all connections; the run ends with the duration, or when they are sent. -a beats -M, which beats -O."},
    {.name = "timeout", .letter = 't', .type = OPT_TIME, .at = AT(timeout_ns), .min = 1e6, .max = DAY_NS,
     .arg = "TIME", .def = "10", .help = "Timeout for each request, and for each connect."},
    {.name = "warmup", .letter = 'W', .type = OPT_CUSTOM, .at = AT(warmup_ns), .parse = parse_warmup, .bracketed = true,
     .arg = "TIME", .help = "Warm up for this long before measuring, on the same connections; also '[ -c N -d TIME ]'."},
    {.name = "seed", .type = OPT_COUNT, .at = AT(seed), .max = SEED_MAX, .arg = "N",
     .help = "Seed of the back-off, of --arrivals poisson and of a comparison's order; from the clock by default, and always stored."},
    /* What those who come from wrk, hey, ab, oha, k6 and vegeta type. */
    {.name = "time", .letter = 'z', .type = OPT_ABSENT, .help = "the time to measure is -d here, as in -d 10s"},
    {.name = "query-per-second", .letter = 'q', .type = OPT_ABSENT, .help = "requests per second are -R in all, or -r for each connection"},
    {.name = "concurrency", .letter = 'u', .type = OPT_ABSENT, .help = "concurrent connections are -c here; a user and password stand in the URL; a body to PUT is -m PUT -i FILE"},
    {.name = "vus", .type = OPT_ABSENT, .help = "virtual users are connections here: -c N"},
    {.name = "threads", .type = OPT_ABSENT, .help = "threads of the generator are -w here, and 1 is enough for most servers"},
    {.name = "iterations", .type = OPT_ABSENT, .help = "the number of requests is -a here"},
    {.name = "number", .letter = 'N', .type = OPT_ABSENT, .help = "the number of requests is -a here"},
    {.name = "keep-alive", .letter = 'k', .type = OPT_ABSENT, .help = "connections are kept alive anyway; to accept any certificate, use --insecure"},
    {.name = "disable-keepalive", .type = OPT_ABSENT, .help = "use --keepalive off"},
    {.name = "script", .type = OPT_ABSENT, .help = "there are no scripts; different requests, with what they take from replies, are a file: --requests FILE"},
    {.name = "targets", .type = OPT_ABSENT, .help = "different requests are a file here: --requests FILE"},
    {.name = "max-workers", .type = OPT_ABSENT, .help = "the most connections of a rate are --max-connections here"},
    {.name = "latency-correction", .type = OPT_ABSENT, .help = "with -R the latency counts from when a request was due; nothing has to be corrected"},
    {.name = "no-tui", .type = OPT_ABSENT, .help = "use -n"},
    {.name = "request", .letter = 'X', .type = OPT_ABSENT, .help = "the method is -m here, and a proxy --proxy"},
    {.name = "data", .type = OPT_ABSENT, .help = "a body is -b TEXT or -i FILE here"},
    {.name = "accept", .letter = 'A', .type = OPT_ABSENT, .help = "use -H 'Accept: TYPE'; a user and password stand in the URL"},
    {.name = "auth", .type = OPT_ABSENT, .help = "a user and password stand in the URL: http://USER:PASSWORD@HOST/"},
    {.name = "user", .type = OPT_ABSENT, .help = "a user and password stand in the URL: http://USER:PASSWORD@HOST/"},
    {.name = "follow", .type = OPT_ABSENT, .help = "redirects are not followed: a 3xx counts as it is, and a file of requests can capture its Location"},
    {.name = "location", .type = OPT_ABSENT, .help = "redirects are not followed: a 3xx counts as it is, and a file of requests can capture its Location"},
    {.name = "cookie", .type = OPT_ABSENT, .help = "use -H 'Cookie: NAME=VALUE'"},
    {.name = "gnuplot", .letter = 'g', .type = OPT_ABSENT, .help = "bench report FILE -o DIR draws pictures, and --data DIR writes what they are drawn from"},
    {.name = "csv", .letter = 'e', .type = OPT_ABSENT, .help = "bench report FILE --format csv"},
    {.type = OPT_END},
};

const struct opt run_request_opts[] = {
    {.name = "method", .letter = 'm', .type = OPT_TEXT, .at = AT(method),
     .arg = "NAME", .def = "GET", .help = "Request method."},
    {.name = "header", .letter = 'H', .type = OPT_LIST, .at = AT(headers), .aliases = "headers",
     .arg = "NAME:VALUE", .help = "Request header; can be repeated, replaces a default of the same name."},
    {.name = "raw-headers", .type = OPT_FLAG, .at = AT(raw_headers),
     .help = "Send Host, Content-Length and Transfer-Encoding headers as given, even if they are wrong."},
    {.name = "body", .letter = 'b', .type = OPT_TEXT, .at = AT(body),
     .arg = "TEXT", .help = "Request body, sent as is."},
    {.name = "input", .letter = 'i', .type = OPT_TEXT, .at = AT(body_file),
     .arg = "FILE", .help = "Request body from a file; - reads stdin."},
    {.name = "expect-body", .letter = 'E', .type = OPT_TEXT, .at = AT(expected_body), .aliases = "expectBody",
     .arg = "TEXT", .help = "Count a 2xx response with any other body as a mismatch."},
    {.name = "expect-status", .type = OPT_TEXT, .at = AT(expected_status),
     .arg = "SET", .help = "Statuses that are right, as in 200-299,404: any other is a mismatch, and these are no errors."},
    {.name = "expect-contains", .type = OPT_TEXT, .at = AT(expected_contains),
     .arg = "TEXT", .help = "Count a response whose body lacks this text as a mismatch."},
    {.name = "expect-regex", .type = OPT_TEXT, .at = AT(expected_regex),
     .arg = "REGEX", .help = "Count a response without a match of this regular expression (Perl's syntax, on bytes) in its body as a mismatch."},
    {.name = "expect-size", .type = OPT_TEXT, .at = AT(expected_size),
     .arg = "SIZE", .help = "Count a response with a body of another size as a mismatch: 512, 4KiB."},
    {.name = "expect-sha256", .type = OPT_TEXT, .at = AT(expected_sha256),
     .arg = "DIGEST", .help = "Count a response whose body has another SHA-256 as a mismatch."},
    {.type = OPT_END},
};

const struct opt run_target_opts[] = {
    {.name = "strategy", .type = OPT_CHOICE, .at = AT(strategy), .choices = strategy_names,
     .arg = "NAME", .help = "Start a bundled target and load its /heavy."},
    {.name = "cmd", .type = OPT_TEXT, .at = AT(command),
     .arg = "COMMAND", .help = "Start this server and load it; {port} is replaced, and PORT is set."},
    {.name = "on-port", .type = OPT_FLAG, .at = AT(any_port), .aliases = "onPort",
     .help = "Start the server behind '--' (run -d 5 /path -- node app.js), and load the port on which it listens; PORT is set. '--' is enough."},
    {.name = "socket-path", .letter = 'S', .type = OPT_TEXT, .at = AT(socket_path), .aliases = "socketPath",
     .arg = "PATH", .help = "Connect to this unix socket; the URL still gives the Host and the path."},
    {.name = "probe", .type = OPT_TEXT, .at = AT(probe_path),
     .arg = "PATH", .help = "Probe endpoint, requested at a steady rate during the load; /ping for bundled targets by default."},
    {.name = "probe-rate", .type = OPT_COUNT, .at = AT(probe_rate_rps), .min = 0, .max = 1000,
     .arg = "N", .def = "20", .help = "Probes per second, on connections of their own; 0 sends none."},
    {.name = "drain", .type = OPT_CUSTOM, .at = AT(drain_ns), .parse = parse_drain,
     .arg = "none|wait|TIME", .def = "none",
     .help = "After the load, wait until a queue's backlog has drained, or this long; none projects the time."},
    {.name = "max-rss", .type = OPT_SIZE, .at = AT(max_rss_bytes), .min = 1048576,
     .arg = "SIZE", .help = "Stop the target if its memory exceeds this; the result records it."},
    {.name = "bind", .type = OPT_TEXT, .at = AT(bind), .arg = "ADDRESS",
     .help = "Address of this machine that the started server listens on, so that other machines reach it; a server of --cmd must listen there itself."},
    {.name = "ready-timeout", .type = OPT_TIME, .at = AT(ready_timeout_ns), .min = 1e6, .max = DAY_NS,
     .arg = "TIME", .def = "10", .help = "How long the target may take to become ready."},
    {.type = OPT_END},
};

const struct opt run_output_opts[] = {
    {.name = "json", .letter = 'j', .type = OPT_FLAG, .at = AT(json),
     .help = "Print the result as JSON instead of tables."},
    {.name = "ndjson", .type = OPT_FLAG, .at = AT(ndjson),
     .help = "Print a line of JSON for each second while it runs, and the result as the last line."},
    {.name = "verbose", .letter = 'V', .affirmative = true, .type = OPT_FLAG, .at = AT(verbose), .def = "on", .aliases = "renderResultsTable render-results-table",
     .help = "Print a summary of one line instead of tables."},
    {.name = "out", .letter = 'o', .type = OPT_TEXT, .at = AT(out), .aliases = "output",
     .arg = "FILE|DIR", .help = "Where to save the result, instead of results/."},
    {.name = "save", .type = OPT_FLAG, .at = AT(save), .def = "on",
     .help = "Do not save the result."},
    {.name = "latency", .letter = 'l', .type = OPT_FLAG, .at = AT(latency_table), .aliases = "renderLatencyTable render-latency-table",
     .help = "Add a table of all percentiles."},
    {.name = "status-codes", .type = OPT_FLAG, .at = AT(status_codes), .aliases = "renderStatusCodes statusCodes render-status-codes",
     .help = "Add a table of status codes."},
    {.name = "title", .letter = 'T', .type = OPT_TEXT, .at = AT(title),
     .arg = "TEXT", .help = "A label stored with the result."},
    {.name = "progress", .letter = 'n', .type = OPT_FLAG, .at = AT(progress), .def = "on", .aliases = "renderProgressBar render-progress-bar",
     .help = "Hide the live view (it is only shown if stderr is a terminal)."},
    {.name = "dry-run", .type = OPT_FLAG, .at = AT(dry_run),
     .help = "Print the plan and a request, as it would be sent, as JSON, and send nothing."},
    {.type = OPT_END},
};
/* clang-format on */

size_t run_groups(struct run_options *options, struct opt_group *groups)
{
    static const struct cmd run = {.sections = {RUN_SECTIONS}};
    return cmd_groups(&run, options, groups);
}

static int read_body(struct plan *plan, struct err *err)
{
    struct buf bytes;
    buf_init(&bytes, BODY_MAX_BYTES);
    int failed = store_input_read(plan->body_file, &bytes, err);
    plan->body_len = bytes.len;
    plan->body = plan->owned_body = buf_take(&bytes);
    buf_fini(&bytes);
    return failed < 0 ? err_wrap(err, "-i/--input") : 0;
}

static int check_load(struct plan *plan, const struct opt_given *given, struct err *err)
{
    end_opts_choose(plan);
    if (plan->amount > 0 && opt_given_text(given, "duration") == NULL)
        plan->duration_ns = 0;
    if (rate_check(plan, given, err) < 0)
        return -1;
    connection_opts_fit(plan, given);
    if (plan->amount > 0 && plan->amount < plan->connections && !plan_is_open_loop(plan))
        return err_set(err, ERR_USAGE,
                       "-a/--amount %lld is smaller than -c/--connections %lld, so some "
                       "connections would have nothing to send; lower -c or raise -a",
                       (long long)plan->amount, (long long)plan->connections);
    if (plan->workers > plan->connections)
        return err_set(err, ERR_USAGE,
                       "-w/--workers %lld is more than -c/--connections %lld; a thread needs a "
                       "connection",
                       (long long)plan->workers, (long long)plan->connections);
    if (plan->warmup_connections > plan->connections)
        return err_set(err, ERR_USAGE,
                       "-W: the warm-up uses the run's own connections, so its -c must not be "
                       "more than %lld",
                       (long long)plan->connections);
    return share_opts_check(plan, err);
}

/* Before anything is started. */
static int check_expected(const struct plan *plan, struct err *err)
{
    struct expected expected;
    int failed = expected_make(&expected, plan, err);
    expected_fini(&expected);
    return failed;
}

static int check_request(struct plan *plan, const struct opt_given *given, struct err *err)
{
    plan->method = request_method(plan->method);
    bool is_read = plan->owned_body != NULL;
    if (tls_opts_check_load(plan, err) < 0)
        return -1;
    if (plan->body != NULL && plan->body_file != NULL && !is_read)
        return err_set(err, ERR_USAGE, "-b/--body and -i/--input both set the body; give one");
    if (plan->body_file != NULL && !is_read && read_body(plan, err) < 0)
        return -1;
    if (plan->owned_body == NULL && plan->body != NULL && plan->owned_form_type == NULL)
        plan->body_len = strlen(plan->body);
    if (request_opts_read(plan, given, err) < 0 || connection_opts_check(plan, err) < 0)
        return -1;
    if ((int64_t)plan->body_len * plan->pipelining > REQUESTS_MAX_BYTES)
        return err_set(err, ERR_USAGE, "body times -p is more than 64 MiB; lower -p");
    return check_expected(plan, err);
}

/* The response to /heavy is known in advance, unless the user gives a path or a body. A queue's
 * responses differ, since each names its job: there the jobs are counted instead, in the gateway
 * and in its broker (analysis/warnings.c). */
static void expect_work(struct run_options *options)
{
    struct plan *plan = &options->plan;
    if (!plan_is_ours(plan) || plan_has_queue(plan) || plan->path != NULL || plan->body != NULL ||
        plan->requests_text != NULL || plan_expects(plan) || strcmp(plan->method, "HEAD") == 0)
        return;
    struct buf body;
    buf_init(&body, 256);
    work_reply_body(&options->target.work, &body);
    plan->owned_expected = buf_take(&body);
    plan->expected_body = plan->owned_expected;
    buf_fini(&body);
}

static int64_t default_workers(const struct plan *plan)
{
    int64_t cores = sysconf(_SC_NPROCESSORS_ONLN);
    int64_t workers = cores <= 4 ? 1 : cores / 4;
    int64_t most = plan_own_connections(plan);
    return workers < most ? workers : most;
}

int run_plan_load(struct run_options *options, const struct opt_given *given, struct err *err)
{
    struct plan *plan = &options->plan;
    if (check_load(plan, given, err) < 0 || check_request(plan, given, err) < 0)
        return -1;
    if (plan->workers == 0)
        plan->workers = default_workers(plan);
    if (opt_given_text(given, "seed") == NULL)
        plan->seed = clock_wall_ms();
    return 0;
}

/* Sets the target's arguments, and how its broker is recorded. */
static int instruct(struct run_options *options, const struct opt_given *given, struct err *err)
{
    struct plan *plan = &options->plan;
    struct target_options *target = &options->target;
    if (plan->original != NULL) {
        target->broker = plan_has_queue(plan) ? RUN_BROKER_SERVER : NULL;
        return original_command(plan->original, target, &plan->original_argv, err);
    }
    run_broker_forward(plan, given, &plan->strategy_argv);
    if (plan_has_queue(plan) && target->broker == NULL)
        run_broker_use_variable(target, &plan->strategy_argv);
    if (plan->strategy_argv.count > 0 && plan->strategy == NULL)
        return err_set(err, ERR_USAGE, "%s only applies to a bundled target; add --strategy NAME",
                       plan->strategy_argv.items[0]);
    if (plan_has_queue(plan))
        return target_options_check_given(target, given, TARGET_WITH_BROKER, err) < 0
                   ? -1
                   : run_broker_check(target, given, err);
    target->broker = target->broker_folder = NULL;
    return 0;
}

/* A path that can be sent: as part of a URL, without line breaks and the like. */
static int check_path(const char *path, struct err *err)
{
    struct url url;
    if (path[0] != '/')
        return err_set(err, ERR_USAGE, "'%s' is not a path; try /ping", path);
    char *text = mem_printf("http://localhost%s", path);
    int failed = url_parse(text, &url, err);
    free(text);
    if (failed == 0)
        url_fini(&url);
    return failed;
}

int run_plan_target(struct run_options *options, const struct opt_given *given, struct err *err)
{
    struct plan *plan = &options->plan;
    if (bind_check(plan, err) < 0 || target_word_check_socket(plan, err) < 0 ||
        connection_opts_check_target(plan, err) < 0 ||
        tls_opts_check_target(plan, given, err) < 0 || instruct(options, given, err) < 0)
        return -1;
    if (request_opts_make(plan, err) < 0 || connection_opts_check(plan, err) < 0)
        return -1;
    expect_work(options);
    if (end_opts_check(plan, given, err) < 0)
        return -1;
    if (plan->command != NULL && plan->command_scheme == NULL)
        plan->command_scheme = "http";
    if (plan->probe_path == NULL && plan_is_ours(plan))
        plan->probe_path = "/ping";
    if (plan->probe_path != NULL && check_path(plan->probe_path, err) < 0)
        return err_wrap(err, "--probe");
    if (plan->probe_rate_rps == 0)
        plan->probe_path = NULL;
    return hosts_opts_check(plan, given, err);
}

int run_plan(struct run_options *options, const struct opt_line *line, struct err *err)
{
    options->plan.json |= options->plan.ndjson;
    if (target_word_take(&options->plan, &line->given, err) < 0 ||
        run_plan_load(options, &line->given, err) < 0)
        return -1;
    if (options->plan.bind != NULL && options->plan.url != NULL)
        return bind_refuse_url(err);
    if (options->plan.drain_ns > 0 && options->plan.strategy == NULL)
        return err_set(err, ERR_USAGE,
                       "--drain only applies to a bundled target; add --strategy queue");
    if (options->plan.strategy != NULL && !plan_has_queue(&options->plan) &&
        target_options_check_given(&options->target, &line->given, TARGET_WITHOUT_BROKER, err) < 0)
        return -1;
    if (options->plan.strategy != NULL && target_options_check(&options->target, err) < 0)
        return -1;
    return run_plan_target(options, &line->given, err);
}
