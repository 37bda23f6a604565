/* The headers of a reply that a session tells, from which values are captured: all of the final
 * head, in their order, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/mem.h"
#include "support/h2_server.h"

static struct buf told; /* "stream name: value\n" */

static void note(void *ctx, struct h2_stream *stream, const struct h2_header *header)
{
    assert_non_null(ctx);
    assert_int_equal(stream->status, 200);
    buf_printf(&told, "%d %.*s: %.*s\n", (int)stream->id, (int)header->name_len, header->name,
               (int)header->value_len, header->value);
}

/* A session that tells headers, and a server with this reply; its requests have their reply. */
static void exchange(const struct h2_server_reply *reply, size_t requests)
{
    struct h2_bed *b = h2_bed_new();
    struct h2_server *server = h2_server_new(b, 0, 0);
    struct h2_events telling = *b->client.events;
    telling.on_header = note;
    b->client.events = &telling;
    server->reply = *reply;
    h2_server_pump(server);
    buf_init(&told, BUF_TEXT_MAX);
    for (size_t i = 0; i < requests; i++)
        (void)h2_bed_submit(b, NULL);
    h2_server_pump(server);
    for (size_t i = 0; i < requests; i++)
        h2_bed_expect(b, i, H2_WHOLE, 200, NULL);
    h2_server_free(server);
    h2_bed_free(b);
}

static void told_is(const char *want)
{
    assert_string_equal(told.data, want);
    buf_fini(&told);
}

static void each_header_of_the_final_head_is_told(void **state)
{
    (void)state;
    exchange(
        &(struct h2_server_reply){.status = "200", .name = "x-token", .value = "a b", .fields = 1},
        1);
    told_is("1 x-token: a b\n");
    /* The second reply has its names from the table of HPACK. */
    exchange(
        &(struct h2_server_reply){.status = "200", .name = "location", .value = "/a", .fields = 2},
        2);
    told_is("1 location: /a\n1 location: /a\n3 location: /a\n3 location: /a\n");
}

static void an_empty_value_is_told(void **state)
{
    (void)state;
    exchange(
        &(struct h2_server_reply){.status = "200", .name = "x-empty", .value = "", .fields = 1}, 1);
    told_is("1 x-empty: \n");
}

static void an_interim_head_and_trailers_are_not(void **state)
{
    (void)state;
    exchange(&(struct h2_server_reply){.status = "200",
                                       .interim = "103",
                                       .name = "x-token",
                                       .value = "1",
                                       .fields = 1,
                                       .body_len = 10,
                                       .trailers = "x-trailer"},
             1);
    told_is("1 x-token: 1\n");
}

static void all_of_many_are_told(void **state)
{
    (void)state;
    enum { FIELDS = 60 };
    exchange(
        &(struct h2_server_reply){.status = "200", .name = "x-a", .value = "1", .fields = FIELDS},
        1);
    assert_int_equal(told.len, FIELDS * strlen("1 x-a: 1\n"));
    buf_fini(&told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_header_of_the_final_head_is_told),
        cmocka_unit_test(an_empty_value_is_told),
        cmocka_unit_test(an_interim_head_and_trailers_are_not),
        cmocka_unit_test(all_of_many_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
