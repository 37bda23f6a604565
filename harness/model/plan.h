/* plan: what to run, as the option rows filled it in and the command checked it.
 *
 * Shape   plain data. Exactly one of url, strategy, original and command says what is measured; a
 *         socket's path only goes with a URL.
 * Units   in the names; 0 means "none" for amounts and limits unless said otherwise.
 * Owner   text is borrowed from argv or from the option rows; body may be owned by the command
 *         that read it from a file; plan_fini frees what the plan owns.
 */
#ifndef MODEL_PLAN_H
#define MODEL_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "model/plan_share.h"
#include "model/request_list.h"
#include "model/stages.h"
#include "tls/options.h"

#define PLAN_DRAIN_ALL INT64_MAX /* until it is empty */

/* The most that a run can have; a document with more is not read back. */
#define PLAN_CONNECTIONS_MAX 1000000
#define PLAN_PIPELINING_MAX  1024
#define PLAN_WORKERS_MAX     1024

#define PLAN_URLS_MAX 100

#define PLAN_SAMPLE_MIN_MS 10
#define PLAN_SAMPLE_MAX_MS 60000

#define PLAN_LONGEST_NS (INT64_C(365) * 86400 * 1000000000) /* of a window, and of a warm-up */

#define PLAN_RATE_MIN_RPS 0.01
#define PLAN_RATE_MAX_RPS 10e6

/* So many faults end the run. */
struct plan_bailout {
    const char *text; /* as given; NULL: none do */
    int64_t faults;   /* 0: a share */
    double share;     /* of the requests that are over */
};

/* What a fault is. */
struct plan_bailout_on {
    bool errors, non_2xx, mismatches;
};

/* When the window opens. */
enum plan_start_kind {
    PLAN_START_NOW,       /* as soon as it can */
    PLAN_START_WALL,      /* at_ns since 1970 */
    PLAN_START_MONOTONIC, /* at_ns of clock_now_ns */
    PLAN_START_TOLD,      /* fd leads to the program that started this one, and that tells it */
};

struct plan_start {
    const char *text; /* as given; NULL: as soon as it can */
    enum plan_start_kind kind;
    int64_t at_ns;
    int fd;
};

/* Other hosts generate the load. */
struct plan_hosts {
    const char *text;     /* "a,b:2,c"; NULL: this process does */
    int64_t count, slots; /* hosts; shares of the load, in all */
    bool are_here;        /* all of them are this machine */
    bool is_here;         /* one of them is */
};

struct plan {
    /* what is measured */
    const char *url;
    struct str_list more_urls;     /* connection i goes to URL i mod n, of all of them */
    const char *socket_path;       /* connects there instead of the URL's host; NULL: TCP */
    const char *strategy;          /* a bundled target */
    const char *original;          /* a published program that bench has rebuilt */
    const char *command;           /* a user's server; {port} is replaced, PORT is set */
    const char *path;              /* of a target that bench starts; NULL: /heavy or / */
    bool any_port;                 /* the command may listen on another port: it is found */
    bool target_tls;               /* a bundled target serves TLS, with a certificate of this run */
    const char *command_scheme;    /* of what the command serves: "http" (also NULL) or "https" */
    struct str_list strategy_argv; /* strategy options, handed on to bench-target */
    struct str_list original_argv; /* the whole command line of an original */
    const char *probe_path;        /* NULL: no probe */
    int64_t probe_rate_rps;
    const char *bind;          /* where a target that bench starts listens; NULL: on loopback */
    const char *expected_body; /* every 2xx body must be this; NULL: not checked */
    /* Of a reply too, as given; NULL: not checked. */
    const char *expected_status, *expected_contains, *expected_regex, *expected_size;
    const char *expected_sha256;
    int64_t max_rss_bytes;    /* the target is stopped above this */
    int64_t ready_timeout_ns; /* for the target to become ready */
    int64_t padding_bytes;    /* of the target's environment, so that its stack lies elsewhere */
    int64_t drain_ns;         /* how long to wait for a queue's backlog; PLAN_DRAIN_ALL */

    /* load */
    int64_t connections;
    int64_t pipelining;
    int64_t workers;           /* 0: chosen from the cores */
    int64_t duration_ns;       /* 0: no limit in time */
    int64_t amount;            /* requests to send; 0: no limit in number */
    int64_t overall_amount;    /* the same beside a duration; 0: no limit */
    int64_t connection_amount; /* of each connection; 0: no limit */
    int64_t timeout_ns;
    int64_t warmup_ns;          /* filled together with the next one, by one option */
    int64_t warmup_connections; /* 0: all */
    int64_t seed;               /* of the back-off and of a comparison's order; at most 2^53 - 1 */

