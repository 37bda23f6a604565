/* redis_url: where a server listens, and that no message tells a password. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "targets/redis/url.h"

static void is_text(const char *got, const char *want)
{
    if (want == NULL)
        assert_null(got);
    else if (got == NULL)
        fail_msg("missing: '%s'", want);
    else
        assert_string_equal(got, want);
}

static void urls_are_taken_apart(void **state)
{
    static const struct {
        const char *text, *host, *path, *user, *password, *shown;
        int port, db;
    } cases[] = {
        {"redis://localhost", "localhost", NULL, NULL, NULL, "redis://localhost:6379", 6379, 0},
        {"redis://10.0.0.1:7000/", "10.0.0.1", NULL, NULL, NULL, "redis://10.0.0.1:7000", 7000, 0},
        {"redis://a-b_c.example:65535/15", "a-b_c.example", NULL, NULL, NULL,
         "redis://a-b_c.example:65535/15", 65535, 15},
        {"redis://[::1]", "::1", NULL, NULL, NULL, "redis://[::1]:6379", 6379, 0},
        {"redis://[fe80::2]:1/0", "fe80::2", NULL, NULL, NULL, "redis://[fe80::2]:1", 1, 0},
        {"redis://me:secret@h:1/2", "h", NULL, "me", "secret", "redis://h:1/2", 1, 2},
        {"REDIS://:secret@h", "h", NULL, NULL, "secret", "redis://h:6379", 6379, 0},
        {"redis://:secret@h", "h", NULL, NULL, "secret", "redis://h:6379", 6379, 0},
        {"redis://me:@h", "h", NULL, "me", "", "redis://h:6379", 6379, 0},
        {"redis://:@h", "h", NULL, NULL, NULL, "redis://h:6379", 6379, 0},
        {"redis://@h", "h", NULL, NULL, NULL, "redis://h:6379", 6379, 0},
        {"redis://m%3ae:p%40%2F%25%c3%a4%01@h", "h", NULL, "m:e", "p@/%\xc3\xa4\x01",
         "redis://h:6379", 6379, 0},
        {"redis://u:a@b:c@h", "h", NULL, "u", "a@b:c", "redis://h:6379", 6379, 0},
        {"redis://u:p@[::1]:5/3", "::1", NULL, "u", "p", "redis://[::1]:5/3", 5, 3},
        {"redis+unix:///run/redis.sock", NULL, "/run/redis.sock", NULL, NULL,
         "redis+unix:///run/redis.sock", 0, 0},
        {"redis+unix:///run/a%20b%3f?db=7", NULL, "/run/a b?", NULL, NULL,
         "redis+unix:///run/a%20b%3f?db=7", 0, 7},
        {"redis+unix://u:p%2f@/s", NULL, "/s", "u", "p/", "redis+unix:///s", 0, 0},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct redis_url u;
        struct err err = {0};
        if (redis_url_parse(cases[i].text, &u, &err) < 0)
            fail_msg("%s: %s", cases[i].text, err.text);
        is_text(u.host, cases[i].host);
        is_text(u.path, cases[i].path);
        is_text(u.user, cases[i].user);
        is_text(u.password, cases[i].password);
        is_text(u.shown, cases[i].shown);
        assert_int_equal(u.port, cases[i].port);
        assert_int_equal(u.db, cases[i].db);
        redis_url_fini(&u);
    }
}

#define SIXTY "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij"

static const struct {
    const char *text, *words;
} refused[] = {
    {"", "not a Redis URL"},
    {"redis", "not a Redis URL"},
    {"redis:/h", "not a Redis URL"},
    {"http://h", "not a Redis URL"},
    {"rediss://h", "TLS"},
    {"redis://", "needs a host"},
    {"redis:///0", "needs a host"},
    {"redis://:6379", "needs a host"},
    {"redis://sEcret:sEcret@", "needs a host"},
    {"redis://h:", "port"},
    {"redis://h:0", "port"},
    {"redis://h:65536", "port"},
    {"redis://h:6379x", "port"},
    {"redis://h:+1", "port"},
    {"redis://h:99999999999999999999", "port"},
    {"redis://h/x", "database"},
    {"redis://h/-1", "database"},
    {"redis://h/0/", "database"},
    {"redis://h/1234567", "database"},
    {"redis://h?db=1", "no '?'"},
    {"redis://h#1", "no '?'"},
    {"redis://h%41", "needs a host"},
    {"redis://h_\xc3\xa4", "percent-encoded"},
    {"redis://h\n", "percent-encoded"},
    {"redis://u:sEcret @h", "percent-encoded"},
    {"redis://[::1", "IPv6"},
    {"redis://[1.2.3.4]", "IPv6"},
    {"redis://[::1]6379", ":PORT"},
    {"redis://sEcret@h", "password as well"},
    {"redis://u:sEcret%@h", "%25"},
    {"redis://u:sEcret%4@h", "%25"},
    {"redis://u:sEcret%zz@h", "%25"},
    {"redis://u:sEcret%00@h", "%25"},
    {"redis://sEcret%0:p@h", "%25"},
    {"redis://u:12/sEcret@h", "%2F"},
    {"redis://u:sEcret/x@h", "%2F"},
    {"redis://u:sEcret?x@h", "%2F"},
    {"redis+unix://", "three '/'"},
    {"redis+unix:///", "three '/'"},
    {"redis+unix://run/s", "three '/'"},
    {"redis+unix://u:sEcret/x@/s", "%2F"},
    {"redis+unix:///s?db=", "database"},
    {"redis+unix:///s?db=1&x=1", "database"},
    {"redis+unix:///s?x=1", "?db=N"},
    {"redis+unix:///s#1", "?db=N"},
    {"redis+unix:///s%", "%25"},
    {"redis+unix:///" SIXTY SIXTY, "107 bytes"},
};

static void what_is_none_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(refused); i++) {
        struct redis_url u = {0};
        struct err err = {0};
        if (redis_url_parse(refused[i].text, &u, &err) == 0)
            fail_msg("'%s' was taken", refused[i].text);
        assert_int_equal(err.kind, ERR_USAGE);
        if (strstr(err.text, refused[i].words) == NULL)
            fail_msg("'%s': no '%s' in: %s", refused[i].text, refused[i].words, err.text);
        assert_null(strstr(err.text, "sEcret"));
        assert_null(u.shown);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(urls_are_taken_apart),
        cmocka_unit_test(what_is_none_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
