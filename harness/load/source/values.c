#include "load/source/values.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

#define ID_RANDOM_LEN 22

static bool is_name(const char *known, const char *name, size_t len)
{
    return strlen(known) == len && memcmp(known, name, len) == 0;
}

static size_t column_count(const struct feed *feed)
{
    return feed == NULL ? 0 : feed_columns(feed);
}

int value_of_variable(const struct value_names *names)
{
    return VALUE_NAMED + (int)column_count(names->feed);
}

int value_of_name(const struct value_names *names, const char *name, size_t len)
{
    for (int i = 0; i < PLACEHOLDER_BUILT_INS; i++) {
        if (is_name(placeholder_built_ins[i], name, len))
            return i;
    }
    for (size_t i = 0; i < column_count(names->feed); i++) {
        if (is_name(feed_column(names->feed, i), name, len))
            return VALUE_NAMED + (int)i;
    }
    for (size_t i = 0; names->variables != NULL && i < names->variables->count; i++) {
        if (is_name(names->variables->items[i], name, len))
            return value_of_variable(names) + (int)i;
    }
    return -1;
}

/* The random part of ids; and a start for UUIDs. Without random bytes of the system, the seed and
 * the time must do. */
static void init_unique(struct values *v, const struct values_spec *spec)
{
    char hex[17];
    if (rng_hex(v->id, ID_RANDOM_LEN / 2) < 0 || rng_hex(hex, 8) < 0) {
        struct rng r;
        rng_init(&r, spec->seed ^ (uint64_t)clock_now_ns() ^ (uint64_t)clock_wall_ms());
        (void)snprintf(v->id, sizeof v->id, "%016" PRIx64 "%06x", rng_next(&r), spec->first);
        (void)snprintf(hex, sizeof hex, "%016" PRIx64, rng_next(&r));
    }
    rng_init(&v->unique, strtoull(hex, NULL, 16));
    v->id[ID_RANDOM_LEN] = '-';
}

void values_init(struct values *v, const struct values_spec *spec)
{
    size_t columns = column_count(spec->feed);
    *v = (struct values){.items = mem_array(VALUE_NAMED + columns, sizeof *v->items),
                         .seq = spec->first,
                         .step = spec->step,
                         .ncolumns = columns};
    rng_init(&v->rand, spec->seed);
    init_unique(v, spec);
    if (spec->feed != NULL)
        v->rows = feed_cursor_new(spec->feed, spec->first, spec->step);
}

void values_fini(struct values *v)
{
    feed_cursor_free(v->rows);
    free(v->items);
    *v = (struct values){0};
}

/* Decimal digits, the last one at `end`. Returns how many. */
static size_t put_digits(char *end, uint64_t number)
{
    size_t len = 0;
    do {
        end[-(ptrdiff_t)len++] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    return len;
}

static void set_number(struct values *v, enum placeholder_built_in which, uint64_t number)
{
    char *end = &v->numbers[which][sizeof v->numbers[which] - 1];
    size_t len = put_digits(end, number);
    v->items[which] = (struct value){end + 1 - len, len};
}

static void set_id(struct values *v)
{
    char *digits = v->id + ID_RANDOM_LEN + 1;
    memset(digits, '0', 10);
    (void)put_digits(v->id + VALUE_ID_LEN - 1, v->seq % UINT64_C(10000000000));
    v->items[VALUE_ID] = (struct value){v->id, VALUE_ID_LEN};
}

static void set_uuid(struct values *v)
{
    static const char digits[] = "0123456789abcdef";
    uint64_t halves[2] = {rng_next(&v->unique), rng_next(&v->unique)};
    halves[0] = (halves[0] & ~UINT64_C(0xf000)) | UINT64_C(0x4000);
    halves[1] = (halves[1] & ~(UINT64_C(3) << 62)) | UINT64_C(1) << 63;
    char *at = v->uuid;
    for (int i = 0; i < 32; i++) {
        if (i == 8 || i == 12 || i == 16 || i == 20)
            *at++ = '-';
        *at++ = digits[halves[i / 16] >> (60 - i % 16 * 4) & 15];
    }
    v->items[PLACEHOLDER_UUID] = (struct value){v->uuid, 36};
}

static bool uses(uint32_t used, int which)
{
    return (used >> which & 1) != 0;
}

/* A row is used up also when the request is not sent: that may be because of the row. */
static void take_row(struct values *v)
{
    bool is_there = feed_next(v->rows);
    for (size_t i = 0; i < v->ncolumns; i++) {
        struct value *item = &v->items[VALUE_NAMED + i];
        item->bytes = is_there ? feed_value(v->rows, i, &item->len) : NULL;
    }
}

void values_make(struct values *v, uint32_t used, uint32_t conn)
{
    if (uses(used, VALUE_ID))
        set_id(v);
    if (uses(used, PLACEHOLDER_SEQ))
        set_number(v, PLACEHOLDER_SEQ, v->seq);
    if (uses(used, PLACEHOLDER_RAND))
        set_number(v, PLACEHOLDER_RAND, rng_next(&v->rand) >> 32);
    if (uses(used, PLACEHOLDER_CONN))
        set_number(v, PLACEHOLDER_CONN, conn);
    if (uses(used, PLACEHOLDER_TS))
        set_number(v, PLACEHOLDER_TS, (uint64_t)clock_wall_ms());
    if (uses(used, PLACEHOLDER_UUID))
        set_uuid(v);
    if (uses(used, VALUE_NAMED))
        take_row(v);
}

void values_sent(struct values *v)
{
    v->seq += v->step;
}
