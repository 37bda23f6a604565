#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "targets/http/reply.h"
#include "targets/work/work.h"

static void replies_are_exact(void **state)
{
    (void)state;
    static const struct {
        struct reply reply;
        enum reply_part part;
        enum reply_connection connection;
        const char *want;
    } cases[] = {
        {{200, "text/plain", NULL, "pong\n", 5},
         REPLY_WHOLE,
         REPLY_KEEP,
         "HTTP/1.1 200 OK\r\nDate: x\r\nContent-Type: text/plain\r\nContent-Length: "
         "5\r\n\r\npong\n"},
        {{200, "text/plain", NULL, "pong\n", 5},
         REPLY_HEAD_ONLY,
         REPLY_KEEP_TOLD,
         "HTTP/1.1 200 OK\r\nDate: x\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n"
         "Connection: keep-alive\r\n\r\n"},
        {{503, "text/plain", "Retry-After: 1\r\n", "", 0},
         REPLY_WHOLE,
         REPLY_CLOSE,
         "HTTP/1.1 503 Service Unavailable\r\nDate: x\r\nContent-Type: "
         "text/plain\r\nContent-Length: 0\r\n"
         "Retry-After: 1\r\nConnection: close\r\n\r\n"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct buf out;
        buf_init(&out, 4096);
        reply_format(&cases[i].reply, cases[i].part, cases[i].connection, "Date: x\r\n", &out);
        assert_string_equal(out.data, cases[i].want);
        buf_fini(&out);
    }
}

static void bodies_are_exact(void **state)
{
    (void)state;
    static const struct {
        struct work work;
        const char *want;
    } cases[] = {
        {{WORK_COUNT, 20000000}, "{\"count\":20000000}\n"},
        {{WORK_COUNT, 0}, "{\"count\":0}\n"},
        {{WORK_SLEEP, 50 * NS_PER_MS}, "{\"slept_ms\":50}\n"},
        {{WORK_SLEEP, 1500000}, "{\"slept_ms\":1.5}\n"},
        {{WORK_SLEEP, 3600 * NS_PER_S}, "{\"slept_ms\":3600000}\n"},
    };
    static const struct {
        const char *text, *want;
    } errors[] = {
        {"say \"n\"", "{\"error\":\"say \\\"n\\\"\"}\n"},
        {"bad \xff byte", "{\"error\":\"Bad Request\"}\n"},
    };
    struct buf out;
    buf_init(&out, 4096);
    for (size_t i = 0; i < LEN(cases); i++) {
        buf_clear(&out);
        work_reply_body(&cases[i].work, &out);
        assert_string_equal(out.data, cases[i].want);
    }
    for (size_t i = 0; i < LEN(errors); i++) {
        buf_clear(&out);
        reply_error_body(400, errors[i].text, &out);
        assert_string_equal(out.data, errors[i].want);
    }
    buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replies_are_exact),
        cmocka_unit_test(bodies_are_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
