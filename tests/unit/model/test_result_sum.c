/* result_sum: windows added up are as one window. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "model/result_sum.h"

static void make(struct result *r, int64_t completed, double duration_s, int number,
                 const char *reason)
{
    result_init(r);
    struct accounting *a = &r->accounting;
    a->completed = completed;
    a->failed[LOSS_RESET] = 2;
    a->timed_out = 1;
    a->in_flight_at_end = 3;
    a->sent = completed + 6;
    a->due = a->sent + 1;
    a->unsent = 1;
    a->held = 2;
    a->warmup_discarded = 9;
    a->carried = 8;
    a->non_2xx = 4;
    a->statuses[200] = completed - 4;
    a->statuses[500] = 4;
    a->oldest_in_flight_ns = number;
    a->connect_errors = mem_array(1, sizeof *a->connect_errors);
    a->connect_errors[0] = (struct connect_error){.number = number, .count = 5};
    a->nconnect_errors = 1;
    a->loss_reasons = mem_array(1, sizeof *a->loss_reasons);
    a->loss_reasons[0] =
        (struct loss_reason){.kind = LOSS_RESET, .text = mem_strdup(reason), .count = 2};
    a->nloss_reasons = 1;
    r->latency = hist_new_latency();
    hist_record_n(r->latency, NS_PER_MS, (uint64_t)completed);
    r->slip = hist_copy(r->latency);
    r->lag = hist_copy(r->latency);
    r->duration_s = duration_s;
    r->client.busiest_worker = duration_s / 10;
}

static void counts_and_histograms_add_up(void **state)
{
    (void)state;
    struct result sum;
    struct result a;
    struct result b;
    result_init(&sum);
    make(&a, 100, 1, 7, "this");
    make(&b, 50, 3, 9, "that");
    result_sum_add(&sum, &a);
    result_sum_add(&sum, &b);
    result_sum_add(&sum, &b);
    assert_true(accounting_adds_up(&sum.accounting));
    assert_int_equal(sum.accounting.completed, 200);
    assert_int_equal(sum.accounting.sent, 218);
    assert_int_equal(sum.accounting.warmup_discarded, 27);
    assert_int_equal(sum.accounting.carried, 24);
    assert_int_equal(sum.accounting.non_2xx, 12);
    assert_int_equal(sum.accounting.statuses[500], 12);
    assert_int_equal(sum.accounting.oldest_in_flight_ns, 9);
    assert_int_equal(sum.accounting.nconnect_errors, 2);
    assert_int_equal(sum.accounting.connect_errors[0].count, 5);
    assert_int_equal(sum.accounting.connect_errors[1].count, 10);
    assert_int_equal(sum.accounting.nloss_reasons, 2);
    assert_string_equal(sum.accounting.loss_reasons[1].text, "that");
    assert_int_equal(sum.accounting.loss_reasons[1].count, 4);
    assert_int_equal(sum.accounting.due, 221);
    assert_int_equal(sum.accounting.unsent, 3);
    assert_int_equal(sum.accounting.held, 6);
    assert_int_equal(hist_count(sum.latency), 200);
    assert_int_equal(hist_count(sum.slip), 200);
    assert_int_equal(hist_count(sum.lag), 200);
    assert_null(sum.unfinished);
    assert_true(fabs(sum.duration_s - 7) < 1e-9);
    assert_true(fabs(sum.client.busiest_worker - (0.1 + 3 * 0.3 + 3 * 0.3) / 7) < 1e-9);
    result_fini(&sum);
    result_fini(&a);
    result_fini(&b);
}

/* A document whose reasons count more of a kind than there were would be refused. */
static void no_reason_counts_a_loss_of_another_kind(void **state)
{
    (void)state;
    struct result sum;
    result_init(&sum);
    for (int i = 0; i < LOSS_REASONS_MAX + 4; i++) {
        struct loss_reason reason = {
            .kind = i < LOSS_REASONS_MAX ? LOSS_RESET : LOSS_PARSE, .number = i + 1, .count = 2};
        struct result part;
        result_init(&part);
        part.accounting.failed[reason.kind] = 2;
        part.accounting.loss_reasons = &reason;
        part.accounting.nloss_reasons = 1;
        result_sum_add(&sum, &part);
    }
    int64_t told[LOSS_COUNT] = {0};
    assert_int_equal(sum.accounting.nloss_reasons, LOSS_REASONS_MAX);
    for (size_t i = 0; i < sum.accounting.nloss_reasons; i++)
        told[sum.accounting.loss_reasons[i].kind] += sum.accounting.loss_reasons[i].count;
    assert_int_equal(told[LOSS_RESET], sum.accounting.failed[LOSS_RESET]);
    assert_int_equal(told[LOSS_PARSE], 0);
    assert_int_equal(sum.accounting.failed[LOSS_PARSE], 8);
    result_fini(&sum);
}

static void secure(struct result *r, const char *version, bool is_verified)
{
    result_init(r);
    r->has_tls = true;
    r->tls.version = mem_strdup_or_null(version);
    r->tls.cipher = mem_strdup_or_null(version == NULL ? NULL : "AES");
    r->tls.handshakes = 3;
    r->tls.resumed = 1;
    r->tls.is_verified = is_verified;
}

/* That of the first whose connections came up; another one makes it mixed. */
static void tls_is_that_of_all_parts(void **state)
{
    (void)state;
    struct result sum;
    struct result parts[3];
    result_init(&sum);
    secure(&parts[0], NULL, true);
    secure(&parts[1], "TLSv1.3", true);
    secure(&parts[2], "TLSv1.2", false);
    assert_false(sum.has_tls);
    result_sum_add(&sum, &parts[0]);
    assert_true(sum.has_tls && sum.tls.is_verified && sum.tls.version == NULL);
    result_sum_add(&sum, &parts[1]);
    result_sum_add(&sum, &parts[1]);
    assert_string_equal(sum.tls.version, "TLSv1.3");
    assert_string_equal(sum.tls.cipher, "AES");
    assert_false(sum.tls.is_mixed);
    result_sum_add(&sum, &parts[2]);
    assert_string_equal(sum.tls.version, "TLSv1.3");
    assert_true(sum.tls.is_mixed && !sum.tls.is_verified);
    assert_int_equal(sum.tls.handshakes, 12);
    assert_int_equal(sum.tls.resumed, 4);
    result_fini(&sum);
    for (size_t i = 0; i < LEN(parts); i++)
        result_fini(&parts[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tls_is_that_of_all_parts),
        cmocka_unit_test(counts_and_histograms_add_up),
        cmocka_unit_test(no_reason_counts_a_loss_of_another_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
