/* How each arm came back from a spike of the rate. */
#include "analysis/findings/findings_internal.h"
#include "analysis/sentence.h"
#include "model/arm_recovery.h"
#include "model/recovery_words.h"

static void tell(struct comparison *c, const struct arm *arm, const struct arm_recovery *a)
{
    struct sentence s;
    bool is_lost = a->one->state == RECOVERY_METASTABLE;
    sentence_begin(&s, is_lost ? "metastable" : "recovery");
    sentence_add(&s, "%s: ", arm->name);
    recovery_words(a->one, &s.text);
    if (a->rounds > 1)
        sentence_add(&s, " (%zu of %zu rounds)", a->alike, a->rounds);
    sentence_cite(&s, arm, "recovery_s", a->one->back_s);
    sentence_cite(&s, arm, "goodput_before", a->one->before.good);
    sentence_cite(&s, arm, "goodput_in_spike", a->one->spike.good);
    sentence_end(&s, c);
}

void find_recovery(struct comparison *c)
{
    struct arm_recovery a;
    for (size_t i = 0; i < c->narms; i++) {
        if (arm_recovery_of(&c->arms[i], &a))
            tell(c, &c->arms[i], &a);
    }
}
