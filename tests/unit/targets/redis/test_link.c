/* redis_link: against a real redis-server, private to the test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "support/redis_bed.h"

static const struct link_options plain;

static void is_answer(const struct bed_said *said, const char *text)
{
    assert_int_equal(said->end, LINK_ANSWERED);
    assert_string_equal(said->text, text);
}

static void it_says_who_it_is(void **state)
{
    struct redis_bed bed;
    struct bed_link l = {0};
    struct bed_said said;
    char url[300];
    (void)state;
    bed_start(&bed);
    (void)snprintf(url, sizeof url, "%s/3", bed.host.url);
    bed_open_up(&bed, &l,
                &(struct link_options){.url = url, .client_name = "bench:aGVhdnk=:w:one"});
    bed_request(&l, "CLIENT GETNAME", &said);
    is_answer(&said, "bench:aGVhdnk=:w:one");
    bed_request(&l, "CLIENT INFO", &said);
    bed_must_hold(said.text, " db=3 ");
    bed_request(&l, "GET nothing", &said);
    assert_int_equal(said.type, REDIS_REPLY_NIL);
    assert_int_equal(l.ups, 1);
    assert_int_equal(l.downs, 0);
    bed_close(&l);
    assert_int_equal(l.downs, 0);
    bed_fini(&bed);
}

/* The socket is in the server's folder. */
static void a_socket_will_do(void **state)
{
    struct redis_bed bed;
    struct bed_link l = {0};
    struct bed_said said;
    char url[300];
    (void)state;
    bed_start(&bed);
    (void)snprintf(url, sizeof url, "redis+unix://:%s@%s/" REDIS_SERVER_SOCKET "?db=1",
                   bed.host.password, bed.host.folder);
    bed_open_up(&bed, &l, &(struct link_options){.url = url});
    bed_request(&l, "CLIENT INFO", &said);
    bed_must_hold(said.text, " db=1 ");
    bed_close(&l);
    bed_fini(&bed);
}

/* Words of the server's, the password not among them, and no more than one a second. */
static void who_it_is_not_is_told(void **state)
{
    static const struct {
        const char *userinfo, *words;
    } cases[] = {
        {"default:sEcretX@", "AUTH was refused: WRONGPASS invalid "},
        {"nobody:sEcretX@", "AUTH was refused: WRONGPASS invalid "},
        {"", "PING was refused: NOAUTH Authentication required."},
    };
    struct redis_bed bed;
    (void)state;
    bed_start(&bed);
    for (size_t i = 0; i < LEN(cases); i++) {
        struct bed_link l = {0};
        char url[300];
        (void)snprintf(url, sizeof url, "redis://%s127.0.0.1:%d", cases[i].userinfo, bed.host.port);
        bed_open(&bed, &l, &(struct link_options){.url = url});
        bed_wait(&bed, &l.is_down);
        int64_t first_ns = l.down_ns;
        bed_must_hold(l.reason, cases[i].words);
        bed_must_hold(l.reason, "redis://127.0.0.1:");
        assert_null(strstr(l.reason, "sEcret"));
        l.is_down = false;
        if (i == 0) {
            bed_wait(&bed, &l.is_down); /* it goes on trying */
            assert_in_range(l.down_ns - first_ns, 900 * NS_PER_MS, 30 * NS_PER_S);
        }
        assert_int_equal(l.ups, 0);
        bed_close(&l);
    }
    bed_fini(&bed);
}

static void a_database_that_is_none_is_told(void **state)
{
    struct redis_bed bed;
    struct bed_link l = {0};
    char url[300];
    (void)state;
    bed_start(&bed);
    (void)snprintf(url, sizeof url, "%s/99", bed.host.url);
    bed_open(&bed, &l, &(struct link_options){.url = url});
    bed_wait(&bed, &l.is_down);
    bed_must_hold(l.reason, "SELECT was refused: ERR DB index is out of range");
    bed_close(&l);
    bed_fini(&bed);
}

#define MANY 10000

struct many {
    long long last;
    bool is_over;
};

static void on_counted(void *ctx, const struct link_answer *answer)
{
    struct many *m = ctx;
    assert_int_equal(answer->end, LINK_ANSWERED);
    assert_int_equal(answer->reply->type, REDIS_REPLY_INTEGER);
    assert_int_equal(answer->reply->integer, m->last + 1);
    m->last++;
    m->is_over = m->last == MANY;
}

static void ten_thousand_at_once_are_answered_in_order(void **state)
{
    static const char *const words[] = {"INCR", "counter"};
    struct redis_bed bed;
    struct bed_link l = {0};
    struct many m = {0};
    struct err err = {0};
    (void)state;
    bed_start(&bed);
    bed_open_up(&bed, &l, &plain);
    for (int i = 0; i < MANY; i++)
        assert_int_equal(
            link_send(l.link,
                      &(struct link_request){
                          .argv = words, .argc = LEN(words), .done = on_counted, .ctx = &m},
                      &err),
            0);
    assert_int_equal(m.last, 0);
    bed_wait(&bed, &m.is_over);
    bed_close(&l);
    bed_fini(&bed);
}

