/* What a run told of its seconds, read, and made a result of, also where a stranger changed it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/rng.h"
#include "model/result_merge.h"
#include "model/second.h"
#include "stat/hist_text.h"
#include "store/journal.h"
#include "store/result_json.h"
#include "support/damage.h"

#define SECONDS 3
#define TRIES   1500

/* Three replies, one of them a 503, and a request that timed out. */
static void second_of(struct second *s, struct second_detail *d, int at)
{
    second_init(s);
    *d = (struct second_detail){.latency = hist_new_latency()};
    s->at_s = at;
    s->length_s = 1;
    s->requests = 3;
    s->non_2xx = 1;
    s->errors = s->faults.timed_out = 1;
    s->bytes = 600;
    s->due = 6;
    s->sent = 5;
    s->late = 2;
    d->statuses[200] = 2;
    d->statuses[503] = 1;
    for (int i = 1; i <= 3; i++)
        hist_record(d->latency, i * NS_PER_MS);
    s->max_ns = hist_max_ns(d->latency);
    s->detail = d;
}

static json_t *line_of(int at)
{
    char host[] = "a";
    const struct share share = {.index = 0, .count = 1, .host = host};
    struct second s;
    struct second_detail d;
    struct buf text;
    second_of(&s, &d, at);
    buf_init(&text, BUF_TEXT_MAX);
    second_write(&s, &share, true, &text);
    json_t *line = json_loads(text.data, 0, NULL);
    assert_non_null(line);
    buf_fini(&text);
    hist_free(d.latency);
    return line;
}

/* Reads what the lines say, as a file. */
static int read_lines(json_t *const *lines, double until_s, struct journal *j, struct err *err)
{
    char path[64];
    int fd = memfd_create("journal", 0);
    assert_true(fd >= 0);
    for (size_t i = 0; i < SECONDS; i++) {
        char *text = json_dumps(lines[i], JSON_COMPACT);
        assert_int_equal(dprintf(fd, "%s\n", text), (int)strlen(text) + 1);
        free(text);
    }
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    int failed = journal_read(path, until_s, j, err);
    (void)close(fd);
    return failed;
}

/* An open loop of one share, that got to its end. */
static void whole_init(struct result *r)
{
    result_init(r);
    r->url = mem_strdup("http://127.0.0.1/");
    r->tool_version = mem_strdup("0.1.0");
    r->engine = mem_strdup("libuv");
    r->connections = r->pipelining = r->workers = 1;
    r->offered.arrivals = mem_strdup("poisson");
    r->offered.rate_rps = 6;
    r->offered.max_connections = 1;
    r->share = mem_zalloc(sizeof *r->share);
    *r->share = (struct share){.count = 1, .start_skew_us = NAN, .clock_error_us = NAN};
}

/* The merged result of the one share, read back. */
static int merged(const struct journal *j, double until_s, struct result *out, struct err *err)
{
    static const char *const ignored[] = {NULL};
    struct result whole;
    struct result part;
    struct result sum;
    whole_init(&whole);
    journal_result(j, &whole, &part);
    struct merge_input input = {.name = "journal", .r = &part, .why = "gone"};
    struct merge m = {.inputs = &input, .ninputs = 1, .ignored = ignored, .until_s = until_s};
    int failed = merge_check(&m, err);
    if (failed == 0) {
        result_merge(&m, &sum);
        json_t *doc = result_to_json(&sum);
        failed = result_from_json(doc, out, err);
        json_decref(doc);
        result_fini(&sum);
    }
    result_fini(&part);
    result_fini(&whole);
    return failed;
}

static void the_seconds_in_time_are_a_result(void **state)
{
    (void)state;
    json_t *lines[SECONDS] = {NULL};
    struct journal j;
    struct result r = {0};
    struct err err;
    for (int i = 0; i < SECONDS; i++)
        lines[i] = line_of(i + 1);
    assert_int_equal(read_lines(lines, 2, &j, &err), 0);
    if (merged(&j, 2, &r, &err) < 0 || r.merged == NULL) {
        fail_msg("%s", err.text);
        return;
    }
    const struct accounting *a = &r.accounting;
    assert_int_equal(a->completed, 6);
    assert_int_equal(a->statuses[503], 2);
    assert_int_equal(a->timed_out, 2);
    assert_int_equal(a->due, 12);
    assert_int_equal(a->sent, 10);
    assert_int_equal(a->in_flight_at_end, 2);
    assert_int_equal(a->unsent, 2);
    assert_int_equal(hist_count(r.latency), 6);
    assert_int_equal(hist_count(r.unfinished), 6);
    assert_int_equal(r.nseconds, 2);
    assert_int_equal(r.merged->parts[0].late, 4);
    assert_true(r.duration_s == 2 && r.merged->lost_after_s == 2);
    assert_true(r.slip == NULL && r.service == NULL);
    assert_string_equal(r.merged->parts[0].why, "gone");
    result_fini(&r);
    journal_fini(&j);
    for (int i = 0; i < SECONDS; i++)
        json_decref(lines[i]);
}

