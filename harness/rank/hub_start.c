/* From the first letter of each host until all of them know when the window opens. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "rank/hub_internal.h"
#include "store/doc.h"

#define READY_LIMIT_NS    (30 * NS_PER_S)
#define PINGS             100
#define PING_LIMIT_NS     NS_PER_S          /* for all pings of one member */
#define PONG_LIMIT_NS     (200 * NS_PER_MS) /* for one */
#define START_IN_NS       (500 * NS_PER_MS) /* at least, from now to the window */
#define START_ROUND_TRIPS 10
#define START_KNOWN_NS    (50 * NS_PER_MS) /* before the window all know the time */

/* ---- who they are ---- */

static char *copy_of(const json_t *object, const char *key)
{
    return mem_strdup_or_null(json_string_value(json_object_get(object, key)));
}

void hub_take_hello(struct hub *h, struct seen *s, const struct letter *letter)
{
    struct err err = {0};
    json_t *hello = doc_parse(letter->bytes, letter->len, &err);
    if (hello == NULL || s->said_hello || h->phase != PHASE_HELLO) {
        json_decref(hello);
        return;
    }
    s->said_hello = true;
    s->host = copy_of(hello, "host");
    s->version = copy_of(hello, "version");
    s->layout = copy_of(hello, "layout");
    s->digest = copy_of(hello, "digest");
    s->error = copy_of(hello, "error");
    s->cores = json_integer_value(json_object_get(hello, "cores"));
    json_decref(hello);
}

static bool says_nothing(const struct seen *s)
{
    return !s->said_hello;
}

static bool is_not_ready(const struct seen *s)
{
    return !s->is_ready;
}

static bool has_no_start(const struct seen *s)
{
    return !s->has_start;
}

/* Of the first host and another one. */
static void refuse(struct hub *h, int other, const char *what, const char *first,
                   const char *second)
{
    char *a = hub_name(h, 0);
    char *b = hub_name(h, other);
    hub_fail(h, err_exit_code(ERR_USAGE), "%s has %s %s and %s has %s; all hosts need the same", a,
             what, first, b, second);
    free(a);
    free(b);
}

static void refuse_plan(struct hub *h, int other)
{
    char *a = hub_name(h, 0);
    char *b = hub_name(h, other);
    hub_fail(h, err_exit_code(ERR_USAGE),
             "%s would do something else than %s: the files that the options name must be the same "
             "on all hosts (bench run --dry-run shows the plan of a host)",
             b, a);
    free(a);
    free(b);
}

static bool differ(const char *a, const char *b)
{
    return a == NULL || b == NULL || strcmp(a, b) != 0;
}

/* False when the run has failed. */
static bool check_hosts(struct hub *h)
{
    const struct seen *first = &h->seen[0];
    /* A version comes first: another one may fail for options that it does not know. */
    for (int i = 0; i < h->count && h->phase != PHASE_OVER; i++) {
        if (h->seen[i].version != NULL && first->version != NULL &&
            differ(h->seen[i].version, first->version))
            refuse(h, i, "version", first->version, h->seen[i].version);
    }
    for (int i = 0; i < h->count && h->phase != PHASE_OVER; i++) {
        const struct seen *s = &h->seen[i];
        char *name = hub_name(h, i);
        if (s->error != NULL)
            hub_fail(h, err_exit_code(ERR_USAGE), "%s: %s", name, s->error);
        else if (differ(s->layout, first->layout))
            refuse(h, i, "histograms of", first->layout, s->layout);
        else if (differ(s->digest, first->digest))
            refuse_plan(h, i);
        free(name);
    }
    return h->phase != PHASE_OVER;
}

static void tell_hosts(struct hub *h)
{
    json_t *value = json_object();
    json_t *hosts = json_array();
    for (int i = 0; i < h->count; i++) {
        json_t *host = json_object();
        doc_put(host, "index", doc_count(i));
        doc_put(host, "host", doc_text(h->seen[i].host));
        doc_put(host, "cores", doc_count(h->seen[i].cores));
        doc_put(host, "version", doc_text(h->seen[i].version));
        (void)json_array_append_new(hosts, host);
    }
    doc_put(value, "hosts", hosts);
    hub_tell(h, "hosts", value);
}

/* ---- clocks ---- */

static struct offset *offset_of(struct hub *h, int member)
{
    return h->phase == PHASE_CLOCKS ? &h->seen[member].offset : &h->seen[member].again;
}

static void ping(struct hub *h)
{
    h->ping_ns = clock_now_ns();
    mail_send(h->mail, h->pinged, LETTER_PING, &h->ping_ns, sizeof h->ping_ns);
}

static void ping_first(struct hub *h, int member)
{
    h->pinged = member;
    if (member >= h->count)
        return;
    ping(h);
    h->pinging_ns = h->ping_ns;
}

