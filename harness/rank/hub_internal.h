/* hub_internal: what the files of the hub share.
 *
 * Shape   a hub goes through its phases in order. hub_start.c has those before the window opens,
 *         hub.c the run, hub_end.c what comes after it, and hub_news.c what all of them say.
 */
#ifndef RANK_HUB_INTERNAL_H
#define RANK_HUB_INTERNAL_H

#include <jansson.h>

#include "base/clock.h"
#include "rank/clocks.h"
#include "rank/hub.h"
#include "rank/seconds.h"

enum phase {
    PHASE_HELLO,  /* the hosts say what they would do */
    PHASE_READY,  /* they connect and warm up */
    PHASE_CLOCKS, /* their clocks are read */
    PHASE_START,  /* they get the time */
    PHASE_RUN,
    PHASE_CLOCKS_AGAIN,
    PHASE_MERGE, /* bench merge runs */
    PHASE_OVER,
};

/* A member as the hub sees it. */
struct seen {
    char *host, *version, *layout, *digest, *error;
    int64_t cores;
    bool said_hello, is_ready, has_start, ended, lost, is_mute;
    int64_t heard_ns;     /* any letter */
    int64_t line_ns;      /* a second */
    struct offset offset; /* of its clock, before the run */
    struct offset again;  /* and after it */
    struct buf lines;     /* its seconds */
    char *document;       /* its result; NULL: none */
    int status;           /* of its generator, once it ended */
    char *said;           /* the generator's last error; NULL */
    char *why;            /* it is lost */
    int fd;               /* of the file for bench merge; -1 */
};

struct hub {
    struct mail *mail;
    const struct arguments *arguments;
    const char *bench;
    enum phase phase;
    int64_t began_ns; /* of the phase */
    int count;
    struct seen *seen;
    int pinged;                  /* which member, in a phase of clocks */
    int64_t ping_ns, pinging_ns; /* when the ping left, and the first one to this member */
    int64_t start_ns;            /* when the window opens */
    bool window_told, stopping;
    int64_t stopped_ns;
    struct seconds *seconds;
    double whole_s; /* until then all lived; a figure only when one was lost */
    bool has_lost;
    bool has_mute; /* a rank does not answer */
    int signal;    /* 0: nobody interrupted it */
    bool hurries;  /* mpirun ends its ranks, and kills them soon */
    struct program merge;
    int64_t beat_ns;
    int code;
};

/* hub_news.c */
void hub_enter(struct hub *h, enum phase phase);
/* The host's name, and which of its ranks where it has several; the caller frees it. */
char *hub_name(const struct hub *h, int member);
/* The names of those for which it is true, "a, b and c"; NULL when there is none. */
typedef bool hub_is_fn(const struct seen *s);
char *hub_names(const struct hub *h, hub_is_fn *is);
void hub_send_all(struct hub *h, enum letter_kind kind, const void *bytes, size_t len);
/* Nothing was measured: tells why and ends all. */
__attribute__((format(printf, 3, 4))) void hub_fail(struct hub *h, int code, const char *format,
                                                    ...);
enum loss {
    LOSS_MUTE,      /* the rank does not answer any more */
    LOSS_GENERATOR, /* it does, but its generator is of no use */
};
void hub_lose(struct hub *h, int member, enum loss loss, const char *why);
/* The generators end their windows now. */
void hub_stop_all(struct hub *h);
/* A line of the stream; takes the value over. */
void hub_tell(struct hub *h, const char *event, json_t *value);
void hub_print(struct hub *h, const char *text);

/* hub_start.c */
void hub_take_hello(struct hub *h, struct seen *s, const struct letter *letter);
void hub_take_pong(struct hub *h, const struct letter *letter, int64_t now_ns);
void hub_tick_start(struct hub *h, int64_t now_ns);
/* Goes on to the next member that lives, or the next phase. */
void hub_tick_clocks(struct hub *h, int64_t now_ns);

/* hub_end.c */
void hub_take_ended(struct hub *h, int member, const struct letter *letter);
void hub_begin_merge(struct hub *h);
void hub_tick_merge(struct hub *h);

#endif
