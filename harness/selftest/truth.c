#include "selftest/truth.h"

#include <math.h>

#include "base/clock.h"
#include "base/rng.h"

#define SIMULATIONS 1000
#define SIGMAS      2.576 /* 99 % of a normal distribution */

int64_t truth_frozen_ns(int64_t arrival_ns, int64_t service_ns, const struct truth_freeze *freeze)
{
    int64_t read_ns = arrival_ns;
    if (arrival_ns >= freeze->begin_ns && arrival_ns < freeze->end_ns)
        read_ns = freeze->end_ns;
    int64_t done_ns = read_ns + service_ns;
    if (done_ns >= freeze->begin_ns && done_ns < freeze->end_ns)
        done_ns = freeze->end_ns;
    return done_ns - arrival_ns;
}

void truth_frozen_all(double rate_rps, int64_t service_ns, const struct truth_freeze *freeze,
                      size_t n, int64_t *out_ns)
{
    for (size_t k = 0; k < n; k++)
        out_ns[k] =
            truth_frozen_ns(llrint((double)k / rate_rps * (double)NS_PER_S), service_ns, freeze);
}

void truth_queue(const int64_t *arrivals_ns, const int64_t *services_ns, size_t n, int64_t *out_ns)
{
    int64_t free_ns = INT64_MIN;
    for (size_t i = 0; i < n; i++) {
        int64_t start_ns = arrivals_ns[i] > free_ns ? arrivals_ns[i] : free_ns;
        free_ns = start_ns + services_ns[i];
        out_ns[i] = free_ns - arrivals_ns[i];
    }
}

double truth_random_mean_ns(double mean_service_ns, double load)
{
    return mean_service_ns / (1 - load);
}

static double draw(struct rng *rng, double mean)
{
    return -mean * log1p(-rng_unit(rng));
}

/* The mean latency of one run of n requests, in mean service times. */
static double simulate(struct rng *rng, double load, size_t n)
{
    double wait = 0;
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        double latency = wait + draw(rng, 1);
        sum += latency;
        wait = fmax(0, latency - draw(rng, 1 / load));
    }
    return sum / (double)n;
}

double truth_random_spread_ns(double mean_service_ns, double load, size_t n, uint64_t seed)
{
    struct rng rng;
    double mean = 1 / (1 - load);
    double squares = 0;
    rng_init(&rng, seed);
    for (int i = 0; i < SIMULATIONS; i++) {
        double off = simulate(&rng, load, n) - mean;
        squares += off * off;
    }
    return SIGMAS * sqrt(squares / SIMULATIONS) * mean_service_ns;
}