void hub_take_pong(struct hub *h, const struct letter *letter, int64_t now_ns)
{
    int64_t numbers[2];
    bool is_pinging = h->phase == PHASE_CLOCKS || h->phase == PHASE_CLOCKS_AGAIN;
    if (!is_pinging || letter->from != h->pinged || letter->len != sizeof numbers)
        return;
    memcpy(numbers, letter->bytes, sizeof numbers);
    if (numbers[0] != h->ping_ns)
        return; /* of a ping that was given up */
    struct offset *o = offset_of(h, h->pinged);
    offset_add(o, numbers[0], numbers[1], now_ns);
    if (o->pings < PINGS && now_ns - h->pinging_ns < PING_LIMIT_NS)
        ping(h);
    else
        ping_first(h, h->pinged + 1);
}

/* The window opens when every message of the start has had its time, many times over. */
static void give_start(struct hub *h)
{
    int64_t longest_ns = 0;
    for (int i = 0; i < h->count; i++) {
        if (h->seen[i].offset.round_trip_ns > longest_ns)
            longest_ns = h->seen[i].offset.round_trip_ns;
    }
    int64_t in_ns = START_ROUND_TRIPS * longest_ns;
    h->start_ns = clock_now_ns() + (in_ns > START_IN_NS ? in_ns : START_IN_NS);
    hub_enter(h, PHASE_START);
    for (int i = 0; i < h->count; i++) {
        int64_t there_ns = h->start_ns + (i == 0 ? 0 : h->seen[i].offset.ahead_ns);
        mail_send(h->mail, i, LETTER_START, &there_ns, sizeof there_ns);
    }
}

static void end_clocks(struct hub *h)
{
    if (h->phase == PHASE_CLOCKS)
        give_start(h);
    else
        hub_begin_merge(h);
}

/* Its clock cannot be read. */
static void give_up_pings(struct hub *h)
{
    if (h->phase == PHASE_CLOCKS) {
        hub_lose(h, h->pinged, LOSS_MUTE, "it does not answer, so its clock cannot be read");
        return;
    }
    h->seen[h->pinged].is_mute = true;
    h->has_mute = true;
    ping_first(h, h->pinged + 1);
}

void hub_tick_clocks(struct hub *h, int64_t now_ns)
{
    if (h->pinged == 0) { /* rank 0 has this clock */
        h->seen[0].offset = h->seen[0].again =
            (struct offset){.at_ns = now_ns, .round_trip_ns = 0, .pings = 1};
        ping_first(h, 1);
    }
    while (h->pinged < h->count && h->seen[h->pinged].is_mute)
        ping_first(h, h->pinged + 1);
    if (h->pinged >= h->count)
        end_clocks(h);
    else if (offset_of(h, h->pinged)->pings > 0 && now_ns - h->ping_ns > PONG_LIMIT_NS)
        ping_first(h, h->pinged + 1); /* what was read will do */
    else if (now_ns - h->pinging_ns > 2 * PING_LIMIT_NS)
        give_up_pings(h);
}

/* ---- phases ---- */

static void end_hello(struct hub *h)
{
    if (!check_hosts(h))
        return;
    tell_hosts(h);
    hub_enter(h, PHASE_READY);
    hub_send_all(h, LETTER_GO, NULL, 0);
}

static int64_t limit_of(const struct hub *h)
{
    const struct arguments *a = h->arguments;
    if (h->phase == PHASE_HELLO)
        return READY_LIMIT_NS;
    return READY_LIMIT_NS + a->warmup_ns + (int64_t)(a->connect_s * (double)NS_PER_S);
}

static void wait_for(struct hub *h, hub_is_fn *is_missing, const char *what, int64_t now_ns)
{
    char *names = hub_names(h, is_missing);
    int64_t limit_ns = limit_of(h);
    if (names != NULL && now_ns - h->began_ns > limit_ns)
        hub_fail(h, err_exit_code(ERR_INVALID), "%s %s within %lld s", names, what,
                 (long long)(limit_ns / NS_PER_S));
    else if (names == NULL && h->phase == PHASE_HELLO)
        end_hello(h);
    else if (names == NULL) {
        h->pinged = 0;
        hub_enter(h, PHASE_CLOCKS);
    }
    free(names);
}

static void wait_for_start(struct hub *h, int64_t now_ns)
{
    char *names = hub_names(h, has_no_start);
    if (names == NULL)
        hub_enter(h, PHASE_RUN);
    else if (now_ns > h->start_ns - START_KNOWN_NS)
        hub_fail(h, err_exit_code(ERR_INVALID), "%s did not confirm the start in time", names);
    free(names);
}

void hub_tick_start(struct hub *h, int64_t now_ns)
{
    if (h->phase == PHASE_HELLO)
        wait_for(h, says_nothing, "did not say what they would do", now_ns);
    else if (h->phase == PHASE_READY)
        wait_for(h, is_not_ready, "did not get ready", now_ns);
    else
        wait_for_start(h, now_ns);
}
