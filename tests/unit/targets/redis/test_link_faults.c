/* redis_link: against what is no Redis server, or one that has gone mad. */
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "support/redis_bed.h"

#define PONG     "+PONG\r\n"
#define SAYS_MAX 8

/* Says its lines, one each time that it hears something, and hangs up after the last. "" is a line
 * too. */
struct fake {
    uv_tcp_t listener;
    int port;
    const char *says[SAYS_MAX];
};

struct client {
    uv_tcp_t tcp;
    const struct fake *fake;
    int heard;
    char *line; /* that is being said */
    char bytes[65536];
    uv_write_t write;
};

static void on_client_closed(uv_handle_t *handle)
{
    struct client *c = handle->data;
    free(c->line);
    free(c);
}

static void hang_up(struct client *c)
{
    if (uv_is_closing((uv_handle_t *)&c->tcp) == 0)
        uv_close((uv_handle_t *)&c->tcp, on_client_closed);
}

static void on_room_wanted(uv_handle_t *handle, size_t wanted, uv_buf_t *out)
{
    struct client *c = handle->data;
    (void)wanted;
    *out = uv_buf_init(c->bytes, sizeof c->bytes);
}

static void on_written(uv_write_t *write, int status)
{
    struct client *c = write->data;
    if (status < 0 || c->fake->says[c->heard] == NULL)
        hang_up(c);
}

static void on_heard(uv_stream_t *stream, ssize_t n, const uv_buf_t *heard)
{
    struct client *c = stream->data;
    (void)heard;
    if (n < 0) {
        hang_up(c);
        return;
    }
    const char *line = c->fake->says[c->heard++];
    assert_non_null(line);
    free(c->line);
    c->line = mem_strdup(line);
    uv_buf_t bytes = uv_buf_init(c->line, (unsigned)strlen(line));
    (void)uv_write(&c->write, stream, &bytes, 1, on_written);
}

static void on_client(uv_stream_t *listener, int status)
{
    struct fake *f = listener->data;
    struct client *c = mem_zalloc(sizeof *c);
    assert_int_equal(status, 0);
    c->fake = f;
    c->tcp.data = c->write.data = c;
    assert_int_equal(uv_tcp_init(listener->loop, &c->tcp), 0);
    assert_int_equal(uv_accept(listener, (uv_stream_t *)&c->tcp), 0);
    if (f->says[0] == NULL)
        hang_up(c);
    else
        (void)uv_read_start((uv_stream_t *)&c->tcp, on_room_wanted, on_heard);
}

static void fake_open(struct redis_bed *bed, struct fake *f)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    int len = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(uv_tcp_init(&bed->loop, &f->listener), 0);
    f->listener.data = f;
    assert_int_equal(uv_tcp_bind(&f->listener, (const struct sockaddr *)&address, 0), 0);
    assert_int_equal(uv_listen((uv_stream_t *)&f->listener, 16, on_client), 0);
    assert_int_equal(uv_tcp_getsockname(&f->listener, (struct sockaddr *)&address, &len), 0);
    f->port = ntohs(address.sin_port);
}

static void fake_close(struct fake *f)
{
    uv_close((uv_handle_t *)&f->listener, NULL);
}

static void open_to(struct redis_bed *bed, struct fake *f, struct bed_link *l,
                    const struct link_options *options)
{
    struct link_options whole = *options;
    char url[100];
    (void)snprintf(url, sizeof url, "redis://%s127.0.0.1:%d",
                   bed->host.password[0] == '\0' ? "" : ":sEcretWord@", f->port);
    whole.url = url;
    bed_open(bed, l, &whole);
}

static const char *const scripts[] = {"return 1"};
static const struct link_options with_script = {.scripts = scripts, .script_count = 1};

/* ---- before it is up ---- */

static void what_is_no_redis_server_is_told(void **state)
{
    static const struct {
        const char *says, *words;
        bool with_password;
    } cases[] = {
        {"", "no answer for ", false},
        {NULL, "closed by the server", false},
        {"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n",
         "what listens there is not a Redis server (Protocol error, got \"H\"", false},
        {"SSH-2.0-OpenSSH_9.2\r\n", "what listens there is not a Redis server", false},
        {"-LOADING Redis is loading the dataset in memory\r\n", "PING was refused: LOADING", false},
        {"-DENIED Redis is running in protected mode\r\n", "PING was refused: DENIED", false},
        {"-ERR bell \a and escape \x1b\r\n", "bell ? and escape ?", false},
        {"-ERR unknown command `AUTH`, with args beginning with: `sEcretW`\r\n",
         "AUTH was refused: ERR unknown command ", true},
        {"-ERR bad word sEcretWord, sEcretWord\r\n", "bad word ***, ***", true},
        {"+OK\r\n-ERR sEcretWord?\r\n", "PING was refused: ERR ***?", true},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct redis_bed bed;
        struct bed_link l = {0};
        struct fake f = {.says = {cases[i].says, ""}};
        bed_init(&bed);
        if (cases[i].with_password)
            (void)snprintf(bed.host.password, sizeof bed.host.password, "sEcretW");
        fake_open(&bed, &f);
        open_to(&bed, &f, &l, &(struct link_options){.connect_limit_ns = 150 * NS_PER_MS});
        bed_wait(&bed, &l.is_down);
        bed_must_hold(l.reason, cases[i].words);
        assert_int_equal(l.ups, 0);
        bed_close(&l);
        fake_close(&f);
        bed_fini(&bed);
    }
}

