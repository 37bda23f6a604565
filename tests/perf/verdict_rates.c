/* verdict_rates: how often the statistics of a verdict are right, on noise with a known truth.
 *
 *     verdict_rates [SESSIONS]        as: verdict_rates 20000
 *
 * Prints a table each of: intervals that cover the truth, with a fixed number of blocks and at the
 * look that ended the session; false alarms on the margin; sessions of equal arms in which a
 * default gate fails; changes of the size to detect that fail, and what the forecast said about
 * them; false alarms of a comparison of several arms; and the layouts that bench does not use.
 * Seeded: the same count gives the same tables. 20000 sessions need two and a half minutes of CPU
 * by a release build.
 */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "tests/perf/verdict_sessions.h"

static const char *const shapes[NOISE_SHAPES] = {"normal", "bursts", "skewed"};

static double percent(double share)
{
    return 100 * share;
}

static void print_fixed_coverage(int sessions)
{
    printf("Intervals of a fixed number of blocks that cover the truth, %%\n"
           "  blocks   level   normal   bursts   skewed\n");
    static const int counts[] = {6, 8, 10, 12, 16, 24};
    for (size_t i = 0; i < LEN(counts); i++) {
        printf("  %6d", counts[i]);
        for (enum noise_shape shape = 0; shape < NOISE_SHAPES; shape++) {
            struct rates_coverage got = rates_fixed_coverage(shape, counts[i], sessions);
            if (shape == 0)
                printf("  %6.2f", percent(got.level));
            printf("   %6.2f", percent(got.covered));
        }
        printf("\n");
    }
}

static void print_stopping(int sessions)
{
    printf("\nThe sequential plan, truth less margin in sds: %% FAIL / PASS, covered at the end, "
           "blocks\n");
    static const double beyond[] = {-1, -.5, -.25, 0, .25, .5, 1};
    for (size_t i = 0; i < LEN(beyond); i++)
        for (enum noise_shape shape = 0; shape < NOISE_SHAPES; shape++) {
            struct rates_stopping got = rates_stopping(shape, beyond[i], sessions);
            printf("  %5.2f %s  %6.2f / %6.2f   %6.2f   %4.1f\n", beyond[i], shapes[shape],
                   percent(got.failed), percent(got.passed), percent(got.covered), got.blocks);
        }
}

static void print_equal_arms(int sessions)
{
    printf("\nSessions of equal arms at the default gates, %% in which one fails / all pass\n"
           "  noise     normal            bursts            skewed\n");
    static const double times[] = {.5, 1, 2, 3};
    for (size_t i = 0; i < LEN(times); i++) {
        printf("  x %3.1f", times[i]);
        for (enum noise_shape shape = 0; shape < NOISE_SHAPES; shape++) {
            struct rates_session got = rates_equal_arms(shape, times[i], sessions);
            printf("   %6.3f / %6.2f", percent(got.failed), percent(got.passed));
        }
        printf("\n");
    }
}

static void print_detection(int sessions)
{
    printf(
        "\nA change of the size to detect (its margin half-way), by noise in units of the margin: "
        "%%\n  sd/margin  shape   FAIL   operating point   forecast says decidable   FAIL of "
        "these\n");
    static const double noise[] = {.25, .5, .75, 1, 1.25, 1.4, 1.75, 2.5};
    double sum = 0;
    int cells = 0;
    for (size_t i = 0; i < LEN(noise); i++)
        for (enum noise_shape shape = 0; shape < NOISE_SHAPES; shape++) {
            struct rates_detection got = rates_detection(shape, noise[i], sessions);
            printf("  %5.2f      %s  %6.2f   %6.2f            %6.2f                    %6.2f\n",
                   noise[i], shapes[shape], percent(got.failed), percent(got.point),
                   percent(got.decidable), percent(got.failed_of_decidable));
            if (noise[i] <= 1.4) { /* 1 / .71: where the forecast says decidable at the true sd */
                sum += got.failed;
                cells++;
            }
        }
    printf("  mean FAIL where the true sd is decidable in 24 blocks: %.2f\n", percent(sum / cells));
}

static void print_family(int sessions)
{
    printf(
        "\nArms and a reference, 5 metrics: %% with a false alarm / with all that differ found\n"
        "  arms  different  reference's noise  blocks   normal          bursts          skewed\n");
    static const struct rates_family_case cases[] = {
        {.arms = 1, .reference_sd = 1, .n = 6},
        {.arms = 3, .reference_sd = 1, .n = 6},
        {.arms = 3, .reference_sd = 1, .n = 10},
        {.arms = 7, .reference_sd = 1, .n = 10},
        {.arms = 3, .reference_sd = 1, .n = 10, .different = 2},
        {.arms = 7, .reference_sd = 1, .n = 10, .different = 4},
        {.arms = 3, .reference_sd = 2, .n = 10},
        {.arms = 3, .reference_sd = .5, .n = 10},
        {.arms = 3, .reference_sd = 3, .n = 10},
        {.arms = 3, .reference_sd = 1.0 / 3, .n = 10},
        {.arms = 3, .reference_sd = 1, .n = 16},
        {.arms = 3, .reference_sd = 1, .n = 16, .different = 2},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        printf("  %4d  %9d  %17.2f  %6d", cases[i].arms, cases[i].different, cases[i].reference_sd,
               cases[i].n);
        /* seeded flips are fifty times the work */
        int count = cases[i].n > 12 ? sessions / 20 : sessions / 2;
        for (enum noise_shape shape = 0; shape < NOISE_SHAPES; shape++) {
            struct rates_family got = rates_family(shape, &cases[i], count);
            printf("   %5.2f / %5.1f", percent(got.alarmed), percent(got.found));
        }
        printf("\n");
    }
}

static void print_layouts(int sessions)
{
    printf("\nLayouts on a machine that drifts: %% of equal arms that fail with no margin, and of "
           "an arm 10 %% worse with 5 %%\n");
    static const char *const names[] = {"coin, slices", "fixed order", "sequential",
                                        "pooled slices"};
    for (enum noise_layout layout = LAYOUT_COIN; layout <= LAYOUT_POOLED; layout++)
        printf("  %-13s  %6.2f  %6.2f\n", names[layout],
               percent(rates_layout(layout, 0, 0, sessions).failed),
               percent(rates_layout(layout, log(1.1), log(1.1) / 2, sessions).failed));
}

int main(int argc, char **argv)
{
    int sessions = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 20000;
    if (argc > 2 || sessions < 100) {
        fprintf(stderr, "usage: verdict_rates [SESSIONS, at least 100]\n");
        return 2;
    }
    print_fixed_coverage(sessions);
    print_stopping(sessions);
    print_equal_arms(sessions);
    print_detection(sessions);
    print_family(sessions);
    print_layouts(sessions);
    return 0;
}