static const char *const places[] = {"requests",
                                     "errors",
                                     "non_2xx",
                                     "bytes",
                                     "due",
                                     "sent",
                                     "late",
                                     "p50_ns",
                                     "max_ns",
                                     "at_s",
                                     "length_s",
                                     "latency",
                                     "statuses/200/count",
                                     "statuses/503/count",
                                     "faults/timed_out",
                                     "faults/failed/reset",
                                     "faults/connect_failed",
                                     "share/index",
                                     "share/count",
                                     "share/host",
                                     "queue_backlog"};
static const char *const values[] = {
    "0",           "1",     "2",  "3",    "4",    "7",          "9007199254740991",
    "1e15",        "0.5",   "-1", "null", "\"\"", "\"+900 3\"", "\"3\"",
    "\"+4608 3\"", "\"x\"", "{}", "true"};

/* Whatever it was changed to: refused with the line, or a result that a document holds. */
static void changed_lines_are_refused_or_add_up(void **state)
{
    (void)state;
    struct rng rng;
    size_t accepted = 0;
    rng_init(&rng, 17);
    for (size_t i = 0; i < TRIES; i++) {
        json_t *lines[SECONDS] = {NULL};
        struct journal j;
        struct result r;
        struct err err = {0};
        for (int k = 0; k < SECONDS; k++)
            lines[k] = line_of(k + 1);
        for (uint64_t n = 1 + rng_next(&rng) % 2; n > 0; n--)
            damage_at(lines[rng_next(&rng) % SECONDS], places[rng_next(&rng) % LEN(places)],
                      values[rng_next(&rng) % LEN(values)]);
        if (read_lines(lines, 3, &j, &err) < 0) {
            assert_true(strstr(err.text, ": line ") != NULL ||
                        strstr(err.text, "no second") != NULL);
        } else {
            if (merged(&j, 3, &r, &err) == 0) {
                accepted++;
                result_fini(&r);
            } else if (err.kind != ERR_INCOMPARABLE) { /* a window without length */
                fail_msg("try %zu: %s", i, err.text);
            }
            journal_fini(&j);
        }
        for (int k = 0; k < SECONDS; k++)
            json_decref(lines[k]);
    }
    assert_in_range(accepted, 20, TRIES / 2);
}

/* With -x the latencies are without those of errors: in all lines, or in none. */
static void all_lines_have_the_latencies_of_errors_or_none(void **state)
{
    (void)state;
    for (int without = 0; without <= SECONDS; without++) {
        json_t *lines[SECONDS] = {NULL};
        struct journal j;
        struct err err = {0};
        struct hist *two = hist_text_new();
        struct buf text;
        hist_record_n(two, NS_PER_MS, 2);
        buf_init(&text, BUF_TEXT_MAX);
        hist_text_write(two, &text);
        for (int i = 0; i < SECONDS; i++) {
            lines[i] = line_of(i + 1);
            if (i < without)
                (void)json_object_set_new(lines[i], "latency", json_string(text.data));
        }
        bool is_even = without == 0 || without == SECONDS;
        int failed = read_lines(lines, SECONDS + 1, &j, &err);
        assert_int_equal(failed, is_even ? 0 : -1);
        if (failed == 0)
            journal_fini(&j);
        else
            assert_non_null(strstr(err.text, "latency"));
        for (int i = 0; i < SECONDS; i++)
            json_decref(lines[i]);
        buf_fini(&text);
        hist_free(two);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_lines_have_the_latencies_of_errors_or_none),
        cmocka_unit_test(the_seconds_in_time_are_a_result),
        cmocka_unit_test(changed_lines_are_refused_or_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
