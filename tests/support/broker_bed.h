/* broker_bed: a folder with a broker file, or a private redis-server, and brokers on a loop that
 * answer before they return.
 *
 * Shape   ON_EACH_KIND in the list of tests runs a test on each kind of broker; such a test begins
 *         with bed_init_kind.
 * Owner   bed_init makes it in caller's storage; bed_fini removes the folder and its contents.
 * Errors  the test fails on everything that it does not expect, and when a wait takes over 30 s.
 */
#ifndef TESTS_BROKER_BED_H
#define TESTS_BROKER_BED_H

#include <stdbool.h>
#include <sys/types.h>
#include <uv.h>

#include "support/redis_host.h"
#include "targets/queue/brokers.h"
#include "targets/queue/bullmq/broker.h"
#include "targets/queue/sqlite/broker.h"

#define BED_JOBS_MAX 512

struct bed {
    uv_loop_t loop;
    const struct broker_kind *kind;
    struct folder *own;
    const char *folder;     /* of SQLite's file; NULL */
    struct redis_host host; /* zeroed */
    char url[200];
    struct target_options options; /* the test may change them before it opens a broker */
};

struct bed_broker {
    struct bed *bed;
    struct broker *broker;
    int wakes;
    bool closed;
};

/* One that adds jobs and one that runs them. */
struct bed_pair {
    struct bed bed;
    struct bed_broker gateway, worker;
};

/* The last answer of a broker. */
struct bed_answer {
    bool came;
    struct err err; /* kind NONE when it went well */
    char id[JOB_ID_MAX];
    enum job_end end;
    struct taken_job jobs[BED_JOBS_MAX];
    size_t count;
    bool found;
    struct job_view view; /* without its texts */
    char data[100], result[100], error[200];
};

/* The set-up of each test: a test that hangs is ended after 50 s. */
int bed_set_alarm(void **state);

/* A test's state is one of these. */
extern const struct broker_kind *bed_sqlite, *bed_redis;

#define ON_KIND(test, kind)                                                                        \
    {                                                                                              \
#test "_" #kind, test, bed_set_alarm, NULL, &bed_##kind                                    \
    }
#define ON_EACH_KIND(test) ON_KIND(test, sqlite), ON_KIND(test, redis)
void bed_init_kind(struct bed *bed, void **state);

void bed_init(struct bed *bed); /* SQLite's */
void bed_init_redis(struct bed *bed);
/* A loop, and a Redis server at this address. */
void bed_init_away(struct bed *bed, const char *url);
void bed_fini(struct bed *bed);
/* fork; a failed assertion in the child ends the child. */
pid_t bed_fork(struct bed *bed);
const char *bed_path(const struct bed *bed); /* of the broker file */

void bed_open(struct bed *bed, struct bed_broker *b, enum broker_role role);
/* A broker cannot be opened, and the reason contains each of these texts; NULL ends them. */
void bed_refused(struct bed *bed, const char *const *words);
void bed_close(struct bed_broker *b);

void bed_pair_open(struct bed_pair *p);
void bed_pair_fini(struct bed_pair *p);

/* Runs the loop until *what is true. */
void bed_wait(struct bed *bed, const bool *what);
void bed_pass(struct bed *bed, int64_t ns);
void bed_wait_for_wake(struct bed_broker *b, int wakes_before);

/* Makes a request without waiting for the answer. */
void bed_begin_add(struct bed_broker *b, const char *data, struct bed_answer *out);
void bed_begin_take(struct bed_broker *b, size_t most, struct bed_answer *out);
void bed_begin_finish(struct bed_broker *b, const struct taken_job *job, const char *result,
                      const char *error, struct bed_answer *out);
void bed_begin_find(struct bed_broker *b, const char *id, struct bed_answer *out);
void bed_try_add(struct bed_broker *b, const char *data, struct bed_answer *out);
void bed_add(struct bed_broker *b, const char *data, char id[JOB_ID_MAX]);
void bed_add_many(struct bed_broker *b, int count);
/* Owned by the answer until bed_drop. */
void bed_take(struct bed_broker *b, size_t most, struct bed_answer *out);
void bed_drop(struct bed_answer *taken);
/* Callbacks for other requests; ctx is a struct bed_answer. */
void bed_on_added(void *ctx, const char *id, const struct err *err);
void bed_on_taken(void *ctx, struct taken_job *jobs, size_t count, const struct err *err);
/* Takes again and again until there is a job. */
void bed_take_one(struct bed_broker *b, struct taken_job *job);
enum job_end bed_finish(struct bed_broker *b, const struct taken_job *job, const char *result,
                        const char *error);
void bed_find(struct bed_broker *b, const char *id, struct bed_answer *out);
void bed_counts_are(struct bed_broker *b, struct job_counts want);
/* Waits for the counts: another process may have changed them. */
void bed_counts_come(struct bed_broker *b, struct job_counts want);
void bed_must_hold(const char *text, const char *words);

/* Runs one command on Redis; checks a field of a job there. */
#define BED_REDIS(bed, ...) redis_host_command(&(bed)->host, __VA_ARGS__)
void bed_job_has(const struct bed *bed, const char *id, const char *field, const char *value);

/* Runs one SQL statement on a connection of its own; returns the number in its row. */
int64_t bed_sql(const struct bed *bed, const char *sql);

#endif
