#include "load/source/values.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

#define ID_RANDOM_LEN 22

static const char *const made_names[VALUE_NAMED] = {
    [VALUE_SEQ] = "seq", [VALUE_RAND] = "rand", [VALUE_CONN] = "conn",
    [VALUE_TS] = "ts",   [VALUE_UUID] = "uuid",
};

static int find(const struct str_list *list, const char *name, size_t len)
{
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        if (strlen(list->items[i]) == len && memcmp(list->items[i], name, len) == 0)
            return (int)i;
    }
    return -1;
}

static int column_count(const struct value_names *names)
{
    return names->columns == NULL ? 0 : (int)names->columns->count;
}

int value_of_variable(const struct value_names *names)
{
    return VALUE_NAMED + column_count(names);
}

int value_of_name(const struct value_names *names, const char *name, size_t len)
{
    for (int i = 0; i < VALUE_NAMED; i++) {
        if (made_names[i] != NULL && strlen(made_names[i]) == len &&
            memcmp(made_names[i], name, len) == 0)
            return i;
    }
    int column = find(names->columns, name, len);
    int variable = find(names->variables, name, len);
    if (column >= 0)
        return VALUE_NAMED + column;
    return variable >= 0 ? value_of_variable(names) + variable : -1;
}

/* The random part of ids; and a start for UUIDs. Without random bytes of the system, the seed and
 * the time must do. */
static void init_unique(struct values *v, const struct values_spec *spec)
{
    char hex[17];
    if (rng_hex(v->id, ID_RANDOM_LEN / 2) < 0 || rng_hex(hex, 8) < 0) {
        struct rng r;
        rng_init(&r, spec->seed ^ (uint64_t)clock_now_ns() ^ (uint64_t)clock_wall_ms());
        (void)snprintf(v->id, sizeof v->id, "%016" PRIx64 "%06x", rng_next(&r), spec->thread);
        (void)snprintf(hex, sizeof hex, "%016" PRIx64, rng_next(&r));
    }
    rng_init(&v->unique, strtoull(hex, NULL, 16));
    v->id[ID_RANDOM_LEN] = '-';
    v->items[VALUE_ID] = (struct value){v->id, VALUE_ID_LEN};
}

void values_init(struct values *v, const struct values_spec *spec)
{
    size_t columns = spec->feed == NULL ? 0 : spec->feed->columns->count;
    *v = (struct values){.items = mem_array(VALUE_NAMED + columns, sizeof *v->items),
                         .seq = spec->thread,
                         .threads = spec->threads,
                         .row = spec->thread,
                         .feed = spec->feed};
    rng_init(&v->rand, spec->seed + spec->thread);
    init_unique(v, spec);
    if (spec->feed != NULL)
        v->reader = spec->feed->open(spec->feed->feed);
}

void values_fini(struct values *v)
{
    if (v->reader != NULL)
        v->feed->close(v->reader);
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

static void set_number(struct values *v, enum value_number which, uint64_t number)
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
    v->items[VALUE_UUID] = (struct value){v->uuid, 36};
}

static bool uses(uint32_t used, enum value_number which)
{
    return (used >> which & 1) != 0;
}

/* The next row is taken also when the request is not sent: it may be because of the row. */
static int read_row(struct values *v)
{
    uint64_t row = v->row;
    v->row += v->threads;
    return v->feed->read(v->reader, row, v->items + VALUE_NAMED);
}

int values_make(struct values *v, uint32_t used, uint32_t conn)
{
    if (uses(used, VALUE_ID))
        set_id(v);
    if (uses(used, VALUE_SEQ))
        set_number(v, VALUE_SEQ, v->seq);
    if (uses(used, VALUE_RAND))
        set_number(v, VALUE_RAND, rng_next(&v->rand) >> 32);
    if (uses(used, VALUE_CONN))
        set_number(v, VALUE_CONN, conn);
    if (uses(used, VALUE_TS))
        set_number(v, VALUE_TS, (uint64_t)clock_wall_ms());
    if (uses(used, VALUE_UUID))
        set_uuid(v);
    return uses(used, VALUE_NAMED) ? read_row(v) : 0;
}

void values_sent(struct values *v)
{
    v->seq += v->threads;
}
