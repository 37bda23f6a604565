/* Random replies: our parser must agree with http-parser but for the rows of differences.h, and
 * with itself however the bytes are cut. The first byte chooses HEAD, the second the cuts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "differences.h"

/* NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name */
int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

static void tell(const char *who, const struct outcome *o)
{
    (void)fprintf(stderr, "%s: %zu replies, %s at %zu\n", who, o->count,
                  o->bad ? o->why : "no error", o->at);
    for (size_t i = 0; i < o->count; i++) {
        const struct reply *r = &o->replies[i];
        (void)fprintf(stderr, "  %u, %llu body bytes, hash %llx%s\n", r->status,
                      (unsigned long long)r->body_bytes, (unsigned long long)r->body_hash,
                      r->keep_alive ? ", keep-alive" : "");
    }
}

static void fail(const char *what, const struct outcome *a, const struct outcome *b)
{
    (void)fprintf(stderr, "disagreement: %s\n", what);
    tell("ours", a);
    tell("other", b);
    abort();
}

static void check_cuts(const char *data, size_t len, enum response_to to, uint32_t cuts,
                       const struct outcome *whole)
{
    struct outcome cut;
    run_ours(data, len, to, cuts, &cut);
    bool same_error = whole->at == cut.at && whole->why == cut.why;
    if (!same_outcome(whole, &cut) || !same_error)
        fail("cut into pieces", whole, &cut);
}

/* Telling headers changes nothing else, and they are the same however the bytes are cut. */
static void check_told(const char *data, size_t len, enum response_to to, uint32_t cuts,
                       const struct outcome *whole)
{
    struct outcome told;
    struct outcome cut;
    run_ours_told(data, len, to, 0, &told);
    run_ours_told(data, len, to, cuts, &cut);
    if (!same_outcome(whole, &told) || whole->at != told.at || whole->why != told.why)
        fail("when headers are told", whole, &told);
    if (!same_outcome(whole, &cut) || !same_heads(&told, &cut))
        fail("headers in pieces", &told, &cut);
}

static void check_oracle(char *data, size_t len, enum response_to to)
{
    for (;;) {
        struct outcome ours;
        struct outcome oracle;
        run_ours(data, len, to, 0, &ours);
        run_oracle(data, len, to, &oracle);
        if (same_outcome(&ours, &oracle))
            return;
        if (oracle.count >= ours.count && same_replies(&ours, &oracle, ours.count) &&
            difference_is_stricter(data, len, &ours))
            return;
        if (difference_take_out(data, len, to, &ours, &oracle))
            continue;
        fail("with http-parser", &ours, &oracle);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
    if (size < 3 || size - 2 > DIFFERENCE_MAX)
        return 0;
    enum response_to to = input[0] & 1 ? RESPONSE_TO_HEAD : RESPONSE_TO_ANY;
    size_t len = size - 2;
    char *data = malloc(len);
    if (data == NULL)
        abort();
    memcpy(data, input + 2, len);
    struct outcome whole;
    run_ours(data, len, to, 0, &whole);
    check_cuts(data, len, to, 1, &whole);
    check_cuts(data, len, to, 2U + input[1], &whole);
    check_told(data, len, to, 1, &whole);
    check_told(data, len, to, 2U + input[1], &whole);
    check_oracle(data, len, to);
    free(data);
    return 0;
}
