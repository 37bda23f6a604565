#include "stat/hist_codec.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/base64.h"
#include "base/buf.h"
#include "base/mem.h"

#define COOKIE_PLAIN      UINT32_C(0x1c849303)
#define COOKIE_COMPRESSED UINT32_C(0x1c849304)
#define COOKIE_WORD       UINT32_C(0x10) /* counts of any length, the only kind that V2 has */
#define COOKIE_WORD_MASK  UINT32_C(0xf0)
#define RATIO_ONE         UINT64_C(0x3ff0000000000000) /* 1.0 as IEEE 754 bits */

/* Bytes: cookie and length in front of the compressed part; cookie, length, index offset, digits
 * (4 each), lowest, highest, ratio (8 each) in front of the counts; and the longest count. */
enum { OUTER_BYTES = 8, HEAD_BYTES = 40, COUNT_BYTES = 9 };

/* Above what the widest shape (5 digits up to INT64_MAX, 6.2 million buckets) can come to. */
#define BYTES_MAX ((size_t)64 << 20)

static void add_u32(struct buf *b, uint32_t value)
{
    value = htobe32(value);
    buf_add(b, &value, sizeof value);
}

static void add_u64(struct buf *b, uint64_t value)
{
    value = htobe64(value);
    buf_add(b, &value, sizeof value);
}

static uint32_t get_u32(const uint8_t *at)
{
    uint32_t value = 0;
    memcpy(&value, at, sizeof value);
    return be32toh(value);
}

static uint64_t get_u64(const uint8_t *at)
{
    uint64_t value = 0;
    memcpy(&value, at, sizeof value);
    return be64toh(value);
}

/* Seven bits a byte, the low ones first, the top bit for "more"; a ninth byte is all value. */
static void add_varint(struct buf *b, uint64_t value)
{
    uint8_t bytes[COUNT_BYTES];
    size_t len = 0;
    while (value > 0x7f && len < COUNT_BYTES - 1) {
        bytes[len++] = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    bytes[len++] = (uint8_t)value;
    buf_add(b, bytes, len);
}

/* How many bytes the number took; 0 when they end before it does. */
static size_t get_varint(const uint8_t *bytes, size_t len, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < len; i++) {
        bool last = i == COUNT_BYTES - 1;
        *out |= (uint64_t)(last ? bytes[i] : bytes[i] & 0x7f) << (7 * i);
        if (last || bytes[i] < 0x80)
            return i + 1;
    }
    return 0;
}

/* ZigZag maps a count n to 2n and a run of n zeros, written as -n, to 2n - 1. A single zero is
 * written as the count that it is. */
static void add_zeros(struct buf *b, size_t zeros)
{
    if (zeros > 0)
        add_varint(b, zeros == 1 ? 0 : 2 * (uint64_t)zeros - 1);
}

static void add_counts(struct buf *b, const struct hist *h)
{
    size_t written = 0;
    struct hist_bucket bucket;
    for (size_t at = 0; hist_next(h, &at, &bucket); written = at) {
        add_zeros(b, at - 1 - written);
        add_varint(b, 2 * bucket.count);
    }
    if (written == 0)
        add_zeros(b, 1); /* no library writes an empty list */
}

static void add_plain(struct buf *b, const struct hist *h)
{
    struct buf counts;
    buf_init(&counts, BYTES_MAX);
    add_counts(&counts, h);
    add_u32(b, COOKIE_PLAIN | COOKIE_WORD);
    add_u32(b, (uint32_t)counts.len);
    add_u32(b, 0);
    add_u32(b, (uint32_t)hist_digits(h));
    add_u64(b, 1);
    add_u64(b, (uint64_t)hist_max_trackable_ns(h));
    add_u64(b, RATIO_ONE);
    buf_add(b, counts.data, counts.len);
    buf_fini(&counts);
}

/* zlib's memory is ours, so that it cannot run out either. */
static voidpf on_alloc(voidpf opaque, uInt count, uInt bytes)
{
    (void)opaque;
    return mem_array(count, bytes);
}

static void on_free(voidpf opaque, voidpf memory)
{
    (void)opaque;
    free(memory);
}

/* Appends the length and the bytes of `plain`, compressed. No call can fail: memory does not run
 * out and the room is enough. */
static void add_packed(struct buf *b, struct buf *plain)
{
    uLong size = compressBound(plain->len);
    uint8_t *packed = mem_zalloc(size);
    z_stream z = {.zalloc = on_alloc, .zfree = on_free};
    (void)deflateInit(&z, Z_DEFAULT_COMPRESSION);
    z.next_in = (Bytef *)plain->data;
    z.avail_in = (uInt)plain->len;
    z.next_out = packed;
    z.avail_out = (uInt)size;
    (void)deflate(&z, Z_FINISH);
    size_t len = size - z.avail_out;
    (void)deflateEnd(&z);
    add_u32(b, (uint32_t)len);
    buf_add(b, packed, len);
    free(packed);
}

char *hist_encode(const struct hist *h)
{
    struct buf plain;
    struct buf outer;
    buf_init(&plain, BYTES_MAX);
    buf_init(&outer, BYTES_MAX);
    add_plain(&plain, h);
    add_u32(&outer, COOKIE_COMPRESSED | COOKIE_WORD);
    add_packed(&outer, &plain);
    char *text = base64_encode(outer.data, outer.len);
    buf_fini(&plain);
    buf_fini(&outer);
    return text;
}

