#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/reply_bed.h"

static void connections(void **state)
{
    (void)state;
    static const struct reply_case cases[] = {
        {IN(OK11 "Connection: close\r\n" ZERO "\r\n"), .status = 200},
        {IN(OK11 "Connection: keep-alive\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK11 "connection:CLOSE\r\n" ZERO "\r\n"), .status = 200},
        {IN(OK11 "Connection: \t close \t\r\n" ZERO "\r\n"), .status = 200},
        {IN(OK11 "Connection: keep-alive, close\r\n" ZERO "\r\n"), .status = 200},
        {IN(OK11 "Connection: close\r\nConnection: keep-alive\r\n" ZERO "\r\n"), .status = 200},
        {IN(OK11 "Connection: ,, close ,\r\n" ZERO "\r\n"), .status = 200},
        {IN(OK11 "Connection: a,close\r\n" ZERO "\r\n"), .status = 200},
        {IN(OK11 "Connection: closed\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK11 "Connection: clos\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK11 "Connection: not close\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK11 "Connection: close it\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK11 "Connections: close\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK11 "Connectio: close\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK11 "Cannection: close\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK11 "Proxy-Connection: close\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK11 "Connection:\r\n close\r\n" ZERO "\r\n"), .status = 200},
        {IN(OK11 "Connection: clo\r\n se\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK10 "Connection: Keep-Alive\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK10 "Connection: keep-alive\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK10 "Connection: x, keep-alive\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK10 "Connection: keep-alivee\r\n" ZERO "\r\n"), .status = 200},
        {IN(OK10 "Connection: keep-alive, close\r\n" ZERO "\r\n"), .status = 200},
        {IN(OK10 "Connection: keep-alive\r\n" CHUNKED "\r\n0\r\n\r\n"), .status = 200},
        {IN(OK11 "Connection: keep-alive\r\n\r\nall"), AT_EOF, 200, .body = "all"},
    };
    check_replies(cases, LEN(cases));
}

static void lengths(void **state)
{
    (void)state;
    static const struct reply_case cases[] = {
        {IN(OK11 "Content-Length: 5\r\n\r\nhello"), .status = 200, .keep = true, .body = "hello"},
        {IN(OK11 "CONTENT-LENGTH:5\r\n\r\nhello"), .status = 200, .keep = true, .body = "hello"},
        {IN(OK11 "content-length: \t 005 \t\r\n\r\nhello"), .status = 200, .keep = true,
         .body = "hello"},
        {IN(OK11 "Content-Length: 2, 2,02\r\n\r\nhi"), .status = 200, .keep = true, .body = "hi"},
        {IN(OK11 "Content-Length: 2\r\nContent-Length: 2\r\n\r\nhi"), .status = 200, .keep = true,
         .body = "hi"},
        {IN(OK11 "Content-Length:\r\n 2\r\n\r\nhi"), .status = 200, .keep = true, .body = "hi"},
        {IN(OK11 "Content-Length: 0000000000000000000000000000000002\r\n\r\nhi"), .status = 200,
         .keep = true, .body = "hi"},
        {IN(OK11 "Content-Length: 2\r\n\r\nhiHTTP/1.1 200 OK\r\n"), .status = 200, .keep = true,
         .body = "hi", .rest = "HTTP/1.1 200 OK\r\n"},
        {IN(OK11 ZERO "\r\nrest"), .status = 200, .keep = true, .rest = "rest"},
        {IN(OK11 "Content-Length: 5\r\n\r\nhell"), .ending = TOO_FEW},
        {IN(OK11 "Content-Length: 1152921504606846975\r\n\r\nx"), .ending = TOO_FEW},
        {IN(OK11 "Content-Lengths: 5\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK11 "Content-Lengt: 5\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK11 "Kontent-Length: 5\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK11 "Content-Length: 2\r\nContent-Length: 3\r\n\r\n"), .ending = WRONG,
         .rest = "\r\n"},
        {IN(OK11 "Content-Length: 2, 3\r\n\r\n"), .ending = WRONG, .rest = "\r\n"},
        {IN(OK11 "Content-Length: 2, 3, 2\r\n\r\n"), .ending = WRONG, .rest = ", 2\r\n\r\n"},
        {IN(OK11 "Content-Length: 2,\r\n\r\n"), .ending = WRONG, .rest = "\r\n"},
        {IN(OK11 "Content-Length: ,2\r\n\r\n"), .ending = WRONG, .rest = ",2\r\n\r\n"},
        {IN(OK11 "Content-Length:\r\n\r\n"), .ending = WRONG, .rest = "\r\n"},
        {IN(OK11 "Content-Length: \r\n\r\n"), .ending = WRONG, .rest = "\r\n"},
        {IN(OK11 "Content-Length: +5\r\n\r\n"), .ending = WRONG, .rest = "+5\r\n\r\n"},
        {IN(OK11 "Content-Length: -5\r\n\r\n"), .ending = WRONG, .rest = "-5\r\n\r\n"},
        {IN(OK11 "Content-Length: 0x5\r\n\r\n"), .ending = WRONG, .rest = "x5\r\n\r\n"},
        {IN(OK11 "Content-Length: 5 5\r\n\r\n"), .ending = WRONG, .rest = "5\r\n\r\n"},
        {IN(OK11 "Content-Length: 5\r\n 5\r\n\r\n"), .ending = WRONG, .rest = "5\r\n\r\n"},
        {IN(OK11 "Content-Length: 5.0\r\n\r\n"), .ending = WRONG, .rest = ".0\r\n\r\n"},
        {IN(OK11 "Content-Length: 5;\r\n\r\n"), .ending = WRONG, .rest = ";\r\n\r\n"},
        {IN(OK11 "Content-Length: 1152921504606846976\r\n\r\n"), .ending = WRONG,
         .rest = "6\r\n\r\n"},
        {IN(OK11 "Content-Length: 18446744073709551621\r\n\r\n"), .ending = WRONG,
         .rest = "21\r\n\r\n"},
    };
    check_replies(cases, LEN(cases));
}

static void codings(void **state)
{
    (void)state;
    static const struct reply_case cases[] = {
        {IN(OK11 CHUNKED "Content-Length: 99\r\n\r\n2\r\nhi\r\n0\r\n\r\n"), .status = 200,
         .keep = true, .body = "hi"},
        {IN(OK11 "Content-Length: 1\r\n" CHUNKED "\r\n2\r\nhi\r\n0\r\n\r\n"), .status = 200,
         .keep = true, .body = "hi"},
        {IN(OK11 "TRANSFER-ENCODING:Chunked\r\n\r\n0\r\n\r\n"), .status = 200, .keep = true},
        {IN(OK11 "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"), .status = 200, .keep = true},
        {IN(OK11 "Transfer-Encoding: gzip;q=1\r\n" CHUNKED "\r\n0\r\n\r\n"), .status = 200,
         .keep = true},
        {IN(OK11 "Transfer-Encoding: , chunked ,\r\n\r\n0\r\n\r\n"), .status = 200, .keep = true},
        {IN(OK11 "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"), .status = 200, .keep = true},
        {IN(OK11 "Transfer-Encoding: gzip\r\n\r\nzipped"), AT_EOF, 200, .body = "zipped"},
        {IN(OK11 "Transfer-Encoding: gzip\r\nContent-Length: 3\r\n\r\nzipped"), AT_EOF, 200,
         .body = "zipped"},
        {IN(OK11 "Transfer-Encoding: identity\r\n\r\nas is"), AT_EOF, 200, .body = "as is"},
        {IN(OK11 "Transfer-Encoding:\r\n\r\nas is"), AT_EOF, 200, .body = "as is"},
        {IN(OK11 "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"), AT_EOF, 200,
         .body = "0\r\n\r\n"},
        {IN(OK11 CHUNKED "Transfer-Encoding: gzip\r\n\r\n0\r\n\r\n"), AT_EOF, 200,
         .body = "0\r\n\r\n"},
        {IN(OK11 "Transfer-Encoding: xchunked\r\n\r\n0"), AT_EOF, 200, .body = "0"},
        {IN(OK11 "Transfer-Encoding: chunkedx\r\n\r\n0"), AT_EOF, 200, .body = "0"},
        {IN(OK11 "Transfer-Encoding: chunke\r\n\r\n0"), AT_EOF, 200, .body = "0"},
        {IN(OK11 "Transfer-Encodings: chunked\r\n" ZERO "\r\n"), .status = 200, .keep = true},
        {IN(OK11 CHUNKED "Transfer-Encoding: ,\r\n\r\n0\r\n\r\n"), .status = 200, .keep = true},
        {IN(OK11 CHUNKED CHUNKED "\r\n"), .ending = WRONG, .rest = "\r\n"},
        {IN(OK11 "Transfer-Encoding: chunked, chunked\r\n\r\n"), .ending = WRONG, .rest = "\r\n"},
        {IN(OK11 "Transfer-Encoding: chunked, gzip, chunked, a\r\n\r\n"), .ending = WRONG,
         .rest = ", a\r\n\r\n"},
        {IN(OK11 "Transfer-Encoding: chunked;a=b\r\n\r\n"), .ending = WRONG,
         .rest = ";a=b\r\n\r\n"},
        {IN(OK11 "Transfer-Encoding: chunked ;a=b\r\n\r\n"), .ending = WRONG,
         .rest = ";a=b\r\n\r\n"},
        {IN(OK11 "Transfer-Encoding: a;b=\", chunked\"\r\n\r\n"), .ending = WRONG,
         .rest = "\", chunked\"\r\n\r\n"},
        {IN(OK11 CHUNKED "Content-Length: x\r\n\r\n"), .ending = WRONG, .rest = "x\r\n\r\n"},
    };
    check_replies(cases, LEN(cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(connections),
        cmocka_unit_test(lengths),
        cmocka_unit_test(codings),
    };
    return cmocka_run_group_tests(tests, reply_fence_up, reply_fence_down);
}