static void a_port_that_nobody_has_is_told(void **state)
{
    struct redis_bed bed;
    struct bed_link l = {0};
    struct bed_link file = {0};
    struct fake f = {0};
    (void)state;
    bed_init(&bed);
    fake_open(&bed, &f);
    fake_close(&f);
    (void)uv_run(&bed.loop, UV_RUN_NOWAIT);
    open_to(&bed, &f, &l, &(struct link_options){0});
    bed_wait(&bed, &l.is_down);
    bed_must_hold(l.reason, ": Connection refused");
    bed_open(&bed, &file, &(struct link_options){.url = "redis+unix:///nonexistent/redis.sock"});
    bed_wait(&bed, &file.is_down);
    bed_must_hold(file.reason, "redis+unix:///nonexistent/redis.sock: No such file");
    bed_close(&l);
    bed_close(&file);
    bed_fini(&bed);
}

/* After so many turns of the loop, on its way up. */
static void it_may_be_closed_before_it_is_up(void **state)
{
    (void)state;
    for (int turns = 0; turns < 6; turns++) {
        struct redis_bed bed;
        struct bed_link l = {0};
        struct fake f = {.says = {"", ""}};
        bed_init(&bed);
        fake_open(&bed, &f);
        open_to(&bed, &f, &l, &with_script);
        for (int i = 0; i < turns; i++)
            (void)uv_run(&bed.loop, UV_RUN_NOWAIT);
        bed_close(&l);
        assert_int_equal(l.ups + l.downs, 0);
        fake_close(&f);
        bed_fini(&bed);
    }
}

static void a_bad_url_is_refused(void **state)
{
    struct err err = {0};
    uv_loop_t loop;
    (void)state;
    assert_int_equal(uv_loop_init(&loop), 0);
    assert_null(link_open(&loop, &(struct link_options){.url = "redis://"},
                          &(struct link_events){0}, &err));
    assert_int_equal(err.kind, ERR_USAGE);
    assert_int_equal(uv_loop_close(&loop), 0);
}

/* ---- when it was up ---- */

struct case_of {
    const char *says, *words;
    enum link_end ends[2];
};

/* Two requests; the fake's answer to them is this. */
static void answer_with(const struct case_of *c, const char *after)
{
    struct redis_bed bed;
    struct bed_link l = {0};
    struct bed_said said[2];
    struct fake f = {.says = {PONG, c->says, after}};
    bed_init(&bed);
    fake_open(&bed, &f);
    open_to(&bed, &f, &l, &(struct link_options){.answer_limit_ns = 10 * NS_PER_S});
    bed_wait(&bed, &l.is_up);
    bed_begin(&l, "GET a", 0, &said[0]);
    bed_begin(&l, "GET b", 0, &said[1]);
    bed_wait(&bed, &l.is_down);
    bed_must_hold(l.reason, c->words);
    for (size_t i = 0; i < LEN(said); i++) {
        bed_wait(&bed, &said[i].came);
        assert_int_equal(said[i].end, c->ends[i]);
        if (c->ends[i] == LINK_UNKNOWN)
            bed_must_hold(said[i].text, c->words);
    }
    bed_close(&l);
    fake_close(&f);
    bed_fini(&bed);
}

#define LOST                                                                                       \
    {                                                                                              \
        LINK_UNKNOWN, LINK_UNKNOWN                                                                 \
    }
#define ONE                                                                                        \
    {                                                                                              \
        LINK_ANSWERED, LINK_UNKNOWN                                                                \
    }
#define BOTH                                                                                       \
    {                                                                                              \
        LINK_ANSWERED, LINK_ANSWERED                                                               \
    }
#define NO_REDIS "a reply is not Redis' protocol (Protocol error, got "
#define LARGE    "a reply is too large"

