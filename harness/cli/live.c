#include "cli/live.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "cli/terminal.h"

#define ECHO_WIDTH 3 /* room for the terminal's "^C", so that it does not wrap the line */

static void draw(struct live *live, struct progress *p)
{
    size_t width = terminal_width(stderr);
    if (live->place.arm != NULL) {
        p->place = &live->place;
        if (live->left_at_start_ns != MISSING)
            live->place.left_ns = live->left_at_start_ns - (clock_now_ns() - live->started_ns);
    }
    char *line = report_progress(p, width > ECHO_WIDTH ? width - ECHO_WIDTH : 0, &live->style);
    log_progress(line);
    free(line);
}

void live_start(struct live *live, const struct plan *plan, const struct trial_place *place)
{
    *live = (struct live){.plan = plan, .style = terminal_style(stderr)};
    if (place != NULL) {
        live->place = *place;
        live->left_at_start_ns = place->left_ns;
        live->started_ns = clock_now_ns();
    }
    live->on = plan->progress && isatty(STDERR_FILENO);
    if (!live->on)
        return;
    bool warm = plan->warmup_ns > 0;
    draw(live, &(struct progress){.phase = warm ? "warm-up" : NULL,
                                  .total_ns = warm ? plan->warmup_ns : plan->duration_ns,
                                  .amount = warm ? 0 : plan->amount,
                                  .requests_per_second = NAN,
                                  .p50_ns = MISSING,
                                  .p99_ns = MISSING});
}

void live_second(void *live, const struct second *second)
{
    struct live *l = live;
    l->completed += second->requests;
    l->errors += second->errors;
    l->non_2xx += second->non_2xx;
    if (!l->on)
        return;
    draw(l, &(struct progress){.elapsed_ns = (int64_t)(second->at_s * 1e9),
                               .total_ns = l->plan->duration_ns,
                               .completed = l->completed,
                               .amount = l->plan->amount,
                               .requests_per_second = (double)second->requests / second->length_s,
                               .p50_ns = second->p50_ns,
                               .p99_ns = second->p99_ns,
                               .errors = l->errors,
                               .non_2xx = l->non_2xx});
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
    if (!l->on)
        return;
    draw(l, &(struct progress){.phase = "draining",
                               .elapsed_ns = waited_ns,
                               .jobs_left = jobs_left,
                               .jobs_per_second = drain_rate(l, jobs_left, waited_ns),
                               .completed = l->completed,
                               .requests_per_second = NAN,
                               .p50_ns = MISSING,
                               .p99_ns = MISSING,
                               .errors = l->errors,
                               .non_2xx = l->non_2xx});
}

void live_end(const struct live *live)
{
    if (live->on)
        log_progress(NULL);
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
