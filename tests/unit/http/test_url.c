#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/mem.h"
#include "http/url.h"

static void check_text(const char *got, const char *want)
{
    if (want == NULL) {
        assert_null(got);
        return;
    }
    assert_non_null(got);
    assert_string_equal(got, want);
}

static void addresses_are_taken_apart(void **state)
{
    (void)state;
    static const struct {
        const char *in, *userinfo, *host;
        unsigned port;
        const char *path, *authority, *text;
    } cases[] = {
        {"http://localhost:3000/heavy", NULL, "localhost", 3000, "/heavy", "localhost:3000",
         "http://localhost:3000/heavy"},
        {"localhost:3000", NULL, "localhost", 3000, "/", "localhost:3000",
         "http://localhost:3000/"},
        {"localhost", NULL, "localhost", 80, "/", "localhost", "http://localhost/"},
        {"HTTP://Example.COM:80/A", NULL, "Example.COM", 80, "/A", "Example.COM",
         "http://Example.COM/A"},
        {"http://127.0.0.1:65535/a/b?c=d&e#f", NULL, "127.0.0.1", 65535, "/a/b?c=d&e",
         "127.0.0.1:65535", "http://127.0.0.1:65535/a/b?c=d&e"},
        {"http://h?q=/#x?y", NULL, "h", 80, "/?q=/", "h", "http://h/?q=/"},
        {"h#f", NULL, "h", 80, "/", "h", "http://h/"},
        {"http://[::1]:8080/", NULL, "::1", 8080, "/", "[::1]:8080", "http://[::1]:8080/"},
        {"[2001:db8::1]/x", NULL, "2001:db8::1", 80, "/x", "[2001:db8::1]",
         "http://[2001:db8::1]/x"},
        {"http://user:pass@h:1/", "user:pass", "h", 1, "/", "h:1", "http://h:1/"},
        {"http://us%40er:p%3Aa%2fss%25@h/", "us@er:p:a/ss%", "h", 80, "/", "h", "http://h/"},
        {"http://a@b:c@h/", "a@b:c", "h", 80, "/", "h", "http://h/"},
        {"user@[::1]:9/", "user", "::1", 9, "/", "[::1]:9", "http://[::1]:9/"},
        {"http://@h/", NULL, "h", 80, "/", "h", "http://h/"},
        {"http://h/a@b:c", NULL, "h", 80, "/a@b:c", "h", "http://h/a@b:c"},
        {"http://h/%20%zz[<id>]{seq}\"|^", NULL, "h", 80, "/%20%zz[<id>]{seq}\"|^", "h",
         "http://h/%20%zz[<id>]{seq}\"|^"},
        {"http://h/?u=http://x/", NULL, "h", 80, "/?u=http://x/", "h", "http://h/?u=http://x/"},
        {"h/x://y", NULL, "h", 80, "/x://y", "h", "http://h/x://y"},
        {"http://my_service.a-b.local./", NULL, "my_service.a-b.local.", 80, "/",
         "my_service.a-b.local.", "http://my_service.a-b.local./"},
        {"http://1.2.3.4.example:0080/", NULL, "1.2.3.4.example", 80, "/", "1.2.3.4.example",
         "http://1.2.3.4.example/"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct url u = {0};
        struct err err = {0};
        print_message("%s\n", cases[i].in);
        assert_int_equal(url_parse(cases[i].in, &u, &err), 0);
        check_text(u.scheme, "http");
        check_text(u.userinfo, cases[i].userinfo);
        check_text(u.host, cases[i].host);
        assert_int_equal(u.port, cases[i].port);
        check_text(u.path, cases[i].path);
        check_text(u.authority, cases[i].authority);
        check_text(u.text, cases[i].text);
        url_fini(&u);
        assert_null(u.host);
    }
}

static const struct {
    const char *in, *told;
} refused[] = {
    {"", "has no host"},
    {"/heavy", "has no host"},
    {"http://", "has no host"},
    {"http:///x", "has no host"},
    {"http://:80/", "has no host"},
    {"http://[]/", "has no host"},
    {"http://user:secret@/", "has no host"},
    {"https://", "write https://HOST"},
    {"https://u:secret@/", "write https://HOST"},
    {"https://h:0/", "is not a port"},
    {"httpss://h/", "use http:// or https://"},
    {"https:/h/", "is not a port"},
    {"ftp://h/", "'ftp://' is not supported; use http:// or https://"},
    {"unix:///run/x", "'unix://' is not supported"},
    {"://h", "'://' is not supported"},
    {"http://h:/", "is not a port"},
    {"http://h:0/", "is not a port"},
    {"http://h:65536/", "is not a port"},
    {"http://h:99999999999999999999999/", "is not a port"},
    {"http://h:80x/", "is not a port"},
    {"http://h:+80/", "is not a port"},
    {"http://h:80:90/", "is not a port"},
    {"http://::1/", "has no host"},
    {"http://2001:db8::1/", "IPv4"},
    {"http://[::1/", "']' is missing"},
    {"http://[::1]x/", "only a port"},
    {"http://[127.0.0.1]/", "IPv6"},
    {"http://[::g]/", "IPv6"},
    {"http://[fe80::1%25eth0]/", "zone id"},
    {"http://[fe80::1%eth0]/", "zone id"},
    {"http://256.1.1.1/", "IPv4"},
    {"http://127.1/", "IPv4"},
    {"http://1/", "IPv4"},
    {"http://a..b/", "is not a host"},
    {"http://.a/", "is not a host"},
    {"http://-a/", "is not a host"},
    {"http://a-/", "is not a host"},
    {"http://a%41/", "is not a host"},
    {"http://a,b/", "is not a host"},
    {"http://a\\b/", "is not a host"},
    {"http://a/ b", "%20"},
    {" http://a/", "%20"},
    {"http://a/\n", "0x0a"},
    {"http://a/\r\nX: y", "%0D"},
    {"http://a/\x7f", "%7F"},
    {"http://a/\xc3\xa9", "%C3"},
    {"http://secr%et@h/", "percent escape"},
    {"http://u:secret%0@h/", "percent escape"},
    {"http://u:secret%@h/", "percent escape"},
    {"http://u:secret%0a@h/", "percent escape"},
    {"http://u:secret%00@h/", "percent escape"},
    {"http://u%3asecret:p@h/", "percent escape"},
    {"http://u:secret@h:0/", "is not a port"},
    {"http://u:secret@-/", "is not a host"},
};

static void the_scheme_decides_about_the_port(void **state)
{
    (void)state;
    static const struct {
        const char *in, *scheme;
        unsigned port;
        const char *authority, *text;
    } cases[] = {
        {"https://h", "https", 443, "h", "https://h/"},
        {"HTTPS://h:443/a?b#c", "https", 443, "h", "https://h/a?b"},
        {"https://h:0443/", "https", 443, "h", "https://h/"},
        {"https://h:80/", "https", 80, "h:80", "https://h:80/"},
        {"https://u:p@[::1]/", "https", 443, "[::1]", "https://[::1]/"},
        {"https://[::1]:8443/", "https", 8443, "[::1]:8443", "https://[::1]:8443/"},
        {"http://h:443/", "http", 443, "h:443", "http://h:443/"},
        {"h:443", "http", 443, "h:443", "http://h:443/"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct url u = {0};
        struct err err = {0};
        print_message("%s\n", cases[i].in);
        assert_int_equal(url_parse(cases[i].in, &u, &err), 0);
        check_text(u.scheme, cases[i].scheme);
        assert_int_equal(u.port, cases[i].port);
        check_text(u.authority, cases[i].authority);
        check_text(u.text, cases[i].text);
        url_fini(&u);
    }
}

static void what_is_no_address_is_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(refused); i++) {
        struct url u = {0};
        struct err err = {0};
        print_message("%s\n", refused[i].in);
        assert_int_equal(url_parse(refused[i].in, &u, &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
        print_message("  %s\n", err.text);
        assert_non_null(strstr(err.text, refused[i].told));
        assert_null(strstr(err.text, "secr"));
        assert_null(u.host);
    }
}

static void a_name_has_a_limit(void **state)
{
    (void)state;
    char text[300];
    struct url u = {0};
    struct err err = {0};
    memset(text, 'a', sizeof text);
    text[63] = '\0';
    assert_int_equal(url_parse(text, &u, &err), 0);
    url_fini(&u);
    text[63] = 'a';
    text[64] = '\0';
    assert_int_equal(url_parse(text, &u, &err), -1);
    for (size_t i = 1; i < sizeof text; i += 2)
        text[i] = '.';
    text[64] = 'a';
    text[253] = '\0';
    assert_int_equal(url_parse(text, &u, &err), 0);
    url_fini(&u);
    text[253] = '.';
    text[254] = '\0';
    assert_int_equal(url_parse(text, &u, &err), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_taken_apart),
        cmocka_unit_test(the_scheme_decides_about_the_port),
        cmocka_unit_test(what_is_no_address_is_told),
        cmocka_unit_test(a_name_has_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
