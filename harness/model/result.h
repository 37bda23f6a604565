/* result: what was measured, the struct behind bench.result/1.
 *
 * Shape   plain data, filled by a trial or read from a file. A number that was not measured is
 *         MISSING (int64_t) or NAN (double) and is written as null, never as 0.
 * Units   in the names. Times are ns, CPU is seconds.
 * Owner   a result owns every string, array and histogram in it; result_fini frees them.
 * Errors  none: it is data. result_accounts_add_up says whether the conservation rule holds.
 */
#ifndef MODEL_RESULT_H
#define MODEL_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "model/merged.h"
#include "model/mismatch.h"
#include "model/named_request.h"
#include "model/probe.h"
#include "model/recovery.h"
#include "model/share.h"
#include "stat/hist.h"
#include "stat/hist_series.h"

#define RESULT_SCHEMA "bench.result/1"
#define MISSING       INT64_MIN
#define RESULT_DIGITS 15 /* significant ones of a real number in a document */

/* A request that got no whole reply, by what ended it. */
#define LOSS_KINDS(X)                                                                              \
    X(RESET, reset, "the connection broke")                                                        \
    X(EOF, eof, "the server closed before the reply was whole")                                    \
    X(PARSE, parse, "the reply could not be read")                                                 \
    X(WRITE, write, "the request could not be written")                                            \
    X(DROPPED, dropped, "open on a connection that was closed for another request's fault")        \
    X(TLS, tls, "the TLS connection broke")                                                        \
    X(REFUSED, refused, "the server refused the stream")                                           \
    X(GOAWAY, goaway, "the server ended the connection, and had not begun with it")                \
    X(STREAM, stream, "the server reset the stream")

enum loss_kind {
#define X(name, key, meaning) LOSS_##name,
    LOSS_KINDS(X)
#undef X
        LOSS_COUNT
};
extern const char *const loss_keys[LOSS_COUNT];
extern const char *const loss_meanings[LOSS_COUNT];

/* What went wrong, by kind. */
struct faults {
    int64_t timed_out;
    int64_t failed[LOSS_COUNT];
    int64_t connect_failed; /* no request was sent */
};
void faults_add(struct faults *sum, const struct faults *more);

/* Why connections could not be opened: an errno, or what went wrong with TLS. */
struct connect_error {
    int number;    /* errno, positive; 0: see trouble */
    char *trouble; /* its key in tls/trouble.h; NULL with a number */
    char *text;    /* what happened, of the first one, and what to do; NULL with a number */
    int64_t count;
};

/* Of a merged result; of more, none is told, so that a document can hold them. */
#define RESULT_THREADS_MAX 100000

#define LOSS_REASONS_MAX 16 /* different ones; of further ones only the loss is counted */

/* Why requests were lost: an errno, or what is wrong with a reply. */
struct loss_reason {
    enum loss_kind kind;
    int number; /* errno; 0: see text */
    char *text; /* NULL with a number */
    int64_t count;
};

/* sent = completed + timed_out + failed[] + in_flight_at_end, always. */
struct accounting {
    int64_t sent;
    int64_t completed; /* whole replies of any status */
    int64_t timed_out;
    int64_t failed[LOSS_COUNT];
    int64_t in_flight_at_end;
    int64_t oldest_in_flight_ns; /* MISSING when none was open */
    int64_t warmup_discarded;    /* requests sent before the window's start */
    int64_t carried;             /* of these, answered in the window; not in completed */
    int64_t non_2xx;             /* of the completed */
    int64_t unasked;             /* connections closed because of bytes beyond the last reply */
    int64_t mismatches;          /* of the completed: not what was expected */
    int64_t match_limit;         /* of these: an expression took too many steps */
    int64_t body_limit;          /* of these: a body too long to be kept for an expression */
    int64_t mismatched[MISMATCH_KIND_COUNT]; /* the others, by what was wrong; all 0 when that is
                                                not known */
    struct mismatch *first_mismatch;         /* of these; NULL: none, or not known */
    int64_t judged_non_2xx; /* of non_2xx: of requests for which statuses are expected, so that
                               they are wrong only if they are mismatches */
    int64_t unbound; /* not sent: a value of the request was missing, such as one to be captured */
    int64_t statuses[1000]; /* completed, by status code */
    int64_t bytes_received; /* header and body bytes of the whole replies in the window */
    int64_t bytes_sent;
    int64_t connected;      /* connections that were up in the window, each time they came up */
    int64_t connect_failed; /* no request was sent */
    struct connect_error *connect_errors;
    size_t nconnect_errors;
    struct loss_reason *loss_reasons; /* as far as they are known */
    size_t nloss_reasons;
    /* The last reply, from the window's start: later no connect succeeded, and none was open at the
     * end. MISSING otherwise. */
    int64_t gone_after_ns;
    /* Of an open loop: due = sent + unsent + unbound; MISSING in a closed one, where a reply makes
     * the next request due. */
    int64_t due;
    int64_t unsent; /* due, and never sent: there was no connection for it */
    int64_t held;   /* due, and had to wait for a connection with room, sent or not */
    /* Of those in flight at the end: answered in the time that they were given (--wait-open), and
     * in no other figure. MISSING: they were given none. */
    int64_t completed_after_end;
};

