#include "model/reference.h"

#include <stdlib.h>

#include "base/mem.h"

const char *const reference_word_names[REFERENCE_WORDS] = {
    [REFERENCE_WORSE] = "worse",
    [REFERENCE_BETTER] = "better",
    [REFERENCE_SAME] = "no_meaningful_difference",
    [REFERENCE_INCONCLUSIVE] = "inconclusive",
};

/* clang-format off */
const struct reference_metric reference_metrics[REFERENCE_METRICS] = {
    {.key = "requests_per_second", .title = "req/s", .band = 0.02, .more_is_better = true, .of_response = true},
    {.key = "p50", .title = "p50", .band = 0.02, .of_response = true},
    {.key = "p99", .title = "p99", .band = 0.05, .of_response = true},
    {.key = "cpu_per_request", .title = "CPU/req", .band = 0.02, .of_response = true},
    {.key = "rss_peak", .title = "peak RSS", .band = 0.01},
    {.key = "errors", .title = "errors", .band = 0.001, .is_share = true},
};
/* clang-format on */

struct reference *reference_new(size_t arm)
{
    struct reference *reference = mem_zalloc(sizeof *reference);
    reference->arm = arm;
    return reference;
}

void reference_free(struct reference *reference)
{
    if (reference == NULL)
        return;
    for (size_t i = 0; i < reference->narms; i++) {
        for (size_t k = 0; k < REFERENCE_METRICS; k++)
            free(reference->arms[i].verdicts[k].reason);
    }
    free(reference->arms);
    free(reference);
}