static void replies_that_are_none_end_it(void **state)
{
    static const struct case_of cases[] = {
        {"hello\r\n", NO_REDIS "\"h\"", LOST},
        {"%1\r\n+a\r\n+b\r\n", NO_REDIS "\"%\"", LOST},
        {"+OK\r\n\r\n", NO_REDIS, ONE},
        {":12x\r\n", "Bad integer", LOST},
        {"$-5\r\n", "out of range", LOST},
        {"*-5\r\n", "out of range", LOST},
        {"*2147483648\r\n", "out of range", LOST},
        {"$99999999999999999999\r\n", "Bad bulk string length", LOST},
        {"$67108865\r\n", LARGE, LOST},
        {"+OK\r\n$9223372036854775807\r\nabc", LARGE, ONE},
        {"*2\r\n$67108865\r\n", LARGE, LOST},
        {"*2147483647\r\n", LARGE, LOST},
        {"*1048577\r\n", LARGE, LOST},
        {"*1048000\r\n*1048000\r\n", LARGE, LOST},
        {"*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n", "depth", LOST},
        {"+OK\r\n+OK\r\n+OK\r\n", "a reply came without a request", BOTH},
        {"+OK\r\n*0\r\n*0\r\n", "a reply came without a request", BOTH},
        {"+OK\r\n$-1\r\n:5\r\n", "a reply came without a request", BOTH},
        {"+OK\r\n+OK\r\n-ERR max number of clients reached\r\n", "max number of clients", BOTH},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++)
        answer_with(&cases[i], "");
}

static void a_server_that_hangs_up_is_told(void **state)
{
    static const struct case_of cases[] = {
        {"", "closed by the server", LOST},
        {"+O", "closed by the server", LOST},
        {"$10\r\nabc", "closed by the server", LOST},
        {"*2\r\n$1\r\na\r\n", "closed by the server", LOST},
        {"+OK\r\n*1\r\n", "closed by the server", ONE},
        {"+OK\r\n+OK\r\n", "closed by the server", BOTH},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++)
        answer_with(&cases[i], NULL);
}

/* No reply is held that is larger than the limit, however it is made. */
static void what_has_no_end_is_cut(void **state)
{
    struct buf line;
    struct buf array;
    (void)state;
    buf_init(&line, BUF_TEXT_MAX);
    buf_puts(&line, "+");
    buf_pad(&line, 'a', 70000);
    answer_with(&(struct case_of){line.data, "a line of a reply has no end", LOST}, "");
    buf_init(&array, 2 * BUF_TEXT_MAX);
    buf_puts(&array, "*5\r\n");
    for (int i = 0; i < 5; i++) {
        buf_puts(&array, "$14000000\r\n");
        buf_pad(&array, 'a', 14000000);
        buf_puts(&array, "\r\n");
    }
    answer_with(&(struct case_of){array.data, LARGE, LOST}, "");
    buf_fini(&array);
    buf_fini(&line);
}

/* ---- scripts ---- */

#define SHA "0123456789012345678901234567890123456789"

static void a_script_that_never_stays_is_refused(void **state)
{
    static const char greeted[] = "$40\r\n" SHA "\r\n" PONG;
    static const char loaded[] = "$40\r\n" SHA "\r\n-NOSCRIPT again\r\n";
    struct redis_bed bed;
    struct bed_link l = {0};
    struct bed_said said;
    struct fake f = {.says = {greeted, "-NOSCRIPT at first\r\n", loaded, loaded, loaded, ""}};
    (void)state;
    bed_init(&bed);
    fake_open(&bed, &f);
    open_to(&bed, &f, &l, &with_script);
    bed_wait(&bed, &l.is_up);
    bed_script(&l, 0, 0, "x", &said);
    bed_wait(&bed, &said.came);
    assert_int_equal(said.end, LINK_REFUSED);
    assert_string_equal(said.text, "NOSCRIPT again");
    bed_close(&l);
    fake_close(&f);
    bed_fini(&bed);
}

static void a_script_without_a_name_is_told(void **state)
{
    struct redis_bed bed;
    struct bed_link l = {0};
    struct fake f = {.says = {"+OK\r\n" PONG, ""}};
    (void)state;
    bed_init(&bed);
    fake_open(&bed, &f);
    open_to(&bed, &f, &l, &with_script);
    bed_wait(&bed, &l.is_down);
    bed_must_hold(l.reason, "SCRIPT LOAD gave no name");
    bed_close(&l);
    fake_close(&f);
    bed_fini(&bed);
}

#define BOUNDED(test) cmocka_unit_test_setup(test, bed_set_alarm)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOUNDED(what_is_no_redis_server_is_told),
        BOUNDED(a_port_that_nobody_has_is_told),
        BOUNDED(a_bad_url_is_refused),
        BOUNDED(it_may_be_closed_before_it_is_up),
        BOUNDED(replies_that_are_none_end_it),
        BOUNDED(a_server_that_hangs_up_is_told),
        BOUNDED(what_has_no_end_is_cut),
        BOUNDED(a_script_that_never_stays_is_refused),
        BOUNDED(a_script_without_a_name_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