int64_t accounting_failed(const struct accounting *a); /* all kinds of loss */
/* Of the completed: non-2xx where no statuses are expected; and these with the mismatches. */
int64_t accounting_wrong_status(const struct accounting *a);
int64_t accounting_wrong(const struct accounting *a);
/* In flight at the end, and in an open loop also what was due and never sent. */
int64_t accounting_waiting(const struct accounting *a);
bool accounting_adds_up(const struct accounting *a);
/* Whole replies in the window, also to requests from before it. The server worked in the window for
 * these, and not for the completed alone, so rates and costs per request are of them. */
int64_t accounting_replies(const struct accounting *a);
/* How many of these are such as `part` of the completed are; 0 when none completed. */
double accounting_replies_like(const struct accounting *a, int64_t part);
/* Fewer than half of the requests were answered, which the end of a closed loop does not explain.
 */
bool accounting_answers_few(const struct accounting *a);

/* A name and a value of the plan as run; see struct opt_value. */
enum setting_kind { SETTING_NULL, SETTING_FLAG, SETTING_NUMBER, SETTING_TEXT };
struct setting {
    char *name;
    enum setting_kind kind;
    double number;
    char *text;
};

struct environment {
    char *hostname, *os, *kernel, *arch, *cpu_model, *governor; /* NULL when unknown */
    int64_t cores_online, cores_allowed;                        /* allowed: affinity */
    double cpu_quota_cores;                                     /* cgroup limit; NAN: none */
    int64_t memory_bytes, fd_limit;
    double load_average_1m;
    char *libuv_version;
};

/* What else used the cores of bench while the window was open. */
struct machine {
    double other_cpu_cores; /* programs other than bench and its target; NAN: not known */
    double stolen_cores;    /* the hypervisor, for other machines */
    bool is_disturbed;      /* the two took so much that the figures rank nothing */
    bool was_repeated;      /* an earlier trial of this round was disturbed, and is not kept */
    double suspended_s;     /* the machine slept; NAN: not known */
};

/* What is known of a second as it ends, so that a line for each is enough to make a result of. */
struct second_detail {
    struct hist *latency;
    int64_t statuses[1000]; /* of the completed */
};

/* One second of the run; the last may be shorter. Server samples are at the second's end. */
#define RESULT_LATE_NS 1000000

struct second {
    double at_s;      /* its end, from the window's start */
    double length_s;  /* 1, except for the last */
    int64_t requests; /* completed */
    int64_t errors;   /* timed out and failed */
    int64_t non_2xx;  /* of the completed */
    int64_t bytes;
    /* Of an open loop: what became due in it, what was sent in it, and how much of that more than
     * RESULT_LATE_NS after it was due. MISSING in a closed one. */
    int64_t due, sent, late;
    int64_t p50_ns, p99_ns, max_ns; /* MISSING when nothing completed */
    double server_cpu_cores;        /* CPU seconds per second */
    int64_t server_rss_bytes, server_threads;
    int64_t server_switches; /* voluntary and involuntary, in this second */
    double server_run_wait_s;
    int64_t queue_backlog;  /* at its end */
    int64_t jobs_completed; /* in it */
    /* For the live view alone: a document has these of the whole run. */
    struct faults faults;
    double busiest_worker;              /* as in struct client_cost; NAN: not known */
    int64_t hosts;                      /* shares that made it together; 0: there are none */
    const struct second_detail *detail; /* of one that a load has just told; borrowed; else NULL */
};

/* What an open loop asked for, whatever became of it. */
struct offered_load {
    double rate_rps; /* of all connections, in the beginning; NAN: the run is a closed loop */
    char *stages;    /* as given; NULL: the rate is constant */
    char *arrivals;  /* "constant", "poisson" */
    int64_t max_connections;
    bool from_sending; /* latency counts from when a request was sent, and not from when it was due
                        */
};

