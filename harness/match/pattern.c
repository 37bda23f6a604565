#include "match/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"

#define STACK_FIRST ((size_t)32 * 1024)
/* Memory of the interpreter, where there is no compiler to machine code; in KiB. */
#define HEAP_KIB 2048
/* Places where a match may begin, times the bytes that each may look at, before the clock is read:
 * at first, and at most. */
#define WORK_FIRST ((size_t)1 << 24)
#define WORK_MOST  ((size_t)1 << 30)
#define QUICK_NS   (10 * NS_PER_MS)

struct pattern {
    pcre2_code *code;
    uint32_t groups;
};

struct pattern_room {
    pcre2_match_context *context;
    pcre2_jit_stack *stack;
    pcre2_match_data *found;
};

static void *take(size_t bytes, void *unused)
{
    (void)unused;
    return mem_zalloc(bytes);
}

static void give(void *block, void *unused)
{
    (void)unused;
    free(block);
}

struct pattern *pattern_new(const char *text, size_t len, struct err *err)
{
    int error = 0;
    PCRE2_SIZE at = 0;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)text, len,
                                     PCRE2_NEVER_UTF | PCRE2_NEVER_UCP | PCRE2_USE_OFFSET_LIMIT,
                                     &error, &at, NULL);
    if (code == NULL) {
        PCRE2_UCHAR why[160];
        (void)pcre2_get_error_message(error, why, sizeof why);
        (void)err_set(err, ERR_USAGE, "'%.*s' is not a regular expression: %s, at character %zu",
                      (int)(len < 200 ? len : 200), text, (const char *)why, (size_t)at + 1);
        return NULL;
    }
    (void)pcre2_jit_compile(code, PCRE2_JIT_COMPLETE); /* else it is interpreted */
    struct pattern *p = mem_zalloc(sizeof *p);
    p->code = code;
    (void)pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &p->groups);
    return p;
}

void pattern_free(struct pattern *p)
{
    if (p == NULL)
        return;
    pcre2_code_free(p->code);
    free(p);
}

struct pattern_room *pattern_room_new(void)
{
    struct pattern_room *room = mem_zalloc(sizeof *room);
    pcre2_general_context *memory = pcre2_general_context_create(take, give, NULL);
    room->context = pcre2_match_context_create(memory);
    room->found = pcre2_match_data_create(2, memory);
    room->stack = pcre2_jit_stack_create(STACK_FIRST, PATTERN_STACK_MAX, memory);
    pcre2_general_context_free(memory);
    pcre2_jit_stack_assign(room->context, NULL, room->stack); /* NULL: the thread's own, 32 KiB */
    (void)pcre2_set_match_limit(room->context, PATTERN_STEPS_MAX);
    (void)pcre2_set_heap_limit(room->context, HEAP_KIB);
    return room;
}

void pattern_room_free(struct pattern_room *room)
{
    if (room == NULL)
        return;
    pcre2_match_data_free(room->found);
    pcre2_jit_stack_free(room->stack);
    pcre2_match_context_free(room->context);
    free(room);
}

static void find_part(const struct pattern *p, const struct pattern_room *room, const char *bytes,
                      struct pattern_part *part)
{
    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(room->found) + (p->groups > 0 ? 2 : 0);
    *part = (struct pattern_part){0};
    if (ends[0] != PCRE2_UNSET && ends[0] <= ends[1])
        *part = (struct pattern_part){.at = bytes + ends[0], .len = ends[1] - ends[0]};
}

/* A match may begin at any byte, so that an expression whose matches all take few steps can still
 * take a day over a long text. So it is sought in so many places at a time that the clock is read
 * in between. */
static int search(const struct pattern *p, struct pattern_room *room, const char *bytes, size_t len)
{
    size_t places = WORK_FIRST / (len + 1) + 1;
    int64_t begun_ns = 0;
    int64_t read_ns = 0;
    for (size_t from = 0;;) {
        size_t to = len - from < places ? len : from + places - 1;
        (void)pcre2_set_offset_limit(room->context, to);
        int found =
            pcre2_match(p->code, (PCRE2_SPTR)bytes, len, from, 0, room->found, room->context);
        if (found != PCRE2_ERROR_NOMATCH || to == len)
            return found;
        from = to + 1;
        int64_t now_ns = clock_now_ns();
        if (begun_ns == 0)
            begun_ns = now_ns;
        else if (now_ns - begun_ns > PATTERN_MOST_NS)
            return PCRE2_ERROR_MATCHLIMIT;
        else if (now_ns - read_ns < QUICK_NS && places < WORK_MOST / len)
            places *= 4;
        read_ns = now_ns;
    }
}

enum pattern_found pattern_find(const struct pattern *p, struct pattern_room *room,
                                const char *bytes, size_t len, struct pattern_part *part)
{
    int found = search(p, room, bytes, len);
    if (found == PCRE2_ERROR_NOMATCH)
        return PATTERN_ABSENT;
    if (found < 0)
        return PATTERN_GAVE_UP;
    if (part != NULL)
        find_part(p, room, bytes, part);
    return PATTERN_FOUND;
}