static int bad(struct err *err, const char *why)
{
    return err_set(err, ERR_USAGE, "not a histogram: %s", why);
}

static bool cookie_is(uint32_t cookie, uint32_t base)
{
    return (cookie & ~COOKIE_WORD_MASK) == base;
}

/* The counts into h. Runs and counts come from outside: each is held against the room left. */
static int fill(struct hist *h, const uint8_t *bytes, size_t len, struct err *err)
{
    size_t room = hist_slots(h);
    uint64_t allowed = HIST_CODEC_COUNT_MAX;
    while (len > 0) {
        uint64_t number = 0;
        size_t used = get_varint(bytes, len, &number);
        if (used == 0)
            return bad(err, "it ends within a count");
        bytes += used;
        len -= used;
        uint64_t zeros = number % 2 == 1 ? number / 2 + 1 : 0;
        uint64_t count = number % 2 == 1 ? 0 : number / 2;
        uint64_t slots = zeros > 0 ? zeros : 1;
        if (slots > room)
            return bad(err, "it has more counts than its range has buckets");
        if (count > allowed)
            return bad(err, "it counts more requests than 2^53");
        if (count > 0)
            hist_add_at(h, hist_slots(h) - room, count);
        room -= slots;
        allowed -= count;
    }
    return 0;
}

/* An empty histogram of the shape that the 40 bytes describe, or NULL. Two fields are not used: the
 * conversion ratio, since our values are whole; and the offset by which a library turns its array
 * in memory, since the counts are written in the order of their values whatever it says (one
 * library always writes 1). */
static struct hist *shape(const uint8_t *head, size_t *out_len, struct err *err)
{
    uint32_t digits = get_u32(head + 12);
    uint64_t lowest = get_u64(head + 16);
    uint64_t highest = get_u64(head + 24);
    const char *why = NULL;
    if (!cookie_is(get_u32(head), COOKIE_PLAIN))
        why = "the inner cookie is not that of the V2 encoding";
    else if (digits < HIST_DIGITS_MIN || digits > HIST_DIGITS_MAX)
        why = "it must keep 1 to 5 digits";
    else if (lowest != 1)
        why = "its lowest discernible value must be 1";
    else if (highest < 2 || highest > INT64_MAX)
        why = "its highest value is out of range";
    if (why != NULL) {
        (void)bad(err, why);
        return NULL;
    }
    struct hist *h = hist_new((int64_t)highest, (int)digits);
    *out_len = get_u32(head + 4);
    if (*out_len > hist_slots(h) * COUNT_BYTES) {
        (void)bad(err, "it is longer than its range can need");
        hist_free(h);
        return NULL;
    }
    return h;
}

/* How many bytes came out; never more than size. */
static size_t unpack(z_stream *z, uint8_t *out, size_t size, int *status)
{
    z->next_out = out;
    z->avail_out = (uInt)size;
    *status = inflate(z, Z_SYNC_FLUSH);
    return size - z->avail_out;
}

static int unpack_counts(z_stream *z, struct hist *h, size_t len, struct err *err)
{
    size_t size = len + 1; /* room for the byte too many that must not come */
    uint8_t *bytes = mem_zalloc(size);
    int status = Z_OK;
    size_t got = unpack(z, bytes, size, &status);
    int result = 0;
    if (status != Z_STREAM_END || got != len || z->avail_in > 0)
        result = bad(err, "the compressed part is damaged or has another length than it says");
    else
        result = fill(h, bytes, len, err);
    free(bytes);
    return result;
}

static struct hist *unpack_hist(z_stream *z, struct err *err)
{
    uint8_t head[HEAD_BYTES];
    int status = Z_OK;
    if (unpack(z, head, sizeof head, &status) < sizeof head) {
        (void)bad(err, "the compressed part is damaged or too short");
        return NULL;
    }
    size_t len = 0;
    struct hist *h = shape(head, &len, err);
    if (h != NULL && unpack_counts(z, h, len, err) < 0) {
        hist_free(h);
        return NULL;
    }
    return h;
}

static struct hist *decode_bytes(uint8_t *bytes, size_t len, struct err *err)
{
    const char *why = NULL;
    if (len < OUTER_BYTES || !cookie_is(get_u32(bytes), COOKIE_COMPRESSED))
        why = "the outer cookie is not that of the V2 compressed encoding";
    else if (get_u32(bytes + 4) != len - OUTER_BYTES)
        why = "it has another length than it says";
    if (why != NULL) {
        (void)bad(err, why);
        return NULL;
    }
    z_stream z = {.zalloc = on_alloc, .zfree = on_free};
    (void)inflateInit(&z); /* with memory that does not run out it cannot fail */
    z.next_in = bytes + OUTER_BYTES;
    z.avail_in = (uInt)(len - OUTER_BYTES);
    struct hist *h = unpack_hist(&z, err);
    (void)inflateEnd(&z);
    return h;
}

struct hist *hist_decode(const char *base64, struct err *err)
{
    size_t len = 0;
    uint8_t *bytes = base64_decode(base64, &len);
    if (bytes == NULL) {
        (void)bad(err, "the text is not base64");
        return NULL;
    }
    struct hist *h = decode_bytes(bytes, len, err);
    free(bytes);
    return h;
}
