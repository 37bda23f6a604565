/* The words of the page, explained. */
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "report/page/page_internal.h"
#include "report/xml.h"

struct term {
    const char *word, *sign; /* how the page shows that it uses the word; NULL: the word */
    const char *meaning;
};

/* By the alphabet. */
static const struct term terms[] = {
    {"arm", ">arm<", "One of the servers, or runs, that are set side by side."},
    {"backlog", NULL, "Jobs that were accepted and are not done yet."},
    {"block", "in each block",
     "One measurement of both arms with fresh processes. A verdict rests on the differences "
     "within blocks, never on single requests."},
    {"broker", NULL, "Where a queue keeps its jobs: a SQLite file, or Redis."},
    {"capacity", ">capacity<",
     "The highest rate at which a goal holds: there it holds in half of all trials."},
    {"closed loop", NULL,
     "A fixed number of connections; each sends its next request as soon as the last one is "
     "answered. A slow server gets fewer requests, so a latency holds for this number of "
     "connections and not for a given rate."},
    {"coordinated omission", "open loop",
     "The mistake of a load generator that waits for a stalled server and so never measures the "
     "requests that would have come meanwhile. In an open loop bench counts each latency from "
     "when the request was due."},
    {"counts", " counts",
     "The CPU work of a bundled server: it adds up to this number, one by one."},
    {"CPU wait", NULL,
     "How long threads of the server were ready to run while no core was free, summed over all its "
     "threads. With many threads it is far longer than the run."},
    {"CPU/work", NULL, "Processor time of all processes of the server for each piece of work."},
    {"fanout", ">fanout<", "How many threads the threads strategy starts for each request."},
    {"gate", ">Gates<",
     "A limit on a figure. It passes, fails, or is inconclusive when the interval of the change "
     "lies on both sides of the limit."},
    {"in flight", NULL,
     "Requests that were sent and had no response when the run ended. They count with the time "
     "that they had waited."},
    {"inline", ">inline<", "The strategy that does the work on the event loop itself."},
    {"interval", ">interval<", "Where the true change lies, at the level that is given beside it."},
    {"isolate", NULL,
     "The JavaScript engine of one thread. A worker thread of Node has one of its own; --isolate "
     "v8 "
     "models its cost with 50 ms of CPU to start and 8.3 MiB of memory for each thread."},
    {"load average", NULL,
     "How many threads of the machine ran or were ready to run, over the minute before. The "
     "servers "
     "of the trials before count, so hundreds are no sign that other programs disturbed."},
    {"median over the rounds", "medians over the rounds",
     "Each arm was run several times; the middle value is shown, and its range below it."},
    {"offload", ">offload<",
     "The strategy that passes each request to a separate compute service over HTTP."},
    {"open loop", NULL,
     "Requests are due at a rate, whatever became of the earlier ones. Latency counts from when "
     "a request was due."},
    {"p50", NULL, "Half of the requests were at least this fast: the typical latency."},
    {"p99", NULL, "99 of 100 requests were at least this fast: one in a hundred took longer."},
    {"peak RSS", NULL, "The most memory that the server's processes held at one time."},
    {"/ping", NULL,
     "A cheap path of the same server (the probe endpoint). It is requested at a steady rate "
     "during "
     "the load, to see what the load does to other requests. If the server cannot answer it at "
     "that "
     "rate, the probes pile up too, and their time grows until the load ends: 9 s in a run of 10 s "
     "means that the path was blocked throughout."},
    {"pilot", ">pilot<",
     "The first trial of an arm, in a closed loop: about what the server can answer at most, from "
     "where the search begins."},
    {"pool", ">pool<", "The strategy with a fixed number of threads that share all requests."},
    {"probe", "probe", "A request to a cheap path of the server while the load runs."},
    {"queue", ">queue<",
     "The strategy that stores a job, answers at once, and leaves the work to a worker process."},
    {"range", ">range<", "From the lowest to the highest of the rounds."},
    {"req/s", NULL, "Responses per second. Of a queue: jobs that were accepted."},
    {"round", "rounds", "One whole trial of each arm, with fresh processes, in random order."},
    {"saturated", NULL, "The load generator itself was the limit, not the server."},
    {"switches/req", NULL,
     "How often the kernel switched threads of the server, for each request."},
    {"threads", "<span class=\"swatch b-a1\"></span>threads",
     "As the name of an arm: the strategy that starts new threads for every request."},
    {"v8", "-v8<", "In the name of an arm: with the cost of a V8 isolate for each thread."},
    {"work/s", NULL, "Pieces of work that were done per second. Of a queue: completed jobs."},
    {"x10", "-x10<", "In the name of an arm: each request is 10 times the work."},
};

static bool occurs(const char *text, const struct term *t)
{
    return strstr(text, t->sign == NULL ? t->word : t->sign) != NULL;
}

void page_glossary(const char *text, struct buf *out)
{
    bool used[LEN(terms)];
    for (size_t i = 0; i < LEN(terms); i++)
        used[i] = occurs(text, &terms[i]);
    buf_puts(out, "<section id=\"glossary\" aria-labelledby=\"glossary-h\">\n"
                  "<h2 id=\"glossary-h\">Glossary</h2>\n<dl class=\"glossary\">\n");
    for (size_t i = 0; i < LEN(terms); i++) {
        if (!used[i])
            continue;
        buf_puts(out, "<div><dt>");
        xml_text(out, terms[i].word);
        buf_puts(out, "</dt><dd>");
        xml_text(out, terms[i].meaning);
        buf_puts(out, "</dd></div>\n");
    }
    buf_puts(out, "</dl>\n</section>\n");
}
