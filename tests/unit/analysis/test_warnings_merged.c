/* What is wrong with the hosts of a merged result. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/warnings.h"
#include "base/mem.h"

#define FEW 1e-6 /* of a second */

/* Two hosts that did as they should, of a run of 5 s. */
static void two_hosts(struct result *r)
{
    struct merged *m = mem_zalloc(sizeof *m);
    result_init(r);
    r->duration_s = 5;
    r->accounting.due = r->accounting.sent = r->accounting.completed = 20000;
    r->accounting.unsent = r->accounting.held = 0;
    r->accounting.statuses[200] = 20000;
    r->accounting.connected = 4;
    m->nparts = 2;
    m->parts = mem_array(2, sizeof *m->parts);
    m->overlap = 1;
    m->lost_after_s = NAN;
    for (int64_t i = 0; i < 2; i++) {
        struct merged_part *p = &m->parts[i];
        merged_part_init(p);
        p->share.index = i;
        p->share.count = 2;
        p->share.host = mem_strdup(i == 0 ? "a" : "b");
        p->start_s = (double)i * FEW;
        p->duration_s = 5;
        p->due = p->sent = p->completed = 10000;
    }
    r->merged = m;
}

static const struct warning *find(const struct result *r, const char *code)
{
    for (size_t i = 0; i < r->nwarnings; i++) {
        if (strcmp(r->warnings[i].code, code) == 0)
            return &r->warnings[i];
    }
    return NULL;
}

/* The one warning of the kind begins so. */
static void says(const struct result *r, const char *code, const char *words)
{
    const struct warning *w = find(r, code);
    if (w == NULL || strncmp(w->message, words, strlen(words)) != 0)
        fail_msg("[%s] is '%s', not '%s'", code, w == NULL ? "" : w->message, words);
}

static void hosts_that_did_as_they_should_are_not_told_of(void **state)
{
    (void)state;
    static const char *const codes[] = {
        "hosts-apart",       "host-lost", "host-incomplete", "host-started-late", "saturated",
        "host-offered-less", "late"};
    struct result r;
    two_hosts(&r);
    r.merged->parts[1].start_s = 0.049; /* just below 1 % */
    r.merged->parts[1].due = 9150;      /* just within chance: 1 % and 4 standard deviations */
    warnings_add(&r);
    for (size_t i = 0; i < LEN(codes); i++)
        assert_null(find(&r, codes[i]));
    assert_true(r.valid);
    result_fini(&r);
}

/* What to spoil in the second host, and what is then said. */
static void start_late(struct merged_part *p)
{
    p->start_s = 0.051;
}

static void offer_less(struct merged_part *p)
{
    p->due = p->sent = p->completed = 8900;
}

static void saturate(struct merged_part *p)
{
    p->busiest_worker = 0.93;
    p->saturated = true;
}

static void send_late(struct merged_part *p)
{
    p->is_late = true;
}

static void lose(struct merged_part *p)
{
    p->state = PART_LOST;
    p->why = mem_strdup("no word for 5 s");
}

static void stop(struct merged_part *p)
{
    p->state = PART_INCOMPLETE;
    p->why = mem_strdup("interrupted");
}

static const struct {
    void (*spoil)(struct merged_part *p);
    const char *code, *words;
    bool is_valid;
} cases[] = {
    {start_late, "host-started-late", "share 1 (b) started 0.051 s after the first", false},
    {offer_less, "host-offered-less", "share 1 (b) offered 8900 requests, 94.2 % of", false},
    {saturate, "saturated", "the busiest thread of share 1 (b) used 93 % of a core", false},
    {send_late, "late", "share 1 (b) sent many of its requests late", true},
    {lose, "host-lost", "share 1 (b) was lost: no word for 5 s", false},
    {stop, "host-incomplete", "share 1 (b) did not do all of its share: interrupted", true},
};

static void a_host_that_did_not_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct result r;
        two_hosts(&r);
        cases[i].spoil(&r.merged->parts[1]);
        warnings_add(&r);
        says(&r, cases[i].code, cases[i].words);
        assert_int_equal(r.valid, cases[i].is_valid);
        result_fini(&r);
    }
}

static void hosts_that_were_hardly_together_are_told_of(void **state)
{
    (void)state;
    struct result r;
    two_hosts(&r);
    r.merged->overlap = 0.984;
    warnings_add(&r);
    says(&r, "hosts-apart", "all hosts loaded the server together for only 98.4 %");
    assert_true(r.valid);
    result_fini(&r);
}

/* Seconds that were heard of before a host was lost do not tell how many connections were open. */
static void what_was_sent_was_connected(void **state)
{
    (void)state;
    struct result r;
    two_hosts(&r);
    assert_true(r.accounting.sent > 0);
    r.accounting.connected = 0;
    warnings_add(&r);
    for (size_t i = 0; i < r.nwarnings; i++)
        assert_string_not_equal(r.warnings[i].code, "nothing-connected");
    assert_true(r.valid);
    result_fini(&r);
}

static void the_remedy_for_hosts_that_began_apart_can_be_done(void **state)
{
    (void)state;
    for (int launched = 0; launched < 2; launched++) {
        struct result r;
        two_hosts(&r);
        for (size_t i = 0; i < r.merged->nparts; i++)
            r.merged->parts[i].share.clock_error_us = launched ? 10 : NAN;
        r.merged->overlap = 0.9;
        warnings_add(&r);
        size_t at = 0;
        while (at < r.nwarnings && strcmp(r.warnings[at].code, "hosts-apart") != 0)
            at++;
        assert_true(at < r.nwarnings);
        assert_int_equal(strstr(r.warnings[at].remedy, "--start-at") == NULL, launched);
        result_fini(&r);
    }
}