/* More than a socket takes at once, with every byte in it. */
static void large_values_come_back_whole(void **state)
{
    const size_t size = (size_t)9 << 20;
    struct redis_bed bed;
    struct bed_link l = {0};
    struct bed_said set[2];
    struct bed_said said;
    struct err err = {0};
    char *value = mem_zalloc(size);
    const char *const words[] = {"SET", "large", value};
    const size_t lens[] = {3, 5, size};
    (void)state;
    for (size_t i = 0; i < size; i++)
        value[i] = (char)i;
    bed_start(&bed);
    bed_open_up(&bed, &l, &plain);
    for (size_t i = 0; i < LEN(set); i++) {
        set[i] = (struct bed_said){0};
        assert_int_equal(
            link_send(
                l.link,
                &(struct link_request){
                    .argv = words, .argvlen = lens, .argc = 3, .done = bed_on_done, .ctx = &set[i]},
                &err),
            0);
    }
    bed_begin(&l, "GETRANGE large 254 258", 0, &said);
    bed_wait(&bed, &said.came);
    is_answer(&set[0], "OK");
    is_answer(&set[1], "OK");
    assert_int_equal(said.len, 5);
    assert_memory_equal(said.text, "\xfe\xff", 3);
    bed_request(&l, "GET large", &said);
    assert_int_equal(said.len, size);
    bed_close(&l);
    bed_fini(&bed);
    free(value);
}

static void errors_are_the_servers_words(void **state)
{
    struct redis_bed bed;
    struct bed_link l = {0};
    struct bed_said said;
    (void)state;
    bed_start(&bed);
    bed_open_up(&bed, &l, &plain);
    bed_request(&l, "SET text 1", &said);
    bed_request(&l, "LPUSH text 1", &said);
    assert_int_equal(said.end, LINK_REFUSED);
    bed_must_hold(said.text, "WRONGTYPE");
    bed_request(&l, "NONSENSE", &said);
    assert_int_equal(said.end, LINK_REFUSED);
    bed_must_hold(said.text, "ERR unknown command");
    bed_request(&l, "GET text", &said);
    is_answer(&said, "1");
    bed_close(&l);
    bed_fini(&bed);
}

/* ---- scripts ---- */

static const char *const scripts[] = {
    "return redis.call('rpush', KEYS[1], ARGV[1])",
    "return redis.error_reply('EMPTY nothing in ' .. KEYS[1])",
};
static const struct link_options with_scripts = {.scripts = scripts, .script_count = LEN(scripts)};

#define CALLS 100

/* Half of them are under way when the scripts go; all run once, and in their order. */
static void a_script_that_was_flushed_is_loaded_again(void **state)
{
    struct redis_bed bed;
    struct bed_link l = {0};
    static struct bed_said said[CALLS];
    struct bed_said flush;
    struct bed_said last;
    char words[40];
    (void)state;
    bed_start(&bed);
    bed_open_up(&bed, &l, &with_scripts);
    for (int i = 0; i < CALLS; i++) {
        if (i == CALLS / 2)
            bed_begin(&l, "SCRIPT FLUSH SYNC", 0, &flush);
        (void)snprintf(words, sizeof words, "list %d", i);
        bed_script(&l, 0, 1, words, &said[i]);
    }
    bed_wait(&bed, &said[CALLS - 1].came);
    is_answer(&flush, "OK");
    for (int i = 0; i < CALLS; i++) {
        assert_true(said[i].came);
        assert_int_equal(said[i].end, LINK_ANSWERED);
        assert_int_equal(said[i].integer, i + 1);
    }
    bed_request(&l, "LINDEX list 77", &last);
    is_answer(&last, "77");
    bed_script(&l, 1, 1, "list", &last);
    bed_wait(&bed, &last.came);
    assert_int_equal(last.end, LINK_REFUSED);
    assert_string_equal(last.text, "EMPTY nothing in list");
    bed_close(&l);
    bed_fini(&bed);
}

static void a_script_that_does_not_compile_is_told(void **state)
{
    static const char *const bad[] = {"return ("};
    struct redis_bed bed;
    struct bed_link l = {0};
    (void)state;
    bed_start(&bed);
    bed_open(&bed, &l, &(struct link_options){.scripts = bad, .script_count = 1});
    bed_wait(&bed, &l.is_down);
    bed_must_hold(l.reason, "SCRIPT LOAD was refused: ERR Error compiling script");
    bed_close(&l);
    bed_fini(&bed);
}

/* The look-up starts threads, after which no server may be started: the last. */
static void a_name_is_looked_up(void **state)
{
    struct redis_bed bed;
    struct bed_link l = {0};
    struct bed_link none = {0};
    struct bed_link closed = {0};
    char url[300];
    (void)state;
    bed_start(&bed);
    (void)snprintf(url, sizeof url, "redis://:%s@localhost:%d", bed.host.password, bed.host.port);
    bed_open_up(&bed, &l, &(struct link_options){.url = url});
    bed_close(&l);
    (void)snprintf(url, sizeof url, "redis://nobody.invalid:%d", bed.host.port);
    bed_open(&bed, &none, &(struct link_options){.url = url});
    bed_wait(&bed, &none.is_down);
    bed_must_hold(none.reason, "the name cannot be looked up: ");
    bed_close(&none);
    bed_open(&bed, &closed, &(struct link_options){.url = url});
    (void)uv_run(&bed.loop, UV_RUN_NOWAIT); /* the look-up begins */
    bed_close(&closed);
    assert_int_equal(closed.downs, 0);
    bed_fini(&bed);
}

#define BOUNDED(test) cmocka_unit_test_setup(test, bed_set_alarm)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOUNDED(it_says_who_it_is),
        BOUNDED(a_socket_will_do),
        BOUNDED(who_it_is_not_is_told),
        BOUNDED(a_database_that_is_none_is_told),
        BOUNDED(ten_thousand_at_once_are_answered_in_order),
        BOUNDED(large_values_come_back_whole),
        BOUNDED(errors_are_the_servers_words),
        BOUNDED(a_script_that_was_flushed_is_loaded_again),
        BOUNDED(a_script_that_does_not_compile_is_told),
        BOUNDED(a_name_is_looked_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
