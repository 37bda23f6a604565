/* The Redis broker with a server that it cannot use: it is not opened, and told why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/broker_bed.h"
#include "support/fake_redis.h"

#define Q         "bench:heavy:"
#define NO_COUNTS "*5\r\n:0\r\n:0\r\n:0\r\n:0\r\n:0\r\n"

static void nobody_there_is_refused(void **state)
{
    static const char *const words[] = {"the broker cannot be reached",
                                        "redis://127.0.0.1:1: Connection refused",
                                        "start redis-server there, or see --broker", NULL};
    static const char *const none[] = {"nonexistent.sock: No such file", NULL};
    struct bed bed;
    (void)state;
    bed_init_away(&bed, "redis://127.0.0.1:1");
    bed_refused(&bed, words);
    bed.options.broker = "redis+unix:///tmp/nonexistent.sock";
    bed_refused(&bed, none);
    bed.options.broker = "redis://";
    bed_refused(&bed, (const char *const[]){"redis://", NULL});
    bed_fini(&bed);
}

static void a_wrong_password_is_refused(void **state)
{
    static const char *const wrong[] = {"the broker cannot be reached", "AUTH was refused", NULL};
    static const char *const none[] = {"NOAUTH", NULL};
    struct bed bed;
    char url[100];
    (void)state;
    bed_init_redis(&bed);
    (void)snprintf(url, sizeof url, "redis://:sEcret@127.0.0.1:%d", bed.host.port);
    bed.options.broker = url;
    bed_refused(&bed, wrong);
    (void)snprintf(url, sizeof url, "redis://127.0.0.1:%d", bed.host.port);
    bed_refused(&bed, none);
    bed_fini(&bed);
}

/* Before the first job: a script that may not go on in its middle would lose one. */
static void a_user_without_a_right_is_refused(void **state)
{
    static const char *const commands[] = {"xadd", "unlink", "zadd", "hset", "lrem"};
    struct bed bed;
    char url[100];
    char words[100];
    (void)state;
    bed_init_redis(&bed);
    (void)snprintf(url, sizeof url, "redis://some:sEcret@127.0.0.1:%d", bed.host.port);
    bed.options.broker = url;
    for (size_t i = 0; i < LEN(commands); i++) {
        (void)BED_REDIS(&bed, "ACL SETUSER some reset on >sEcret ~* &* +@all -%s", commands[i]);
        (void)snprintf(words, sizeof words, "the user may not run %s on the keys bench:heavy:*",
                       commands[i]);
        for (char *c = strstr(words, commands[i]); *c != ' '; c++)
            *c = (char)(*c - 'a' + 'A');
        bed_refused(&bed, (const char *const[]){words, NULL});
    }
    (void)BED_REDIS(&bed, "ACL SETUSER some reset on >sEcret ~other:* &* +@all");
    bed_refused(&bed, (const char *const[]){"NOPERM", NULL});
    assert_int_equal(BED_REDIS(&bed, "DBSIZE"), 0);
    bed_fini(&bed);
}

/* Each command that a script calls is one that rights.lua tries. */
static void no_command_goes_untried(void **state)
{
    static const char *const before[] = {"call('", "read('"};
    (void)state;
    for (size_t i = 0; i < REDIS_SCRIPT_COUNT; i++)
        for (size_t k = 0; k < LEN(before); k++)
            for (const char *at = strstr(redis_scripts[i], before[k]); at != NULL;
                 at = strstr(at, before[k])) {
                char tried[40];
                at += strlen(before[k]);
                (void)snprintf(tried, sizeof tried, "{ '%.*s',", (int)strcspn(at, "'"), at);
                if (strstr(redis_scripts[REDIS_RIGHTS], tried) == NULL)
                    fail_msg("rights.lua does not try %s", tried);
            }
}

static void a_key_of_a_wrong_type_is_refused(void **state)
{
    static const char *const hashes[] = {"id",        "wait",        "active", "stalled",
                                         "delayed",   "prioritized", "events", "waiting-children",
                                         "completed", "failed",      "paused", "marker"};
    static const char *const words[] = {"the broker cannot be used", "WRONGTYPE", NULL};
    struct bed bed;
    (void)state;
    bed_init_redis(&bed);
    for (size_t i = 0; i < LEN(hashes); i++) {
        (void)BED_REDIS(&bed, "HSET " Q "%s a b", hashes[i]);
        bed_refused(&bed, words);
        (void)BED_REDIS(&bed, "FLUSHALL");
    }
    (void)BED_REDIS(&bed, "SET " Q "meta x");
    bed_refused(&bed, words);
    assert_int_equal(BED_REDIS(&bed, "DBSIZE"), 1);
    bed_fini(&bed);
}

static void an_old_server_is_refused(void **state)
{
    static const struct {
        const char *version, *words; /* words: NULL: it is taken */
    } cases[] = {
        {"5.0.14", "it is Redis 5.0.14, and must be 6.2 or newer"},
        {"6.0.16", "it is Redis 6.0.16, and must be 6.2 or newer"},
        {"6.1.240", "6.2 or newer"},
        {"", "6.2 or newer"},
        {"x", "6.2 or newer"},
        {"6.2.0", NULL},
        {"7.0.15", NULL},
        {"10.1", NULL},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct bed bed;
        struct bed_broker broker;
        struct fake_redis fake = {.version = cases[i].version, .says[REDIS_COUNTS] = NO_COUNTS};
        bed_init_away(&bed, "");
        fake_redis_open(&fake, &bed.loop);
        (void)snprintf(bed.url, sizeof bed.url, "%s", fake.url);
        if (cases[i].words != NULL) {
            bed_refused(&bed, (const char *const[]){cases[i].words, NULL});
        } else {
            bed_open(&bed, &broker, BROKER_GATEWAY);
            bed_close(&broker);
        }
        fake_redis_close(&fake);
        bed_fini(&bed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(nobody_there_is_refused, bed_set_alarm),
        cmocka_unit_test_setup(a_wrong_password_is_refused, bed_set_alarm),
        cmocka_unit_test_setup(a_user_without_a_right_is_refused, bed_set_alarm),
        cmocka_unit_test_setup(no_command_goes_untried, bed_set_alarm),
        cmocka_unit_test_setup(a_key_of_a_wrong_type_is_refused, bed_set_alarm),
        cmocka_unit_test_setup(an_old_server_is_refused, bed_set_alarm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
