/* flaw: which blocks are measured again, how often, and when the arms are taken to cause it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "runner/flaw.h"

enum { BASE, HEAD };

static void begin(struct session *s)
{
    session_init(s);
    (void)session_add_arm(s, "base", "a {port}");
    (void)session_add_arm(s, "head", "b {port}");
}

/* One side has more of it. */
static void disturb(struct session_block *block, enum session_flaw flaw, size_t worse, double cores)
{
    for (size_t i = 0; i < 2; i++) {
        struct session_share *share = &block->sides[i].share;
        double value = 0.3 + (i == worse ? cores : 0);
        *share = (struct session_share){0.3, 0.3, 0.3, 0};
        if (flaw == SESSION_FLAW_STOLEN)
            share->stolen = value;
        else if (flaw == SESSION_FLAW_FOREIGN)
            share->foreign = value;
        else if (flaw == SESSION_FLAW_THROTTLED)
            share->throttled = value;
    }
}

static void only_a_difference_between_the_arms_counts(void **state)
{
    static const struct {
        size_t worse;
        double cores;
        enum session_flaw flaw;
        bool want;
    } cases[] = {
        {HEAD, 0.0, SESSION_FLAW_STOLEN, false},
        {HEAD, 0.049, SESSION_FLAW_STOLEN, false},
        {HEAD, 0.051, SESSION_FLAW_STOLEN, true},
        {BASE, 0.051, SESSION_FLAW_STOLEN, true},
        {BASE, 0.5, SESSION_FLAW_FOREIGN, true},
        {HEAD, 0.02, SESSION_FLAW_FOREIGN, false},
        {HEAD, 0.2, SESSION_FLAW_THROTTLED, true},
        {BASE, 0.01, SESSION_FLAW_THROTTLED, false},
        {HEAD, (double)NAN, SESSION_FLAW_STOLEN, false}, /* not known */
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct session s;
        struct session_redo found;
        begin(&s);
        struct session_block *block = session_add_block(&s);
        disturb(block, cases[i].flaw, cases[i].worse, cases[i].cores);
        if (flaw_find_imbalance(block->sides, 2, &found) != cases[i].want)
            fail_msg("case %zu", i);
        if (cases[i].want) {
            assert_int_equal(found.flaw, cases[i].flaw);
            assert_int_equal(found.arm, cases[i].worse);
            assert_true(fabs(found.imbalance - cases[i].cores) < 1e-9);
        }
        session_fini(&s);
    }
}

static void the_largest_difference_is_named(void **state)
{
    (void)state;
    struct session s;
    struct session_redo found;
    begin(&s);
    (void)session_add_arm(&s, "control", "a {port}");
    struct session_block *block = session_add_block(&s);
    block->sides[0].share = (struct session_share){0.1, 0.9, 0, 0};
    block->sides[1].share = (struct session_share){0.2, 0.9, 0, 0};
    block->sides[2].share = (struct session_share){0.1, 0.6, 0, 0};
    assert_true(flaw_find_imbalance(block->sides, 3, &found));
    assert_int_equal(found.flaw, SESSION_FLAW_FOREIGN);
    assert_int_equal(found.arm, 0);
    assert_true(fabs(found.imbalance - 0.3) < 1e-9);
    session_fini(&s);
}

/* Measures a block once: "B" or "H": that arm had more stolen; "b", "h": its server died; "c": the
 * clock was set; ".": all was well. */
static enum flaw_ruling measure(struct session *s, char what)
{
    struct session_block *block = session_add_block(s);
    struct session_redo found = {.block = s->nblocks - 1, .imbalance = NAN};
    bool flawed = what != '.';
    disturb(block, SESSION_FLAW_STOLEN, what == 'B' ? BASE : HEAD,
            what == 'B' || what == 'H' ? 0.2 : 0);
    if (what == 'b' || what == 'h')
        found = (struct session_redo){.block = s->nblocks - 1,
                                      .flaw = SESSION_FLAW_DIED,
                                      .arm = what == 'h',
                                      .imbalance = NAN};
    else if (what == 'c')
        found.flaw = SESSION_FLAW_CLOCK;
    else if (flawed)
        assert_true(flaw_find_imbalance(block->sides, 2, &found));
    found.block = s->nblocks - 1;
    enum flaw_ruling ruling = flaw_rule(s, flawed ? &found : NULL);
    if (ruling == FLAW_REDO) {
        session_add_redo(s, &found);
        session_drop_block(s);
    }
    if (ruling == FLAW_KEEP_INVALID)
        block->is_valid = false;
    if (ruling == FLAW_KEEP_TURNED)
        s->is_one_sided = true;
    return ruling;
}

/* What becomes of each: "k"ept, "r"edone, "i"nvalid, "t"urned one-sided. */
static void a_block_is_redone_twice_at_most(void **state)
{
    static const struct {
        const char *seen, *want;
    } cases[] = {
        {"....", "kkkk"},
        {"B.", "rk"},
        {"BH.", "rrk"},
        {"BHB.", "rrik"},
        {"BHH", "rri"},
        {"HHH", "rrt"}, /* the same arm three times running */
        {"HHHHHB", "rrtkkk"},
        {"BBB", "rrt"},
        {"H.H.H.H.", "rkrkrkrk"}, /* not running */
        {"BHHH", "rrit"},         /* the kept one counts as well */
        {"BHBB", "rrir"},
        {"ccc", "rri"},
        {"cHHH", "rrit"},
        {"bbb", "rri"},
        {"hhhh", "rrir"},
        {"HHhH", "rrir"},
        {"HhHHHH", "rrirtk"},
        {"HHHb.", "rrtrk"}, /* a server that died is still measured again */
    };
    static const char letters[] = {
        [FLAW_KEEP] = 'k', [FLAW_KEEP_TURNED] = 't', [FLAW_REDO] = 'r', [FLAW_KEEP_INVALID] = 'i'};
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct session s;
        begin(&s);
        for (size_t k = 0; cases[i].seen[k] != '\0'; k++) {
            char got = letters[measure(&s, cases[i].seen[k])];
            if (got != cases[i].want[k])
                fail_msg("%s: at %zu: %c, not %c", cases[i].seen, k, got, cases[i].want[k]);
        }
        session_fini(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_difference_between_the_arms_counts),
        cmocka_unit_test(the_largest_difference_is_named),
        cmocka_unit_test(a_block_is_redone_twice_at_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
