/* A wire that changes bytes: wherever it is, one side finds it, and nothing wrong is handed on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "support/tls_bed.h"

#define HEADER_BYTES 5
#define MANY         100 /* more records than a meeting has */

static const char text[] = "what is to arrive as it is, or not at all";

/* Which byte of a record is changed, and how. */
enum place { KIND, MAJOR_VERSION, LENGTH_LOW, LENGTH_HIGH, FIRST, LAST, PLACES };

struct damage {
    int record; /* counted over both ways */
    enum place place;
    int seen; /* records so far */
};

static size_t record_len(const char *record)
{
    const unsigned char *bytes = (const unsigned char *)record;
    return HEADER_BYTES + ((size_t)bytes[3] << 8 | bytes[4]);
}

static void change(char *record, size_t len, enum place place)
{
    static const size_t places[] = {[KIND] = 0,
                                    [MAJOR_VERSION] = 1,
                                    [LENGTH_LOW] = 4,
                                    [LENGTH_HIGH] = 3,
                                    [FIRST] = HEADER_BYTES};
    size_t at = place == LAST ? len - 1 : places[place];
    record[at] = (char)(record[at] ^ 0x41);
}

/* Moves what one side has for the other, record by record. */
static bool move(struct tls_bed *bed, struct bed_side *from, struct bed_side *to,
                 struct damage *damage)
{
    size_t len = from->out.len;
    char *bytes = buf_take(&from->out);
    for (size_t at = 0; at < len;) {
        size_t record = record_len(bytes + at);
        assert_true(record <= len - at);
        if (damage->seen++ == damage->record)
            change(bytes + at, record, damage->place);
        bed_feed(bed, to, bytes + at, record);
        at += record;
    }
    free(bytes);
    return len > 0;
}

static void run(struct tls_bed *bed, struct damage *damage)
{
    bool moved = true;
    while (moved) {
        moved = move(bed, &bed->client, &bed->server, damage);
        moved = move(bed, &bed->server, &bed->client, damage) || moved;
    }
}

static void say(struct tls_bed *bed, struct bed_side *from, struct damage *damage)
{
    if (from->opened == 1)
        (void)tls_write(&from->tls, text, sizeof text);
    run(bed, damage);
}

static bool is_found(const struct bed_side *side)
{
    return side->tls.trouble != TLS_TROUBLE_NONE;
}

static void check_got(const struct bed_side *side)
{
    assert_true(side->got.len == 0 || side->got.len == sizeof text);
    assert_memory_equal(side->got.data, text, side->got.len);
}

/* A handshake, and a few words each way. False: there were fewer records. */
static bool check_damage(struct tls_context *client, struct tls_context *server,
                         struct damage damage)
{
    struct tls_bed bed;
    bed_open(&bed, client, server);
    run(&bed, &damage);
    say(&bed, &bed.client, &damage);
    say(&bed, &bed.server, &damage);
    bool was_changed = damage.seen > damage.record;
    check_got(&bed.client);
    check_got(&bed.server);
    if (was_changed) {
        (void)tls_eof(&bed.client.tls);
        (void)tls_eof(&bed.server.tls);
        assert_true(is_found(&bed.client) || is_found(&bed.server));
        assert_true(bed.client.got.len == 0 || bed.server.got.len == 0);
    } else {
        assert_int_equal(bed.client.got.len + bed.server.got.len, 2 * sizeof text);
    }
    bed_check_queue();
    bed_close(&bed);
    return was_changed;
}

static void damage_is_found_in_each_record(void **state)
{
    static const enum tls_version versions[] = {TLS_VERSION_1_2, TLS_VERSION_1_3};
    (void)state;
    for (size_t v = 0; v < LEN(versions); v++) {
        struct bed_pair p = {0};
        int record = 0;
        bool was_changed = true;
        bed_pair_open(&p, versions[v]);
        for (; was_changed && record < MANY; record++) {
            for (enum place place = KIND; place < PLACES; place++)
                was_changed = check_damage(p.client, p.server,
                                           (struct damage){.record = record, .place = place});
        }
        assert_true(record > 6 && record < MANY);
        bed_pair_close(&p);
    }
}

/* Bytes of no meaning, behind a good beginning. */
static void noise_ends_a_connection(void **state)
{
    static const char header[HEADER_BYTES] = {0x17, 3, 3, 0, 0x40};
    struct rng rng;
    struct bed_pair p = {0};
    (void)state;
    rng_init(&rng, 14);
    bed_pair_open(&p, TLS_VERSION_1_3);
    for (int i = 0; i < 300; i++) {
        char noise[400];
        struct tls_bed bed;
        bed_open(&bed, p.client, p.server);
        if (i % 2 == 0)
            bed_run(&bed);
        for (size_t k = 0; k < sizeof noise; k++)
            noise[k] = (char)(rng_next(&rng) >> 56);
        noise[0] = noise[1] = 'x'; /* not, by chance, the beginning of a record */
        if (i % 3 == 0)
            memcpy(noise, header, HEADER_BYTES); /* one, but for its contents */
        bed.piece = i % 5 == 0 ? 7 : BED_WHOLE;
        bed_feed(&bed, &bed.client, noise, sizeof noise);
        bed_feed(&bed, &bed.server, noise, sizeof noise);
        assert_true(bed.client.failed && bed.server.failed);
        assert_int_equal(bed.client.got.len + bed.server.got.len, 0);
        bed_close(&bed);
    }
    bed_pair_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(damage_is_found_in_each_record),
        cmocka_unit_test(noise_ends_a_connection),
    };
    return cmocka_run_group_tests(tests, bed_files_up, bed_files_down);
}
