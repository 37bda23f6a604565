#include "cli/live.h"

#include <math.h>

#include "base/clock.h"
#include "report/live/trial.h"

static void draw(struct live *live, struct live_trial *t)
{
    t->load = &live->load;
    if (live->place.arm != NULL) {
        t->place = &live->place;
        if (live->left_at_start_ns != MISSING)
            live->place.left_ns = live->left_at_start_ns - (clock_now_ns() - live->started_ns);
    }
    screen_draw(&live->screen, live_trial(t, screen_style(&live->screen), screen_rows()));
}

void live_start(struct live *live, const struct plan *plan, const struct trial_place *place)
{
    *live = (struct live){.plan = plan, .started_ns = clock_now_ns()};
    history_init(&live->load, plan);
    if (place != NULL) {
        live->place = *place;
        live->left_at_start_ns = place->left_ns;
    }
    screen_open(&live->screen, plan->progress);
    bool warm = plan->warmup_ns > 0;
    if (live->screen.on)
        draw(live, &(struct live_trial){.phase = warm ? "warm-up" : NULL,
                                        .total_ns = warm ? plan->warmup_ns : plan->duration_ns,
                                        .amount = warm ? 0 : plan->amount});
}

void live_second(void *live, const struct second *second)
{
    struct live *l = live;
    history_add(&l->load, second);
    if (screen_is_due(&l->screen))
        draw(l, &(struct live_trial){.elapsed_ns = (int64_t)(second->at_s * 1e9),
                                     .total_ns = l->plan->duration_ns,
                                     .amount = l->plan->amount});
}

/* The average since the first call, once that is a second ago. */
static double drain_rate(struct live *l, int64_t jobs_left, int64_t waited_ns)
{
    if (l->drain_left == 0) {
        l->drain_left = jobs_left;
        l->drain_waited_ns = waited_ns;
    }
    int64_t passed_ns = waited_ns - l->drain_waited_ns;
    if (passed_ns < NS_PER_S)
        return NAN;
    return (double)(l->drain_left - jobs_left) * (double)NS_PER_S / (double)passed_ns;
}

void live_left(void *live, int64_t jobs_left, int64_t waited_ns)
{
    struct live *l = live;
    double per_second = drain_rate(l, jobs_left, waited_ns);
    if (screen_is_due(&l->screen))
        draw(l, &(struct live_trial){.phase = "draining",
                                     .elapsed_ns = waited_ns,
                                     .jobs_left = jobs_left,
                                     .jobs_per_second = per_second});
}

void live_end(struct live *live)
{
    screen_close(&live->screen);
}

static void on_start(void *live, const struct plan *plan, const struct trial_place *place)
{
    live_start(live, plan, place);
}

static void on_end(void *live)
{
    live_end(live);
}

struct rounds_view live_rounds(struct live *live)
{
    return (struct rounds_view){
        .of_trial = {live, live_second, live_left}, .on_start = on_start, .on_end = on_end};
}