struct process_cost {
    char *role; /* "target", "compute", "worker" */
    int64_t pid;
    double cpu_user_s, cpu_system_s; /* in the window */
    double cpu_per_request_us;
    int64_t rss_peak_bytes;
    int64_t threads_peak;
    int64_t threads_started; /* bundled targets only */
    int64_t switches_voluntary, switches_involuntary;
    double run_wait_s;
    bool live_threads_only; /* run_wait_s and switches miss threads that ended */
};

struct server_cost {
    struct process_cost total;
    struct process_cost *processes;
    size_t nprocesses;
};

/* One thread of the load. */
struct thread_cost {
    double cpu_s;      /* in the window, without spin */
    double run_wait_s; /* ready to run while no core was free; NAN: the kernel does not say */
};

#define RESULT_SATURATED_CORES 0.90 /* a busier worker thread may be the bottleneck */

struct client_cost {
    double cpu_user_s, cpu_system_s, cpu_per_request_us;
    double busiest_worker; /* CPU seconds per second of the busiest worker thread, without spin */
    double spin_s; /* open loop: all threads' waiting for arrivals without sleeping; NAN: closed */
    int64_t rss_peak_bytes;
    double run_wait_s;
    double little_residual; /* 1 - rps x mean latency / requests kept open; NAN when unknown */
    bool saturated;
    bool late;                   /* it sent requests of an open loop late: see model/lateness.h */
    struct thread_cost *threads; /* of the load; none in an older file */
    size_t nthreads;
};

/* What the TLS connections of the load agreed on. */
struct tls_use {
    char *version, *cipher;      /* of the first that was open: "TLSv1.3", "TLS_AES_256_..." */
    char *library;               /* "OpenSSL 3.0.19 27 Jan 2026" */
    int64_t handshakes, resumed; /* in the window; how many of them resumed a session */
    bool is_mixed;               /* not all connections agreed on the same */
    bool is_verified;            /* certificates were; --insecure was not given */
};

/* What the HTTP/2 connections of the load met. */
struct http2_use {
    int64_t max_streams;   /* the lowest limit of a server's SETTINGS; MISSING: it set none */
    int64_t limit_changes; /* later SETTINGS that changed it */
    int64_t goaways;       /* connections that the server ended with GOAWAY */
    int64_t blocked;       /* times that an upload had to wait for the server's window */
    double blocked_s;      /* and for how long, over all connections */
};

struct fairness {
    int64_t min, median, max; /* completed requests per connection */
    int64_t starved;          /* connections without one */
    double jain;              /* 1: all equal; NAN when nothing completed */
};

/* How the time until a queue is empty was found. */
enum drain_how {
    DRAIN_UNKNOWN,
    DRAIN_PROJECTED, /* the backlog at the end, at the window's rate of completion */
    DRAIN_MEASURED,  /* it was waited for */
    DRAIN_CUT,       /* it was waited for, and not to the end */
    DRAIN_HOW_COUNT
};
extern const char *const drain_how_names[DRAIN_HOW_COUNT]; /* NULL for UNKNOWN */

/* Why the waiting ended before the backlog did. */
enum drain_cut {
    DRAIN_CUT_UNKNOWN,
    DRAIN_CUT_TIME,        /* --drain TIME */
    DRAIN_CUT_INTERRUPT,   /* Ctrl-C */
    DRAIN_CUT_NO_WORKER,   /* for some seconds there was none */
    DRAIN_CUT_NO_PROGRESS, /* there is one, and nothing was worked on */
    DRAIN_CUT_NO_ANSWER,   /* of the gateway */
    DRAIN_CUT_COUNT
};
extern const char *const drain_cut_names[DRAIN_CUT_COUNT]; /* both NULL for UNKNOWN */
extern const char *const drain_cut_meanings[DRAIN_CUT_COUNT];

/* What may have lost jobs of a queue on Redis. Only a result that was just measured has it: its
 * warnings tell what is wrong. */
struct broker_health {
    int64_t lost;    /* connections of the gateway to the broker, in the window and the drain */
    bool is_away;    /* at the end */
    char *eviction;  /* the maxmemory-policy if it removes keys; NULL */
    bool has_no_log; /* no append-only file */
};

