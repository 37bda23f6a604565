/* Whether all arms speak the same: TLS and HTTP/2 have a price of their own. */
#include <string.h>

#include "analysis/findings/findings_internal.h"
#include "analysis/sentence.h"
#include "model/protocol.h"

/* Of the first run in which a connection was open; "" without any. */
static char *protocol_of(const struct arm *arm, char text[PROTOCOL_TEXT])
{
    text[0] = '\0';
    for (size_t i = 0; i < arm->nresults && text[0] == '\0'; i++)
        (void)result_protocol(&arm->results[i], text);
    return text;
}

/* The arms from `first` on that speak this. */
static void collect(const struct comparison *c, size_t first, const char *protocol,
                    struct arm_set *set)
{
    char text[PROTOCOL_TEXT];
    for (size_t i = first; i < c->narms; i++) {
        if (strcmp(protocol_of(&c->arms[i], text), protocol) == 0)
            arm_set_add(set, &c->arms[i]);
    }
}

static bool is_told(const struct comparison *c, size_t arm, const char *protocol)
{
    char text[PROTOCOL_TEXT];
    bool any = false;
    for (size_t i = 0; i < arm; i++)
        any |= strcmp(protocol_of(&c->arms[i], text), protocol) == 0;
    return any;
}

void find_protocols(struct comparison *c)
{
    struct sentence s;
    size_t different = 0;
    sentence_begin(&s, "protocols-differ");
    for (size_t i = 0; i < c->narms; i++) {
        char protocol[PROTOCOL_TEXT];
        struct arm_set set = {0};
        if (protocol_of(&c->arms[i], protocol)[0] == '\0' || is_told(c, i, protocol))
            continue;
        collect(c, i, protocol, &set);
        sentence_add(&s, different++ > 0 ? "; " : "");
        sentence_arms(&s, &set, "and");
        sentence_add(&s, set.count > 1 ? " speak %s" : " speaks %s", protocol);
        arm_set_fini(&set);
    }
    sentence_add(&s, ": a difference between these may be that of the protocols");
    if (different > 1)
        sentence_end(&s, c);
    else
        sentence_drop(&s);
}
