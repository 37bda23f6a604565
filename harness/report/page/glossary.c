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

static const struct term terms[] = {
    {"arm", ">arm<", "One of the servers, or runs, that are set side by side."},
    {"backlog", NULL, "Jobs that were accepted and are not done yet."},
    {"block", "in each block",
     "One measurement of both arms with fresh processes. A verdict rests on the differences "
     "within blocks, never on single requests."},
    {"closed loop", NULL,
     "A fixed number of connections; each sends its next request when the last one was answered. A "
     "slow server is asked less, so read a latency as \"with so many clients\"."},
    {"coordinated omission", "open loop",
     "The mistake of a load generator that waits for a stalled server and so never measures the "
     "requests that would have come meanwhile. In an open loop bench counts each latency from "
     "when the request was due."},
    {"CPU wait", NULL, "How long threads of the server were ready to run while no core was free."},
    {"CPU/work", NULL, "Processor time of all processes of the server for each piece of work."},
    {"gate", ">Gates<",
     "A limit on a figure. It passes, fails, or is inconclusive when the interval of the change "
     "lies on both sides of the limit."},
    {"in flight", NULL,
     "Requests that were sent and had no response when the run ended. They count with the time "
     "that they had waited."},
    {"interval", ">interval<", "Where the true change lies, at the level that is given beside it."},
    {"median over the rounds", NULL,
     "Each arm was run several times; the middle value is shown, and its range below it. Pictures "
     "of latencies take all rounds together, so their figures may differ a little."},
    {"open loop", NULL,
     "Requests are due at a rate, whatever became of the earlier ones. Latency counts from when "
     "a request was due."},
    {"p50", NULL, "Half of the requests were at least this fast: the typical latency."},
    {"p99", NULL, "99 of 100 requests were at least this fast: one in a hundred took longer."},
    {"peak RSS", NULL, "The most memory that the server's processes held at one time."},
    {"/ping", NULL,
     "A cheap path of the same server, requested during the load: what the load does to "
     "other requests (the probe endpoint)."},
    {"range", ">range<", "From the lowest to the highest of the rounds."},
    {"req/s", NULL, "Responses per second. Of a queue: jobs that were accepted."},
    {"round", "rounds", "One whole trial of each arm, with fresh processes, in random order."},
    {"saturated", NULL, "The load generator itself was the limit, not the server."},
    {"switches/req", NULL,
     "How often the kernel switched threads of the server, for each request."},
    {"work/s", NULL, "Pieces of work that were done per second. Of a queue: completed jobs."},
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