/* What became of the jobs of a queue, by the gateway's own counts. The backlog is the jobs that
 * wait, are delayed or are being worked on. Unless other programs use the broker, always
 * backlog_start + accepted = completed + failed + backlog_end. */
struct queue_account {
    char *broker;                        /* "sqlite" */
    int64_t accepted, completed, failed; /* in the window */
    int64_t backlog_start, backlog_end;
    double completed_per_s; /* in the window */
    int64_t workers;        /* ready at the window's end */
    int64_t workers_lost;   /* that ended, or did not answer: not in the histograms */
    enum drain_how drain;
    double drain_s;     /* from the window's end; NAN for a projected one: never, at this rate */
    int64_t drain_left; /* of the backlog, when the waiting ended; MISSING for a projected one */
    int64_t drain_completed; /* while it was waited for; MISSING as well for older files */
    double drain_most_s;     /* --drain TIME; NAN: no limit, or an older file */
    enum drain_cut drain_cut;
    struct broker_health health;
};

struct warning {
    char *code, *message, *remedy;
};

/* The named histograms; a NULL one was not measured. */
#define RESULT_HISTS(X)                                                                            \
    X(latency)          /* write of the request, or when it was due, to the reply's last byte */   \
    X(unfinished)       /* ages of what timed out, failed, was open or unsent: lower bounds */     \
    X(connect)          /* connect to connected */                                                 \
    X(first_byte)       /* from where latency begins to the reply's first byte */                  \
    X(wait)             /* in the server, before the work starts (bundled targets) */              \
    X(work)             /* in the server, the work itself (bundled targets) */                     \
    X(job)              /* a queue's jobs: added to done and stored */                             \
    X(probe)            /* from when a probe was due to the last byte of its 2xx */                \
    X(probe_unfinished) /* ages of probes that timed out or were open at the end: lower bounds */  \
    X(probe_new)        /* the same two of the probes that had a connection opened for them */     \
    X(probe_new_unfinished)                                                                        \
    X(service)   /* open loop: write of the request to the last byte of the reply */               \
    X(slip)      /* open loop: from when a request was due to its writing */                       \
    X(unsent)    /* those of the unfinished that were due and never sent */                        \
    X(lag)       /* open loop: from when a request was due to when bench saw that it was */        \
    X(handshake) /* connected to the end of the TLS handshake */                                   \
    X(after_end) /* the same as latency, of what completed after the window's end (--wait-open) */

/* What happened before the window, on the same connections; nothing of it is in another figure. */
struct warmup {
    double duration_s; /* as asked for */
    int64_t connections;
    int64_t sent, completed, timed_out, failed, connect_failed, mismatches, bytes_received;
    int64_t statuses[1000]; /* completed, by status code */
    struct hist *latency;
};

struct result {
    char *title, *url, *address; /* address: the one in use, "127.0.0.1:8080", or a socket's path */
    char *tool_version, *engine;
    char **argv;
    size_t nargv;
    int64_t started_wall_ms, finished_wall_ms;
    struct environment environment;
    struct machine machine;
    struct setting *config;
    size_t nconfig;
    struct named_request *named; /* of a run with a request list or several URLs */
    size_t nnamed;
    int64_t connections, pipelining, workers;
    struct offered_load offered;
    struct share *share;   /* it did a part of the plan, and has its figures; NULL: all of it */
    struct merged *merged; /* it is the sum of all shares; NULL: it is one run */

    double duration_s; /* the window as it was */
    struct accounting accounting;
    struct warmup *warmup; /* NULL: there was none, or the document is of a time before */
#define X(name) struct hist *name;
    RESULT_HISTS(X)
#undef X
    struct second *seconds;
    size_t nseconds;
    /* The latencies of the completed requests over time; its entries are the seconds. NULL in files
     * of older versions. */
    struct hist_series *series_latency;

    /* the target that bench started; NULL strategy and command for a plain URL */
    char *strategy, *command;
    char *original;  /* the published program that bench has rebuilt, "express-piscina", or NULL */
    char *work_kind; /* of a request; NULL: a server of the user's, whose work is not known */
    int64_t work_n;
    int64_t *pids; /* of the process that bench started: the server, or the shell of a command */
    size_t npids;
    char *target_end; /* how it ended, when bench did not end it: "exit 1", "signal 9", "max-rss" */
    struct str_list target_argv;
    int64_t target_counted; /* heavy replies by its own count, its whole life; second witness */

