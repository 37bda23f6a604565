#include "stat/hist_text.h"

#include <assert.h>

#include "stat/hist_codec.h"

#define DIGITS_MAX 16 /* of HIST_CODEC_COUNT_MAX */

struct hist *hist_text_new(void)
{
    return hist_new(HIST_MAX_NS, HIST_TEXT_DIGITS);
}

void hist_text_coarsen(struct hist *into, const struct hist *from)
{
    struct hist_bucket b;
    for (size_t at = 0; hist_next(from, &at, &b);)
        hist_record_n(into, b.low_ns, b.count);
    if (hist_over(from) > 0)
        hist_record_n(into, INT64_MAX, hist_over(from));
}

/* --- writing --- */

/* printf would take ten times as long, and a long run has a million of these. */
static void add_number(struct buf *out, size_t start, const char *sign, uint64_t n)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0);
    if (out->len > start)
        buf_puts(out, " ");
    buf_puts(out, sign);
    buf_add(out, digits + at, sizeof digits - at);
}

static void add_bucket(struct buf *out, size_t start, size_t empty, uint64_t count)
{
    if (empty > 0)
        add_number(out, start, "+", empty);
    add_number(out, start, "", count);
}

void hist_text_write(const struct hist *h, struct buf *out)
{
    size_t start = out->len;
    size_t written = 0; /* buckets */
    struct hist_bucket b;
    assert(hist_slots(h) == HIST_TEXT_OVER);
    for (size_t at = 0; hist_next(h, &at, &b); written = at)
        add_bucket(out, start, at - 1 - written, b.count);
    if (hist_over(h) > 0)
        add_bucket(out, start, HIST_TEXT_OVER - written, hist_over(h));
}

/* --- reading --- */

static int bad(struct err *err, const char *why)
{
    return err_set(err, ERR_USAGE, "not a histogram: %s", why);
}

/* The end of the number; `at` itself when there is none that begins with 1 to 9. One with more than
 * DIGITS_MAX digits ends in the middle. */
static const char *read_number(const char *at, uint64_t *out)
{
    const char *end = at;
    *out = 0;
    if (*at == '0')
        return at;
    for (; *end >= '0' && *end <= '9' && end - at < DIGITS_MAX; end++)
        *out = *out * 10 + (uint64_t)(*end - '0');
    return end;
}

static void add_count(struct hist *into, size_t bucket, uint64_t count)
{
    if (bucket == HIST_TEXT_OVER)
        hist_record_n(into, INT64_MAX, count);
    else
        hist_add_at(into, bucket, count);
}

/* A count, or buckets to pass over and then a count. Returns what is behind it, or NULL. */
static const char *read_bucket(const char *at, uint64_t *empty, uint64_t *count)
{
    const char *end = at;
    *empty = 0;
    if (*at == '+') {
        end = read_number(at + 1, empty);
        if (end == at + 1 || *end != ' ')
            return NULL;
        at = end + 1;
    }
    end = read_number(at, count);
    return end == at || (*end != ' ' && *end != '\0') ? NULL : end;
}

int hist_text_read(const char *text, struct hist *into, struct err *err)
{
    uint64_t bucket = 0;
    uint64_t room = HIST_CODEC_COUNT_MAX;
    const char *at = text;
    bool more = *at != '\0';
    while (more) {
        uint64_t empty = 0;
        uint64_t count = 0;
        at = read_bucket(at, &empty, &count);
        if (at == NULL)
            return bad(err, "the text is not counts and gaps, with one space between");
        bucket += empty; /* both are far below 2^63 */
        if (bucket > HIST_TEXT_OVER)
            return bad(err, "it has more buckets than an hour has");
        if (count > room)
            return bad(err, "it counts more requests than 2^53");
        add_count(into, (size_t)bucket, count);
        bucket++;
        room -= count;
        more = *at == ' ';
        at += more ? 1 : 0;
    }
    return 0;
}
