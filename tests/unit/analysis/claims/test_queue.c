#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/claims/claims.h"
#include "analysis/findings/findings.h"
#include "base/mem.h"
#include "cases/article_cases.h"
#include "support/claims_bed.h"

static double figure_of(const struct figure *figures, size_t count, const char *metric)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(figures[i].metric, metric) == 0)
            return figures[i].value;
    }
    fail_msg("no figure '%s'", metric);
    return 0;
}

/* Both stand on one page. The gateway also counts jobs whose reply came too late, and the rounds
 * differ. */
static void claims_say_of_a_queue_what_the_findings_say(void **state)
{
    (void)state;
    static const char *const names[] = {"queue"};
    struct comparison c;
    article_case(&c, names, LEN(names));
    struct result *r = &c.arms[0].results[1];
    r->queue.accepted += 100;
    r->queue.completed = 500;
    r->queue.completed_per_s = 50;
    r->queue.backlog_end = r->queue.backlog_start + r->queue.accepted - 500;
    r->queue.drain_s = (double)r->queue.backlog_end / 50;
    claims_add(&c);
    findings_add(&c);
    size_t at = 0;
    while (at < c.nfindings && strcmp(c.findings[at].code, "backlog") != 0)
        at++;
    assert_true(at < c.nfindings);
    const struct finding *backlog = &c.findings[at];
    const struct claim *rate = claim_of(&c, "queue-accepts", "queue");
    const struct claim *stores = claim_of(&c, "worker-stores", "queue");
    assert_true(figure_of(rate->figures, rate->nfigures, "accepted_per_second") ==
                figure_of(backlog->figures, backlog->nfigures, "accepted_per_second"));
    assert_true(figure_of(stores->figures, stores->nfigures, "drain_time") ==
                figure_of(backlog->figures, backlog->nfigures, "drain_time"));
    assert_non_null(strstr(stores->reason, "would take 9 min to complete (projected)"));
    assert_non_null(strstr(backlog->text, "they would take 9 min to drain"));
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(claims_say_of_a_queue_what_the_findings_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
