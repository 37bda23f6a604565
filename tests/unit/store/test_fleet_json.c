/* Lines of bench-rank, which come from other machines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cases/render_cases.h"
#include "store/fleet_json.h"
#include "store/result_json.h"

#define FLEET "{\"schema\":\"bench.fleet/1\",\"event\":"

static struct fleet_line read_line(const char *text)
{
    struct fleet_line line;
    struct err err = {0};
    if (fleet_line_read(text, strlen(text), &line, &err) < 0)
        fail_msg("%s", err.text);
    return line;
}

static void events_are_told_apart(void **state)
{
    static const struct {
        const char *text;
        enum fleet_news news;
    } cases[] = {
        {FLEET "\"hosts\",\"hosts\":[{\"index\":0,\"host\":\"a\"},{\"index\":1,\"host\":\"b\"}]}",
         FLEET_HOSTS},
        {FLEET "\"window\"}", FLEET_WINDOW},
        {FLEET "\"end\"}", FLEET_END},
        {FLEET "\"lost\",\"index\":1,\"host\":\"b\",\"why\":\"silent\",\"at_s\":4.0}", FLEET_LOST},
        {FLEET "\"failed\",\"message\":\"no room\"}", FLEET_FAILED},
        {FLEET "\"of a later version\"}", FLEET_OTHER},
        {FLEET "7}", FLEET_OTHER},
        {"{\"schema\":\"bench.fleet/1\"}", FLEET_OTHER},
        {"{\"schema\":\"another/1\",\"event\":\"window\"}", FLEET_OTHER},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct fleet_line line = read_line(cases[i].text);
        assert_int_equal(line.news, cases[i].news);
        fleet_line_fini(&line);
    }
}

static void what_is_lost_has_a_name_and_a_reason(void **state)
{
    (void)state;
    struct fleet_line line =
        read_line(FLEET "\"lost\",\"index\":1,\"host\":\"b\",\"why\":\"it is silent\"}");
    assert_int_equal(line.hosts.count, 1);
    assert_string_equal(line.hosts.items[0], "b");
    assert_string_equal(line.text, "it is silent");
    fleet_line_fini(&line);
    line = read_line(FLEET "\"lost\"}"); /* of a broken bench-rank */
    assert_string_equal(line.hosts.items[0], "?");
    assert_null(line.text);
    fleet_line_fini(&line);
}

/* They go to a terminal. */
static void texts_are_harmless_and_short(void **state)
{
    (void)state;
    char *text = mem_printf(FLEET "\"failed\",\"message\":\"red \\u001b[31m%0*d\"}", 2000, 0);
    struct fleet_line line = read_line(text);
    assert_null(strchr(line.text, 0x1b));
    assert_non_null(strstr(line.text, "red ?[31m000"));
    assert_int_equal(strlen(line.text), 600);
    fleet_line_fini(&line);
    free(text);
}

#define SECOND                                                                                     \
    "{\"schema\":\"bench.second/1\",\"at_s\":1.0,\"length_s\":1.0,\"requests\":10,\"errors\":0,"   \
    "\"non_2xx\":0,\"bytes\":100,\"p50_ns\":5,\"p99_ns\":7,\"max_ns\":9,\"server_cpu_cores\":"     \
    "null,"                                                                                        \
    "\"server_rss_bytes\":null,\"server_threads\":null,\"server_switches\":null,"                  \
    "\"server_run_wait_s\":null,\"queue_backlog\":null,\"jobs_completed\":null,\"hosts\":2"

static void seconds_are_read(void **state)
{
    (void)state;
    struct fleet_line line = read_line(SECOND "}");
    assert_int_equal(line.news, FLEET_SECOND);
    assert_int_equal(line.second.requests, 10);
    assert_int_equal(line.second.p99_ns, 7);
    assert_int_equal(line.second.due, MISSING);
    fleet_line_fini(&line);
    line = read_line(SECOND ",\"due\":11,\"sent\":10,\"late\":1,\"faults\":{\"timed_out\":2,"
                            "\"connect_failed\":3,\"failed\":{\"eof\":4,\"of later\":5}}}");
    assert_int_equal(line.second.due, 11);
    assert_int_equal(line.second.faults.timed_out, 2);
    assert_int_equal(line.second.faults.connect_failed, 3);
    assert_int_equal(line.second.faults.failed[LOSS_EOF], 4);
    fleet_line_fini(&line);
    /* What bench-rank leaves out. */
    line = read_line("{\"schema\":\"bench.second/1\",\"at_s\":1.5,\"length_s\":0.5}");
    assert_int_equal(line.second.requests, 0);
    assert_int_equal(line.second.server_threads, MISSING);
    fleet_line_fini(&line);
}

static void a_result_is_read_whole(void **state)
{
    (void)state;
    struct result r;
    struct buf text;
    assert_int_equal(render_case(render_case_names[0], &r), 0);
    buf_init(&text, BUF_TEXT_MAX);
    result_write(&r, DOC_LINE, &text);
    struct fleet_line line = read_line(text.data);
    assert_int_equal(line.news, FLEET_RESULT);
    assert_int_equal(line.result->accounting.sent, r.accounting.sent);
    fleet_line_fini(&line);
    buf_fini(&text);
    result_fini(&r);
}

static void what_is_wrong_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "{",
        "hello",
        "[]",
        "{}",
        "{\"schema\":7}",
        "{\"schema\":\"bench.second/1\"}",
        SECOND ",\"due\":-1,\"sent\":10,\"late\":1}",
        SECOND ",\"due\":1.5}",
        SECOND ",\"faults\":{\"timed_out\":\"x\"}}",
        "{\"schema\":\"bench.second/1\",\"at_s\":1.0,\"length_s\":0}",
        "{\"schema\":\"bench.result/1\"}",
    };
    (void)state;
    for (size_t i = 0; i < LEN(texts); i++) {
        struct fleet_line line;
        struct err err = {0};
        assert_int_equal(fleet_line_read(texts[i], strlen(texts[i]), &line, &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_are_told_apart),
        cmocka_unit_test(what_is_lost_has_a_name_and_a_reason),
        cmocka_unit_test(texts_are_harmless_and_short),
        cmocka_unit_test(seconds_are_read),
        cmocka_unit_test(a_result_is_read_whole),
        cmocka_unit_test(what_is_wrong_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