    bool has_server, has_tls, has_http2, has_probe, has_queue;
    bool valid, interrupted;
    bool bailed_out; /* it was ended by its faults (-B); then it is interrupted, too */
    struct server_cost server;
    struct client_cost client;
    struct fairness fairness;
    struct tls_use tls;
    struct http2_use http2;
    struct probe_counts probe_counts;
    struct queue_account queue;
    struct recovery recovery; /* from a spike of the rate; derived from the rest */
    struct warning *warnings;
    size_t nwarnings;
    int64_t rounds; /* that it is the sum of (-f); 0: it is one run */
};

/* x as it is after it was written into a document and read again. What is derived from figures that
 * a document keeps is derived from these, so that it is the same then. */
double result_stored(double x);

/* Requests were due at a rate, whatever became of the earlier ones. */
bool result_is_open_loop(const struct result *r);

void result_init(struct result *r); /* all missing, valid */
void result_fini(struct result *r);
void environment_init(struct environment *e); /* all missing */
void environment_fini(struct environment *e);
void settings_add(struct setting **settings, size_t *count, const struct setting *s); /* copies */
void settings_free(struct setting *settings, size_t count);
#define SETTINGS_COMPARED_MAX 200 /* a file of bench has 60; a hostile one would take for ever */
const struct setting *settings_find(const struct setting *settings, size_t count,
                                    const char *name); /* or NULL */
/* "on", "200", "none"; NULL for one that is not recorded: that version of bench did not have it.
 * The caller frees it. */
char *setting_text(const struct setting *s);
/* Off, none and not recorded are the same. Either may be NULL. */
bool setting_is_same(const struct setting *a, const struct setting *b);
char *
setting_option(const char *name); /* "max-rss", as the option is called; the caller frees it */
/* Whether a run compared bodies: one was expected (-E). */
bool settings_expect(const struct setting *settings, size_t count);
/* The path of the unix socket that a run went to (-S); NULL: it was TCP. Borrowed. */
const char *result_socket_path(const struct result *r);
const char *result_proxy(const struct result *r);    /* its URL; NULL: none */
bool result_excludes_errors(const struct result *r); /* only 2xx have latency and bytes (-x) */
int64_t result_timed(const struct result *r);        /* how many replies have a latency */
int64_t result_sample_ms(const struct result *r);    /* the length of a second of its series (-L) */
void process_cost_init(struct process_cost *c);      /* all missing */
void queue_account_init(struct queue_account *q);    /* all missing */
/* Jobs that are neither completed nor failed nor in the backlog; negative: more than there can be.
 * MISSING when a part of it is. */
int64_t queue_account_lost(const struct queue_account *q);
/* Jobs that were not done when the drain ended, or without one when the load did; or MISSING. */
int64_t queue_account_left(const struct queue_account *q);
/* The texts are copied; remedy may be NULL. */
void result_warn(struct result *r, const char *code, const char *message, const char *remedy);
void result_add_setting(struct result *r, const struct setting *s); /* copies */
struct process_cost *result_add_process(struct result *r, const char *role, int64_t pid);
double result_requests_per_second(const struct result *r);
/* What it was a run of, in the user's words: title, strategy, original, command or URL. */
const char *result_name(const struct result *r);
bool result_is_queue(const struct result *r); /* of a queue's gateway, also without its account */

/* The kernel counts processor time in ticks of 10 ms (USER_HZ is 100 on every Linux). Of fewer than
 * ten, one more or less is a tenth of the figure. */
#define CPU_TICK_S  0.01
#define CPU_LEAST_S (10 * CPU_TICK_S)
/* Processor time, user and system, in the window: of one process, or of all that have one role
 * ("target", "compute", "worker"). NAN when it was not measured, or when none has the role. */
double process_cpu_s(const struct process_cost *c);
double server_cpu_s(const struct result *r, const char *role);

/* What a queue got done, and in which time: with a measured drain until its end, which the load's
 * own end does not cut short, else in the window. */
int64_t queue_work_jobs(const struct result *r); /* or MISSING */
double queue_work_s(const struct result *r);     /* or NAN */
double queue_work_per_second(const struct result *r);

/* Of the whole-second values: what autocannon's tables show. NAN when there is no second. */
enum second_metric { SECOND_REQUESTS, SECOND_BYTES, SECOND_JOBS };
struct second_stats {
    double mean, stddev, min, max;
    size_t count;
};
struct second_stats result_second_stats(const struct result *r, enum second_metric metric);
double result_second_percentile(const struct result *r, enum second_metric metric, double q);

#endif
