#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "selftest/wire.h"

#define SERVER   8080
#define CLIENT   40000
#define PORTS    65536
#define IP_HEAD  20
#define TCP_HEAD 32 /* with the option of time stamps */

struct bed {
    struct wire_log log;
    int64_t *open_ns;
};

static int set_up(void **state)
{
    struct bed *b = mem_zalloc(sizeof *b);
    b->open_ns = mem_array(PORTS, sizeof *b->open_ns);
    *state = b;
    return 0;
}

static int tear_down(void **state)
{
    struct bed *b = *state;
    wire_log_fini(&b->log);
    free(b->open_ns);
    free(b);
    return 0;
}

static void put_pair(uint8_t *at, int value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

/* The heads of a packet with so many bytes of payload. */
static void fill(uint8_t *packet, int from, int to, int payload)
{
    memset(packet, 0, IP_HEAD + TCP_HEAD);
    packet[0] = 4 << 4 | IP_HEAD / 4;
    put_pair(packet + 2, IP_HEAD + TCP_HEAD + payload);
    packet[9] = 6;
    put_pair(packet + IP_HEAD, from);
    put_pair(packet + IP_HEAD + 2, to);
    packet[IP_HEAD + 12] = TCP_HEAD / 4 << 4;
}

static void pass(struct bed *b, int from, int to, int payload, int64_t at_ns)
{
    uint8_t packet[IP_HEAD + TCP_HEAD];
    fill(packet, from, to, payload);
    wire_packet(&b->log, b->open_ns, SERVER, packet, sizeof packet, at_ns);
}

static void a_span_is_from_request_to_reply(void **state)
{
    struct bed *b = *state;
    pass(b, CLIENT, SERVER, 0, 900); /* connect */
    pass(b, CLIENT, SERVER, 40, 1000);
    pass(b, CLIENT + 1, SERVER, 40, 1200);
    pass(b, SERVER, CLIENT, 0, 1250); /* an acknowledgement */
    pass(b, SERVER, CLIENT, 30, 1500);
    pass(b, SERVER, CLIENT + 1, 30, 1900);
    pass(b, CLIENT, SERVER, 0, 1950);
    pass(b, CLIENT, SERVER, 40, 2000);
    pass(b, SERVER, CLIENT, 30, 2300);
    assert_int_equal(b->log.count, 3);
    assert_int_equal(b->log.requests_ns[0], 1000);
    assert_int_equal(b->log.requests_ns[1], 1200);
    assert_int_equal(b->log.requests_ns[2], 2000);
    assert_int_equal(b->log.nspans, 3);
    assert_true(wire_mean_span_ns(&b->log) == (500 + 700 + 300) / 3.0);
}

static void only_the_first_packet_of_each_counts(void **state)
{
    struct bed *b = *state;
    pass(b, CLIENT, SERVER, 1000, 1000);
    pass(b, CLIENT, SERVER, 1000, 1100);
    pass(b, SERVER, CLIENT, 1000, 1500);
    pass(b, SERVER, CLIENT, 1000, 1600);
    assert_int_equal(b->log.count, 1);
    assert_true(wire_mean_span_ns(&b->log) == 500);
}

static void other_packets_are_none_of_it(void **state)
{
    struct bed *b = *state;
    uint8_t packet[IP_HEAD + TCP_HEAD];
    pass(b, CLIENT, SERVER + 1, 40, 1000);
    pass(b, SERVER + 1, CLIENT, 40, 1100);
    pass(b, SERVER, CLIENT, 40, 1200); /* a reply to nothing */
    fill(packet, CLIENT, SERVER, 40);
    packet[9] = 17; /* UDP */
    wire_packet(&b->log, b->open_ns, SERVER, packet, sizeof packet, 1300);
    fill(packet, CLIENT, SERVER, 40);
    packet[0] = 6 << 4;
    wire_packet(&b->log, b->open_ns, SERVER, packet, sizeof packet, 1400);
    assert_int_equal(b->log.count, 0);
    assert_true(isnan(wire_mean_span_ns(&b->log)));
}

/* Each length, exactly as much memory as there is: beyond it, the sanitizer stops the test. */
static void a_packet_that_is_cut_is_not_read_beyond_its_end(void **state)
{
    struct bed *b = *state;
    uint8_t whole[IP_HEAD + TCP_HEAD];
    fill(whole, CLIENT, SERVER, 40);
    for (int ihl = 0; ihl < 16; ihl++) {
        whole[0] = (uint8_t)(4 << 4 | ihl);
        for (size_t len = 0; len < sizeof whole; len++) {
            uint8_t *part = mem_array(len + 1, 1);
            memcpy(part + 1, whole, len);
            wire_packet(&b->log, b->open_ns, SERVER, part + 1, len, 1000);
            free(part);
        }
    }
    for (size_t i = 0; i < b->log.count; i++)
        assert_int_equal(b->log.requests_ns[i], 1000);
}

static void a_missed_packet_leaves_the_mean_unknown(void **state)
{
    struct bed *b = *state;
    pass(b, CLIENT, SERVER, 40, 1000);
    pass(b, SERVER, CLIENT, 40, 1100);
    b->log.missed = 1;
    assert_true(isnan(wire_mean_span_ns(&b->log)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_span_is_from_request_to_reply, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_the_first_packet_of_each_counts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(other_packets_are_none_of_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_packet_that_is_cut_is_not_read_beyond_its_end, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_missed_packet_leaves_the_mean_unknown, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
