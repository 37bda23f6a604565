#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analysis/warnings_internal.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"

#define FEW 0.01 /* of the requests, or of the attempts to connect */
#define WHAT_MOST                                                                                  \
    120 /* bytes of what happened; an error message has room for that and a remedy                 \
         */

static const char *connect_remedy(int error)
{
    switch (error) {
    case EADDRNOTAVAIL:
        return "each new connection needs a local port, and a closed one keeps its port for a "
               "minute: keep connections alive, or widen net.ipv4.ip_local_port_range";
    case ECONNREFUSED:
        return "check that the server is running, and the length of its listen queue";
    case EAGAIN: /* only of a unix socket */
        return "lower -c, or let the server have a longer listen queue (net.core.somaxconn limits "
               "it)";
    case ENOENT:
        return "check the server: it has removed its socket, or put another one there";
    case EMFILE:
    case ENFILE:
        return "raise ulimit -n, or lower -c";
    case ETIMEDOUT:
        return "the server's listen queue may be full: lower -c, or allow more time with -t";
    default:
        return "check the server's log";
    }
}

static const char *connect_words(int error)
{
    const char *words = strerrordesc_np(error);
    if (error == EADDRNOTAVAIL)
        return "no local port is free";
    if (error == EAGAIN)
        return "the listen queue is full";
    return words == NULL ? "unknown error" : words;
}

static const struct connect_error *most_frequent(const struct accounting *a)
{
    const struct connect_error *most = NULL;
    for (size_t i = 0; i < a->nconnect_errors; i++) {
        if (most == NULL || a->connect_errors[i].count > most->count)
            most = &a->connect_errors[i];
    }
    return most;
}

/* The two halves of "the certificate is self-signed (CN = a); give it with --ca FILE". */
struct trouble {
    int what_len;
    const char *what, *remedy; /* the remedy may be "" */
};

static struct trouble split(const char *text)
{
    const char *end = NULL;
    for (const char *p = strstr(text, "); "); p != NULL; p = strstr(p + 1, "); "))
        end = p + 1; /* the last: what is in the parentheses comes from the server */
    if (end == NULL)
        end = strstr(text, "; ");
    if (end == NULL)
        end = text + strlen(text);
    size_t len = str_fit(text, WHAT_MOST);
    if (len > (size_t)(end - text))
        len = (size_t)(end - text);
    return (struct trouble){(int)len, text, *end == '\0' ? end : end + 2};
}

void warnings_nothing_connected(struct result *r)
{
    const struct connect_error *most = most_frequent(&r->accounting);
    const char *path = result_socket_path(r);
    const char *to = path == NULL ? "" : " to ";
    int error = most == NULL ? 0 : most->number;
    r->valid = false;
    if (path == NULL)
        path = "";
    if (most != NULL && most->text != NULL) {
        struct trouble t = split(most->text);
        warn(r, "nothing-connected", NULL, "no connection%s%s could be opened: %.*s%s%s", to, path,
             t.what_len, t.what, t.remedy[0] == '\0' ? "" : "; ", t.remedy);
        return;
    }
    warn(r, "nothing-connected", "check the server; connect_errors in the result lists the errors",
         "no connection%s%s could be opened, so nothing was measured (%s, errno %d)", to, path,
         error == 0 ? "no response" : connect_words(error), error);
}

static void warn_errno(struct result *r, const struct connect_error *most, double part)
{
    const char *name = strerrorname_np(most->number);
    const char *path = result_socket_path(r);
    warn(r, "connects-failed", connect_remedy(most->number),
         "%.2f %% of the attempts to connect%s%s failed, mostly with \"%s\" (%s, errno %d)",
         part * 100, path == NULL ? "" : " to ", path == NULL ? "" : path,
         connect_words(most->number), name == NULL ? "?" : name, most->number);
}

static void check_connects(struct result *r)
{
    const struct accounting *a = &r->accounting;
    const struct connect_error *most = most_frequent(a);
    double part = (double)a->connect_failed / (double)(a->connected + a->connect_failed);
    if (a->connected == 0 || most == NULL || !(part > FEW))
        return; /* without any connection there is already the warning that nothing was measured */
    if (most->text == NULL) {
        warn_errno(r, most, part);
        return;
    }
    struct trouble t = split(most->text);
    warn(r, "connects-failed", t.remedy[0] == '\0' ? NULL : t.remedy,
         "%.2f %% of the attempts to connect failed, mostly in TLS: %.*s", part * 100, t.what_len,
         t.what);
}

