#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "targets/http/reader.h"

#define HEADER_MAX 256
#define BODY_MAX   16

/* What was read, one line for each request: method, target, body, and what its reply says. */
static void write_down(const struct reader *r, struct buf *out)
{
    static const char *const says[] = {
        [REPLY_KEEP] = "keep", [REPLY_KEEP_TOLD] = "told", [REPLY_CLOSE] = "close"};
    const struct message *m = &r->message;
    buf_printf(out, "%s %.*s [%.*s] %s\n", http_method_str((enum http_method)m->method),
               (int)m->target_len, m->target, (int)m->body_len, m->body, says[r->connection]);
}

/* Feeds one piece, from memory that ends where the piece ends; false: no more is to be fed. */
static bool feed(struct reader *r, const char *bytes, size_t len, struct buf *out)
{
    char *piece = memcpy(mem_zalloc(len), bytes, len);
    size_t at = 0;
    bool more = true;
    while (more && at < len) {
        size_t taken = 0;
        enum reader_step step = reader_feed(r, piece + at, len - at, &taken);
        at += taken;
        assert_true(at <= len);
        if (step == READER_REQUEST)
            write_down(r, out);
        else if (step == READER_BAD)
            buf_printf(out, "%d\n", r->status);
        else
            assert_int_equal(at, len);
        more = step != READER_BAD && (step != READER_REQUEST || r->connection != REPLY_CLOSE);
    }
    free(piece);
    return more;
}

#define CHUNKS "POST /w HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"

