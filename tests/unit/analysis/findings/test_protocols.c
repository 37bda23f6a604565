/* Arms that do not speak the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analysis/findings/findings.h"
#include "base/mem.h"
#include "support/findings_bed.h"

static void add_speaking(struct comparison *c, const char *name, const char *version,
                         const char *cipher)
{
    add_ranked_arm(c, name, &plain_trial);
    struct arm *arm = &c->arms[c->narms - 1];
    for (size_t i = 0; i < arm->nresults; i++) {
        struct result *r = &arm->results[i];
        r->accounting.connected = 10;
        r->has_tls = version != NULL;
        r->tls.version = mem_strdup_or_null(version);
        r->tls.cipher = mem_strdup_or_null(cipher);
    }
}

static void arms_that_speak_the_same_are_not_told(void **state)
{
    (void)state;
    struct comparison c;
    comparison_init(&c);
    add_speaking(&c, "a", "TLSv1.3", "TLS_AES_256_GCM_SHA384");
    add_speaking(&c, "b", "TLSv1.3", "TLS_AES_256_GCM_SHA384");
    findings_add(&c);
    expect_no_finding(&c, "protocols-differ");
    comparison_fini(&c);
}

static void others_are_told_in_groups(void **state)
{
    (void)state;
    struct comparison c;
    comparison_init(&c);
    add_speaking(&c, "plain", NULL, NULL);
    add_speaking(&c, "new", "TLSv1.3", "TLS_AES_256_GCM_SHA384");
    add_speaking(&c, "other", NULL, NULL);
    add_speaking(&c, "old", "TLSv1.2", "ECDHE-RSA-AES128-GCM-SHA256");
    findings_add(&c);
    expect_finding(&c, "protocols-differ",
                   "plain and other speak HTTP/1.1; new speaks HTTP/1.1 over TLSv1.3 with "
                   "TLS_AES_256_GCM_SHA384; old speaks HTTP/1.1 over TLSv1.2 with "
                   "ECDHE-RSA-AES128-GCM-SHA256: a difference between these may be that of the "
                   "protocols.");
    comparison_fini(&c);
}

static void an_arm_that_never_connected_speaks_nothing(void **state)
{
    (void)state;
    struct comparison c;
    comparison_init(&c);
    add_speaking(&c, "a", "TLSv1.3", "TLS_AES_256_GCM_SHA384");
    add_speaking(&c, "b", NULL, NULL);
    for (size_t i = 0; i < c.arms[1].nresults; i++)
        c.arms[1].results[i].accounting.connected = 0;
    findings_add(&c);
    expect_no_finding(&c, "protocols-differ");
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arms_that_speak_the_same_are_not_told),
        cmocka_unit_test(others_are_told_in_groups),
        cmocka_unit_test(an_arm_that_never_connected_speaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
