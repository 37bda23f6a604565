#include "support/reply_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

static char *fence; /* the first byte that cannot be read */

int reply_fence_up(void **state)
{
    (void)state;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *map =
        mmap(NULL, FENCE_BYTES + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (map == MAP_FAILED || mprotect(map + FENCE_BYTES, page, PROT_NONE) != 0)
        return -1;
    fence = map + FENCE_BYTES;
    return 0;
}

int reply_fence_down(void **state)
{
    (void)state;
    return munmap(fence - FENCE_BYTES, FENCE_BYTES + (size_t)sysconf(_SC_PAGESIZE));
}

static void on_body(void *ctx, const char *bytes, size_t len)
{
    struct feeding *f = ctx;
    assert_true(len > 0 && len <= sizeof f->body - f->body_len);
    memcpy(f->body + f->body_len, bytes, len);
    f->body_len += len;
}

void reply_begin(struct feeding *f, enum response_to to)
{
    *f = (struct feeding){0};
    response_init(&f->r, to);
    f->r.body = on_body;
    f->r.ctx = f;
}

void reply_feed(struct feeding *f, const char *data, size_t len)
{
    size_t used = SIZE_MAX;
    if (f->state != RESPONSE_MORE)
        return;
    memcpy(fence - len, data, len);
    f->state = response_feed(&f->r, fence - len, len, &used);
    assert_true(used <= len);
    if (f->state == RESPONSE_MORE)
        assert_int_equal(used, len);
    f->used += used;
}

static void check_end(const struct reply_case *c, const struct feeding *f)
{
    static const enum response_state before_eof[] = {
        [WHOLE] = RESPONSE_DONE,
        [AT_EOF] = RESPONSE_MORE,
        [TOO_FEW] = RESPONSE_MORE,
        [WRONG] = RESPONSE_BAD,
    };
    size_t rest_len = c->rest == NULL ? 0 : strlen(c->rest);
    assert_int_equal(f->state, before_eof[c->ending]);
    assert_int_equal(f->used, c->len - rest_len);
    assert_int_equal(f->r.why != NULL, c->ending == WRONG);
}

static void check_reply(const struct reply_case *c, struct feeding *f)
{
    const char *body = c->body == NULL ? "" : c->body;
    check_end(c, f);
    enum response_state state = response_eof(&f->r);
    if (c->ending == WRONG || c->ending == TOO_FEW) {
        assert_int_equal(state, c->ending == WRONG ? RESPONSE_BAD : RESPONSE_MORE);
        return;
    }
    assert_int_equal(state, RESPONSE_DONE);
    assert_int_equal(f->r.status, c->status);
    assert_int_equal(f->r.keep_alive, c->keep);
    assert_true(f->r.started);
    assert_int_equal(f->r.body_bytes, strlen(body));
    assert_int_equal(f->body_len, strlen(body));
    assert_memory_equal(f->body, body, strlen(body));
}

/* One feed, then a feed for each byte, then each split in two. */
static void check_case(const struct reply_case *c)
{
    struct feeding f;
    const char *why = NULL;
    print_message("%.60s\n", c->in);
    for (size_t cut = 0; cut < c->len; cut++) {
        reply_begin(&f, c->to);
        reply_feed(&f, c->in, cut);
        reply_feed(&f, c->in + cut, c->len - cut);
        check_reply(c, &f);
        assert_true(cut == 0 || why == f.r.why);
        why = f.r.why;
    }
    reply_begin(&f, c->to);
    for (size_t i = 0; i < c->len; i++)
        reply_feed(&f, c->in + i, 1);
    check_reply(c, &f);
    assert_ptr_equal(why, f.r.why);
}

void check_replies(const struct reply_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_case(&cases[i]);
}