static const struct {
    const char *bytes, *want;
} requests[] = {
    {"GET /ping HTTP/1.1\r\nHost: h\r\n\r\n", "GET /ping [] keep\n"},
    {"\r\n\r\nHEAD /a?b=c HTTP/1.1\r\nHost: h\r\n\r\n", "HEAD /a?b=c [] keep\n"},
    {"GET /1 HTTP/1.1\r\nHost: h\r\n\r\nPOST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: "
     "2\r\n\r\nabGET /3 HTTP/1.1\r\nHost: h\r\n"
     "\r\n",
     "GET /1 [] keep\nPOST /2 [ab] keep\nGET /3 [] keep\n"},
    {"POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
     "chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nX: "
     "y\r\n"
     "\r\nGET /d HTTP/1.1\r\nHost: h\r\n\r\n",
     "POST /c [abcde] keep\nGET /d [] keep\n"},
    {"GET /e HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\nGET /no HTTP/1.1\r\nHost: "
     "h\r\n\r\n",
     "GET /e [] close\n"},
    {"GET /f HTTP/1.0\r\n\r\n", "GET /f [] close\n"},
    {"GET /f HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /g HTTP/1.0\r\n\r\n",
     "GET /f [] told\nGET /g [] close\n"},
    {"POST /h HTTP/1.1\r\nHost: h\r\nexpect: 100-continue\r\nContent-Length: 1\r\n\r\nxGET /i "
     "HTTP/1.1\r\nHost: h\r\n"
     "\r\n",
     "POST /h [x] keep\nGET /i [] keep\n"},
    {"POST /j HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx",
     "POST /j [x] close\n"},
    {"POST /j HTTP/1.0\r\nExpect: more\r\nContent-Length: 1\r\n\r\nx", "POST /j [x] close\n"},
    {"POST /j HTTP/1.1\r\nHost: h\r\nExpect: more\r\nContent-Length: 1\r\n\r\nx", "417\n"},
    {"POST /j HTTP/1.1\r\nHost: h\r\nExpect: 100-continue, more\r\n\r\n", "417\n"},
    {"GET /k HTTP/1.1\r\nHost: h\r\nExpected: 1\r\nExpec: 1\r\n\r\n", "GET /k [] keep\n"},
    {"GET /l HTTP/1.1\r\nHost: h\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\nGET /m "
     "HTTP/1.1\r\nHost: h\r\n\r\n",
     "GET /l [] keep\nGET /m [] keep\n"},
    {"POST /n HTTP/1.1\r\nHost: h\r\nContent-Length: 16\r\n\r\n0123456789abcdef",
     "POST /n [0123456789abcdef] keep\n"},
    {"POST /o HTTP/1.1\r\nHost: h\r\nContent-Length: 17\r\n\r\n0123456789abcdefg", "413\n"},
    {"POST /p HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
     "chunked\r\n\r\nf\r\n0123456789abcde\r\n2\r\nfg\r\n",
     "413\n"},
    {"GET /q HTTP/1.1\r\nHost: h\r\n\r\nnonsense\r\n\r\n", "GET /q [] keep\n400\n"},
    {"GET /r\r\n\r\n", "505\n"}, /* HTTP/0.9 */
    {"GET /r HTTP/2.0\r\nHost: h\r\n\r\n", "505\n"},
    {"GET /r HTTP/1.1\r\n\r\n", "400\n"},
    {"GET /r HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n", "400\n"},
    {"GET /r HTTP/1.1\r\nHost : h\r\n\r\n", "400\n"},
    {"GET /r HTTP/1.1\r\nHost: a b/c\r\n\r\n", "400\n"},
    {"GET /r HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", "400\n"}, /* folded */
    {"GET /r HTTP/1.1\r\n Host: h\r\n\r\n", "400\n"},
    {"GET /r HTTP/1.1\r\nHost: \t h \t\r\n\r\n", "GET /r [] keep\n"},
    {"POST /r HTTP/1.1\r\nHost: h\r\nContent-Length : 2\r\n\r\nab", "400\n"},
    {"POST /r HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", "501\n"},
    {"POST /r HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "501\n"},
    {"POST /r HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx", "400\n"},
    {"POST /r HTTP/1.1\r\nContent-Length: 99\r\n\r\n", "400\n"}, /* and not 413 */
    {"POST /t HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nHost: "
     "i\r\nTransfer-Encoding: gzip\r\n\r\n",
     "POST /t [] keep\n"}, /* trailers */
    {"GET  HTTP/1.1\r\nHost: h\r\n\r\n", "400\n"},
    /* a CR without LF, and chunks that do not end where they say */
    {"\rGET /u HTTP/1.1\r\nHost: h\r\n\r\n", "400\n"},
    {"GET /u HTTP/1.1\r\nX:\rZHost: h\r\n\r\n", "400\n"},
    {"GET /u HTTP/1.1\r\nX: \r\n \rZHost: h\r\n\r\n", "400\n"},
    {"GET /u HTTP/1.1\r\nHost: h\r\n\rXGET /v HTTP/1.1\r\nHost: h\r\n\r\n", "400\n"},
    {CHUNKS "2\rXab\r\n0\r\n\r\n", "400\n"},
    {CHUNKS "2;a\rXab\r\n0\r\n\r\n", "400\n"},
    {CHUNKS "2\r\nabXX0\r\n\r\n", "400\n"},
    {CHUNKS "2\r\nab\rX0\r\n\r\n", "400\n"},
    {CHUNKS "2\r\nab\n\n0\r\n\r\n", "400\n"},
    {CHUNKS "0\rX\r\n", "400\n"},
    {CHUNKS "0\r\n\rX", "400\n"},
    {CHUNKS "2\r\n\rX\r\n2;a\r\n\r\r\r\n0\r\n\r\n", "POST /w [\rX\r\r] keep\n"},
    {"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n\rX\r\nPUT /y HTTP/1.1\r\nHost: "
     "h\r\n\r\n",
     "POST /x [\rX] keep\nPUT /y [] keep\n"},
    {"FETCH /t HTTP/1.1\r\nHost: h\r\n\r\n", "501\n"},
    {"GETX /t HTTP/1.1\r\nHost: h\r\n\r\n", "501\n"},
    {"get /t HTTP/1.1\r\nHost: h\r\n\r\n", "400\n"},
    {"\x16\x03\x01\x02", "400\n"},
    {"GE\x01T /t HTTP/1.1\r\nHost: h\r\n\r\n", "400\n"},
    /* A tab beside a value is white space, one in a body is a byte of it. */
    {"POST /t HTTP/1.1\r\nHost:\th\t\r\nContent-Length:\t2 \t\t\r\n\r\n\t\tPOST /u HTTP/1.1\r\n"
     "Host: h\r\nContent-Length: 1\t\r\n\r\n\t",
     "POST /t [\t\t] keep\nPOST /u [\t] keep\n"},
    {"POST /t HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\t\r\n\r\n1\r\n\t\r\n0\r\nT: \t\r\n"
     "\r\nGET /u HTTP/1.1\r\nHost: h\r\nConnection: x,\tclose\t,\ty\r\n\r\n",
     "POST /t [\t] keep\nGET /u [] close\n"},
    {"GET /t HTTP/1.0\r\nConnection: Keep-Alive\t\r\n\r\n", "GET /t [] told\n"},
    {"POST /t HTTP/1.1\r\nHost: h\r\nExpect:\t100-continue\t\r\nContent-Length: 1\t\r\n\r\nx",
     "POST /t [x] keep\n"},
    {"POST /t HTTP/1.1\r\nHost: h\r\nContent-Length: 1\t1\r\n\r\nx", "400\n"},
    {"GET /t HTTP/1.1\r\nHost\t: h\r\n\r\n", "400\n"},
    {"POST /s HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx", "400\n"},
};

static void requests_are_the_same_in_pieces_of_any_size(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(requests); i++) {
        size_t len = strlen(requests[i].bytes);
        for (size_t size = 1; size <= len; size++) {
            struct reader r;
            struct buf got;
            bool more = true;
            buf_init(&got, 4096);
            reader_init(&r, HEADER_MAX, BODY_MAX);
            for (size_t at = 0; more && at < len; at += size)
                more = feed(&r, requests[i].bytes + at, len - at < size ? len - at : size, &got);
            assert_string_equal(got.data, requests[i].want);
            reader_fini(&r);
            buf_fini(&got);
        }
    }
}

