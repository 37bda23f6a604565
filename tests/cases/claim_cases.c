#include "cases/claim_cases.h"

#include <math.h>

#include "base/mem.h"

#define HOSTILE "</td>|`a`|\033[31m"

const char *const claim_arms[] = {"inline", "threads", "threads-v8", "queue", HOSTILE, NULL};

struct known_claim {
    const char *code, *text, *published, *arm, *measured;
    enum claim_verdict verdict;
    const char *reason, *metric;
    double value;
};

static const struct known_claim known[] = {
    {"loop-stalls", "a CPU-bound handler on the event loop stalls it and blocks other paths", NULL,
     "inline", "/ping p99 586 ms", CLAIM_HOLDS,
     "Under load, /ping had a p50 of 419 ms and a p99 of 586 ms.", "probe_p99", 586e6},
    {"threads-time-out", "unpooled threads complete 0 requests and time out",
     "0 requests, all timed out", "threads", "14 requests, 86 in flight", CLAIM_FAILS,
     "It completed 14 requests: a thread in C costs microseconds to start; 86 were in flight at "
     "the "
     "end and none had timed out, since no run lasted longer than the timeout of 10 s.",
     "completed", 14},
    {"threads-time-out", "unpooled threads complete 0 requests and time out",
     "0 requests, all timed out", "threads-v8", "0 requests, 100 in flight", CLAIM_HOLDS,
     "It completed 0 of 100 requests.", "completed", 0},
    {"threads-asked", "100 requests start 800 threads", "800 threads", "threads",
     "643 at once, of 800 started", CLAIM_HOLDS,
     "It started 8 threads per request; 643 existed at once.", "threads_peak", 643},
    {"threads-asked", "100 requests start 800 threads", "8 per request", "threads-v8", NULL,
     CLAIM_NOT_COMPARABLE, "It was stopped by --max-rss before any request was complete.", "sent",
     NAN},
    {"queue-accepts",
     "the gateway of the queue accepts about 15,000 requests per second at about 6 ms, because it "
     "only pushes a job to the broker and answers 202 at once",
     "about 15,000/s at 6 ms", "queue", "18.1k/s at 6.15 ms (p50), 2 cores", CLAIM_HOLDS,
     "It accepted 18.1k/s, of which it completed 148/s; 2.26k/s per core there, 9.05k/s here.",
     "requests_per_second", 18100},
    {"evil", "a|b`c\"d<e>&'f\\g\nh\033[31m @user [x](http://y) *z*\xff", "| --- |\n`", HOSTILE,
     "1. <script>|" HOSTILE, CLAIM_NOT_COMPARABLE, "\n\n# h\n- ~~x~~ | y\r\n```\n:+1: #1 $x$ ",
     "evil", 1},
};

void claim_cases_add(struct comparison *c)
{
    for (size_t i = 0; i < LEN(known); i++) {
        const struct known_claim *k = &known[i];
        struct claim claim = {
            .code = mem_strdup(k->code),
            .text = mem_strdup(k->text),
            .published = mem_strdup_or_null(k->published),
            .arm = mem_strdup(k->arm),
            .measured = mem_strdup_or_null(k->measured),
            .verdict = k->verdict,
            .reason = mem_strdup(k->reason),
            .figures = mem_array(1, sizeof *claim.figures),
            .nfigures = 1,
        };
        claim.figures[0] = (struct figure){
            .arm = mem_strdup(k->arm), .metric = mem_strdup(k->metric), .value = k->value};
        comparison_add_claim(c, &claim);
    }
}
