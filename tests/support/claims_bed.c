#include "support/claims_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/claims/claims.h"
#include "base/mem.h"
#include "cases/article_cases.h"

const char *claims_relative(const char *arm, enum whose whose)
{
    bool original = strncmp(arm, "express-", 8) == 0;
    switch (whose) {
    case POOL_OF:
        return original ? ARM_EXPRESS_PISCINA : "pool";
    case LARGER_OF:
        return original ? ARM_EXPRESS_QUEUE_X10 : ARM_QUEUE_LARGER;
    case INLINE_OF:
        return original ? ARM_EXPRESS_INLINE : "inline";
    case OWN:
        break;
    }
    return arm;
}

const struct claim *claim_of(const struct comparison *c, const char *code, const char *arm)
{
    for (size_t i = 0; i < c->nclaims; i++) {
        if (strcmp(c->claims[i].code, code) == 0 && strcmp(c->claims[i].arm, arm) == 0)
            return &c->claims[i];
    }
    fail_msg("no claim '%s' of %s", code, arm);
    return NULL;
}

void claims_build(struct comparison *c, const char *code, const char *arm)
{
    bool larger = strcmp(code, "size-independent") == 0;
    const char *const names[] = {arm, claims_relative(arm, POOL_OF),
                                 claims_relative(arm, INLINE_OF),
                                 larger ? claims_relative(arm, LARGER_OF) : NULL};
    article_case(c, names, LEN(names));
}