static void a_long_header_is_431(void **state)
{
    (void)state;
    struct reader r;
    char header[HEADER_MAX + 1];
    size_t taken = 0;
    static const char start[] = "GET / HTTP/1.1\r\nHost: h\r\nX: ";
    memset(header, 'x', sizeof header);
    memcpy(header, start, sizeof start - 1);
    reader_init(&r, HEADER_MAX, BODY_MAX);
    assert_int_equal(reader_feed(&r, header, HEADER_MAX, &taken), READER_PART);
    assert_int_equal(reader_feed(&r, header + HEADER_MAX, 1, &taken), READER_BAD);
    assert_int_equal(r.status, 431);
    assert_non_null(strstr(r.why, "--max-header"));
    reader_fini(&r);
}

static void a_part_is_told_from_nothing(void **state)
{
    (void)state;
    struct reader r;
    size_t taken = 0;
    reader_init(&r, HEADER_MAX, BODY_MAX);
    assert_int_equal(reader_feed(&r, "\r\n", 2, &taken), READER_NOTHING);
    assert_int_equal(reader_feed(&r, "G", 1, &taken), READER_PART);
    assert_int_equal(reader_feed(&r, "ET / HTTP/1.1\r\nHost: h\r\n\r\n\r\n", 28, &taken),
                     READER_REQUEST);
    assert_int_equal(taken, 26);
    assert_int_equal(reader_feed(&r, "\r\n", 2, &taken), READER_NOTHING);
    assert_int_equal(reader_feed(&r, "G", 1, &taken), READER_PART);
    reader_fini(&r);
}

static void a_client_waits_only_for_a_body(void **state)
{
    (void)state;
    static const struct {
        const char *head, *body;
    } cases[] = {
        {"POST /a HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n", "ab"},
        {"POST /a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nTransfer-Encoding: "
         "chunked\r\n\r\n",
         "1\r\na\r\n0\r\n\r\n"},
        {"GET /a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n\r\n", ""},
        {"POST /a HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n", "ab"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct reader r;
        size_t taken = 0;
        bool waits = i < 2;
        bool has_body = cases[i].body[0] != '\0';
        reader_init(&r, HEADER_MAX, BODY_MAX);
        assert_int_equal(reader_feed(&r, cases[i].head, strlen(cases[i].head), &taken),
                         has_body ? READER_PART : READER_REQUEST);
        assert_int_equal(r.awaits_continue, waits);
        assert_memory_equal(r.message.target, "/a", r.message.target_len);
        if (has_body)
            assert_int_equal(reader_feed(&r, cases[i].body, strlen(cases[i].body), &taken),
                             READER_REQUEST);
        assert_false(r.awaits_continue);
        reader_fini(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_are_the_same_in_pieces_of_any_size),
        cmocka_unit_test(a_long_header_is_431),
        cmocka_unit_test(a_part_is_told_from_nothing),
        cmocka_unit_test(a_client_waits_only_for_a_body),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