    /* an open loop; a closed one has neither a rate nor stages */
    double rate_rps;            /* of all connections together; 0: none */
    double connection_rate_rps; /* of each connection: it wins; 0: none */
    struct plan_stages stages;
    const char *recovery_goal; /* after a spike of them, "p99<200ms"; NULL: about what was before */
    const char *arrivals;      /* "constant" or "poisson" */
    int64_t max_connections;   /* 0: chosen */

    /* how a run ends, and what of it is counted where */
    struct plan_bailout bailout;
    int64_t wait_open_ns; /* for open requests, at the end */
    int64_t sample_ms;    /* the length of a second of the series */
    struct plan_bailout_on bailout_on;
    bool forever;         /* one run after another */
    bool exclude_errors;  /* replies that are no 2xx have no latency and no bytes */
    bool service_latency; /* the latency that is shown first is the service time */

    /* connections */
    bool ipv4_only, ipv6_only;
    bool http2;              /* its requests in flight are streams */
    int64_t reconnect_after; /* so many replies; 0: a connection is kept */
    const char *keepalive;   /* "on" or "off": each request has its own connection */
    double connect_rps;      /* new ones per second; 0: no limit */
    const char *addresses;   /* of a name: "first" or "all" */
    const char *connect_to;  /* "HOST:PORT", instead of those of the URL; NULL: theirs */

    /* transport and protocol */
    struct tls_options tls; /* of https:// */
    const char *proxy;      /* the URL of one; NULL: none */

    /* request */
    const char *method;
    const char *body;
    size_t body_len;
    const char *body_file;
    struct str_list headers;
    struct str_list form_files; /* that a form has the bytes of */
    const char *form;           /* of -F: JSON, or the file that has it; the body is made of it */
    bool raw_headers;           /* headers that frame the request are sent unchecked */
    bool id_replacement;        /* -I: placeholders are replaced in the one request too */

    /* requests that differ */
    const char *requests_file, *har_file;
    const char *feed_file;     /* CSV, whose columns are placeholders */
    const char *requests_text; /* of the file of requests, which a comparison reads once */
    size_t requests_len;
    /* Those of the files, or the one request above when it has placeholders, completed; empty: the
     * one request above, sent as it is. */
    struct request_list requests;

    /* of several generators; all else in the plan is of the whole */
    struct plan_share share;
    struct plan_start start;
    struct plan_hosts hosts;
    const char *mpi_net; /* of the hosts, in CIDR; NULL: Open MPI chooses */
    const char *on_lost; /* "stop" or "continue", when a host is lost */
    bool print_command;
    struct str_list load_argv; /* options of the load, handed on to the hosts */

    /* output */
    const char *title;
    const char *out; /* -o; NULL: results/ */
    bool save;
    bool json;
    bool ndjson; /* a line for each second, and then the result */
    bool verbose;
    bool progress;
    bool latency_table;
    bool status_codes;
    bool dry_run;

    /* What url, body and expected_body point to when that is not a word of the command line. */
    char *owned_url, *owned_command, *owned_body, *owned_expected;
    char *owned_requests;
    char *owned_form_type; /* the header of -F, which is among the headers too */
};

void plan_fini(struct plan *plan);
/* True for a bundled target: it has --work, /ping and /stats. */
bool plan_is_ours(const struct plan *plan);
/* Requests are due at a rate, whatever has become of the earlier ones. */
bool plan_is_open_loop(const struct plan *plan);
bool plan_uses_all_addresses(const struct plan *plan); /* of a name, in turn */
bool plan_keeps_alive(const struct plan *plan);        /* a connection has more than one request */
/* How many connections it may have at the same time. */
int64_t plan_most_connections(const struct plan *plan);
/* Of its share, which is all of it without --share: how many connections it begins with, and may
 * have at the same time; how many requests it sends (0: no limit). */
int64_t plan_own_connections(const struct plan *plan);
int64_t plan_own_most_connections(const struct plan *plan);
int64_t plan_own_amount(const struct plan *plan);
bool plan_is_share(const struct plan *plan);
bool plan_is_elsewhere(const struct plan *plan); /* other hosts generate its load */
bool plan_goes_on(const struct plan *plan);      /* without the hosts that are lost */
/* The server is probed: of several generators by one. */
bool plan_probes(const struct plan *plan);
/* In the beginning, or as the first stage begins; NAN for a closed loop. */
double plan_rate_rps(const struct plan *plan);
double plan_own_rate_rps(const struct plan *plan); /* of its share, on average */
/* "http" or "https", as the first URL or the options of the target have it. */
const char *plan_scheme(const struct plan *plan);
bool plan_is_tls(const struct plan *plan); /* the scheme is https, of one URL at least */
/* The path of the requests to a target that is started; with a URL its own path holds. */
const char *plan_path(const struct plan *plan);
bool plan_expects(const struct plan *plan);   /* something of each reply */
bool plan_has_queue(const struct plan *plan); /* its replies are 202: accepted, not done */
/* The same of a target's names alone; either may be NULL. */
bool plan_names_queue(const char *strategy, const char *original);

#endif
