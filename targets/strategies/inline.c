/* inline: the event loop itself does the work.
 *
 * One thread reads requests, counts, and writes replies. While it counts it does nothing else:
 *
 *     loop   [read A][ count A 5.7 ms ][write A][read B][ count B 5.7 ms ][write B]..
 *
 * What it costs: nothing beyond the work. There are no threads, no queue, no memory and no
 * hand-over, so for one client at a time nothing is faster.
 *
 * What breaks: everything else that the loop should do. With 100 clients a request waits for 99
 * others, and so does GET /ping, which needs microseconds: one slow path blocks every other path.
 * New connections are not accepted meanwhile, either. Only one core is ever used.
 *
 * What to look at: the latency that the client measures. The server's own `wait` is misleading: it
 * counts from the parsed request to the start of its work, and here that is next to nothing. The
 * requests wait unread in socket buffers, where no server can see them.
 */
#include <stddef.h>

#include "base/clock.h"
#include "targets/http/strategy.h"
#include "targets/work/work.h"

static void inline_handle(void *state, struct request *request)
{
    struct strategy_env *env = state;
    struct work work = request_work(request);
    int64_t began_ns = clock_now_ns();
    int64_t reached = work_run(&work, &env->stop); /* the loop is blocked here */
    request_reply_work(request, reached, began_ns, clock_now_ns());
}

static int inline_start(struct strategy_env *env, void **state, struct err *err)
{
    (void)err;
    *state = env; /* there is no other state */
    return 0;
}

const struct strategy strategy_inline = {
    .name = "inline",
    .summary = "The event loop does the work itself; every other request waits.",
    .start = inline_start,
    .handle = inline_handle,
};