/* "8 timed out, 12 lost to Connection reset by peer (errno 104), 3 not HTTP" */
static void add_count(struct buf *text, int64_t count, const char *what)
{
    if (count > 0)
        buf_printf(text, "%s%" PRId64 " %s", text->len > 0 ? "; " : "", count, what);
}

static int64_t reasons_of(const struct accounting *a, enum loss_kind kind)
{
    int64_t sum = 0;
    for (size_t i = 0; i < a->nloss_reasons; i++)
        sum += a->loss_reasons[i].kind == kind ? a->loss_reasons[i].count : 0;
    return sum;
}

static void add_reason(struct buf *text, const struct loss_reason *reason)
{
    char what[160];
    const char *words = reason->number > 0 ? strerrordesc_np(reason->number) : NULL;
    if (reason->number > 0)
        (void)snprintf(what, sizeof what, "%s (%s, errno %d)", loss_meanings[reason->kind],
                       words == NULL ? "unknown error" : words, reason->number);
    else
        (void)snprintf(what, sizeof what, "%s (%s)", loss_meanings[reason->kind], reason->text);
    add_count(text, reason->count, what);
}

static const char *loss_remedy(const struct accounting *a)
{
    static const char *const remedies[LOSS_COUNT] = {
        [LOSS_PARSE] = "look at one response: curl -v shows it",
        [LOSS_TLS] =
            "check the server's log, and what lies between: the data that came was no TLS, "
            "or was cut",
        [LOSS_REFUSED] = "lower -p: the server refuses streams beyond its limit",
        [LOSS_GOAWAY] = "let the server take more requests on a connection (in nginx "
                        "keepalive_requests), or count these as the price of its limit",
        [LOSS_STREAM] = "check the server's log; the reason is the code of its reset",
    };
    int64_t failed = accounting_failed(a);
    if (a->timed_out >= failed)
        return "lower -c, or allow more time with -t";
    for (size_t i = 0; i < LEN(remedies); i++) {
        if (a->failed[i] > failed / 2 && remedies[i] != NULL)
            return remedies[i];
    }
    return "check the server's log; a keep-alive limit should end with Connection: close";
}

/* Servers without pipelining close the connection after a response. */
static bool is_pipelining(const struct result *r)
{
    const struct accounting *a = &r->accounting;
    return !r->has_http2 && r->pipelining > 1 &&
           a->failed[LOSS_EOF] + a->failed[LOSS_DROPPED] > a->completed / 10;
}

static void check_losses(struct result *r)
{
    const struct accounting *a = &r->accounting;
    int64_t lost = a->timed_out + accounting_failed(a);
    double part = (double)lost / (double)a->sent;
    struct buf text;
    if (a->sent == 0 || !(part > FEW))
        return;
    buf_init(&text, BUF_TEXT_MAX);
    add_count(&text, a->timed_out, "timed out");
    for (size_t i = 0; i < a->nloss_reasons; i++)
        add_reason(&text, &a->loss_reasons[i]);
    for (size_t i = 0; i < LOSS_COUNT; i++)
        add_count(&text, a->failed[i] - reasons_of(a, (enum loss_kind)i), loss_meanings[i]);
    bool pipelining = is_pipelining(r);
    warn(r, pipelining ? "pipelining" : "lost",
         pipelining ? "use -p 1: many servers do not support pipelining" : loss_remedy(a),
         "%.2f %% of the requests got no whole response: %s", part * 100, text.data);
    buf_fini(&text);
}

/* The end of a target that bench started has its own warning. */
static void check_gone(struct result *r)
{
    const struct accounting *a = &r->accounting;
    if (a->gone_after_ns == MISSING || r->target_end != NULL)
        return;
    warn(r, "server-gone", "check the server's log; the rates include the time without a server",
         "the server went away %.1f s after the start: no connection could be opened any more",
         (double)a->gone_after_ns / 1e9);
}

void warnings_losses(struct result *r)
{
    check_gone(r);
    check_connects(r);
    check_losses(r);
}