#define SHARES_MOST 6

/* The results of shares, and what each says: of `loads` the ones that are not 0 are those of a busy
 * machine. */
static void merge_of(struct merge *m, struct result *parts, const double *loads, size_t count)
{
    static struct merge_input inputs[SHARES_MOST];
    for (size_t i = 0; i < count; i++) {
        char text[64];
        struct share share = {.index = (int64_t)i, .count = (int64_t)count};
        char host[] = {(char)('a' + (int)i), '\0'};
        share.host = host;
        result_init(&parts[i]);
        parts[i].share = share_copy(&share);
        (void)snprintf(text, sizeof text, "load average %.1f on 2 cores", loads[i]);
        result_warn(&parts[i], "non-2xx", "half of them", NULL); /* the sum has its own of it */
        if (loads[i] > 0)
            result_warn(&parts[i], "busy-machine", text, "stop other programs");
        inputs[i] = (struct merge_input){.name = "share.json", .r = &parts[i]};
    }
    *m = (struct merge){.inputs = inputs, .ninputs = count, .until_s = NAN};
}

/* Only the host itself knows of its machine; of the load the sum has its own warnings. */
static void what_hosts_say_of_their_machines_is_told_once(void **state)
{
    (void)state;
    static const struct {
        size_t count;
        double loads[SHARES_MOST];
        const char *words; /* NULL: nothing is said */
    } told[] = {
        {1, {1.5}, "share 0 (a): load average 1.5 on 2 cores"},
        {2, {0, 1.5}, "share 1 (b): load average 1.5 on 2 cores"},
        {2, {1.5, 1.5}, "all 2 shares: load average 1.5 on 2 cores"},
        {3, {1.5, 0, 1.5}, "share 0 (a), share 2 (c): load average 1.5 on 2 cores"},
        {3,
         {1.5, 1.7, 1.5},
         "all 3 shares: load average 1.5 on 2 cores (the figures are those of the first of them)"},
        {6,
         {1.5, 1.7, 1.6, 0, 1.5, 1.5},
         "5 of 6 shares: load average 1.5 on 2 cores (the figures are those of the first of them)"},
        {2, {0, 0}, NULL},
    };
    for (size_t i = 0; i < LEN(told); i++) {
        struct result r;
        struct result parts[SHARES_MOST];
        struct merge m;
        result_init(&r);
        merge_of(&m, parts, told[i].loads, told[i].count);
        warnings_take_shares(&r, &m);
        assert_int_equal(r.nwarnings, told[i].words != NULL);
        if (told[i].words != NULL) {
            assert_string_equal(r.warnings[0].code, "busy-machine");
            assert_string_equal(r.warnings[0].message, told[i].words);
            assert_string_equal(r.warnings[0].remedy, "stop other programs");
        }
        for (size_t k = 0; k < told[i].count; k++)
            result_fini(&parts[k]);
        result_fini(&r);
    }
}

/* Each kind stands for itself, and a second one of the same share is no other. */
static void each_code_is_told(void **state)
{
    (void)state;
    static const char *const codes[] = {"busy-machine", "stolen", "cpu-wait", "server-gone",
                                        "gave-up"};
    struct result r;
    struct result parts[2];
    struct merge m;
    result_init(&r);
    merge_of(&m, parts, (double[]){0, 0}, 2);
    for (size_t i = 0; i < LEN(codes); i++) {
        result_warn(&parts[0], codes[i], "a figure", NULL);
        result_warn(&parts[1], codes[i], "another", NULL);
        result_warn(&parts[1], codes[i], "one more", NULL);
    }
    warnings_take_shares(&r, &m);
    assert_int_equal(r.nwarnings, LEN(codes));
    for (size_t i = 0; i < LEN(codes); i++)
        says(&r, codes[i], "all 2 shares: a figure (the figures are those of the first of them)");
    result_fini(&parts[0]);
    result_fini(&parts[1]);
    result_fini(&r);
}

/* That of all hosts names them already. */
static void what_a_merged_result_says_is_kept(void **state)
{
    (void)state;
    struct result r;
    struct result all;
    result_init(&r);
    result_init(&all);
    result_warn(&all, "cpu-wait", "share 1 (b): a thread waited", "use taskset");
    result_warn(&all, "non-2xx", "half of them", NULL);
    warnings_take(&r, &all);
    assert_int_equal(r.nwarnings, 1);
    says(&r, "cpu-wait", "share 1 (b): a thread waited");
    assert_string_equal(r.warnings[0].remedy, "use taskset");
    result_fini(&all);
    result_fini(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hosts_that_did_as_they_should_are_not_told_of),
        cmocka_unit_test(a_host_that_did_not_is_named),
        cmocka_unit_test(hosts_that_were_hardly_together_are_told_of),
        cmocka_unit_test(what_was_sent_was_connected),
        cmocka_unit_test(the_remedy_for_hosts_that_began_apart_can_be_done),
        cmocka_unit_test(what_hosts_say_of_their_machines_is_told_once),
        cmocka_unit_test(each_code_is_told),
        cmocka_unit_test(what_a_merged_result_says_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
