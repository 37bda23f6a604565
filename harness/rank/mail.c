#include "rank/mail.h"

#include <limits.h>
#include <mpi.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"

#define OPEN_LIMIT_S  30
#define CLOSE_LIMIT_S 5

struct sending {
    struct sending *next;
    MPI_Request request;
    int to;
    char *bytes;
};

/* A long letter, of which a part is still under way. */
struct receiving {
    struct receiving *next;
    MPI_Request request;
    struct letter letter;
};

struct mail {
    int rank, count;
    struct sending *sending;
    struct receiving *receiving, **last;
};

/* ---- limits for what MPI waits for ---- */

static void on_open_limit(int number)
{
    static const char text[] = "bench-rank: not all ranks came up within 30 s; check that "
                               "bench-rank is on every host, and that the hosts reach each other "
                               "(--mca btl_tcp_if_include)\n";
    (void)number;
    if (write(STDERR_FILENO, text, sizeof text - 1) < 0)
        _exit(err_exit_code(ERR_INVALID));
    _exit(err_exit_code(ERR_USAGE));
}

static void on_close_limit(int number)
{
    (void)number;
    _exit(0);
}

static void limit(unsigned seconds, void (*then)(int))
{
    const struct sigaction action = {.sa_handler = then};
    (void)sigaction(SIGALRM, &action, NULL);
    (void)alarm(seconds);
}

/* ---- open and close ---- */

struct mail *mail_open(struct err *err)
{
    int provided = 0;
    limit(OPEN_LIMIT_S, on_open_limit);
    if (MPI_Init_thread(NULL, NULL, MPI_THREAD_SINGLE, &provided) != MPI_SUCCESS) {
        (void)err_set(err, ERR_USAGE, "MPI_Init failed; start bench-rank with mpirun");
        return NULL;
    }
    (void)alarm(0);
    struct mail *m = mem_zalloc(sizeof *m);
    (void)MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    (void)MPI_Comm_rank(MPI_COMM_WORLD, &m->rank);
    (void)MPI_Comm_size(MPI_COMM_WORLD, &m->count);
    m->last = &m->receiving;
    return m;
}

int mail_rank(const struct mail *m)
{
    return m->rank;
}

int mail_count(const struct mail *m)
{
    return m->count;
}

void mail_close(struct mail *m)
{
    (void)m;
    limit(CLOSE_LIMIT_S, on_close_limit);
    (void)MPI_Finalize();
    (void)alarm(0);
}

/* ---- out ---- */

static bool is_done(MPI_Request *request)
{
    int done = 0;
    return MPI_Test(request, &done, MPI_STATUS_IGNORE) == MPI_SUCCESS && done != 0;
}

bool mail_is_sent(struct mail *m, int to)
{
    bool is_sent = true;
    for (struct sending **at = &m->sending; *at != NULL;) {
        struct sending *s = *at;
        if (!is_done(&s->request)) {
            is_sent = is_sent && s->to != to;
            at = &s->next;
            continue;
        }
        *at = s->next;
        free(s->bytes);
        free(s);
    }
    return is_sent;
}

void mail_send(struct mail *m, int to, enum letter_kind kind, const void *bytes, size_t len)
{
    struct sending *s = mem_zalloc(sizeof *s);
    if (len > INT_MAX)
        len = INT_MAX; /* the reader finds half a document, and says so */
    s->to = to;
    s->bytes = mem_copy(bytes, len);
    if (MPI_Isend(s->bytes, (int)len, MPI_BYTE, to, (int)kind, MPI_COMM_WORLD, &s->request) !=
        MPI_SUCCESS) {
        free(s->bytes);
        free(s);
        return; /* NOLINT(clang-analyzer-optin.mpi.MPI-Checker): nothing was begun */
    }
    s->next = m->sending;
    m->sending = s;
} /* NOLINT(clang-analyzer-optin.mpi.MPI-Checker): mail_is_sent tests it, and nothing waits */

/* ---- in ---- */

static bool take_received(struct mail *m, struct letter *out)
{
    for (struct receiving **at = &m->receiving; *at != NULL; at = &(*at)->next) {
        struct receiving *r = *at;
        if (!is_done(&r->request))
            continue;
        *out = r->letter;
        *at = r->next;
        if (m->last == &r->next)
            m->last = at;
        free(r);
        return true;
    }
    return false;
}

/* Begins to receive the next letter that is offered; most are here at once. */
static bool begin_next(struct mail *m)
{
    MPI_Message message;
    MPI_Status status;
    int found = 0, len = 0;
    if (MPI_Improbe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &found, &message, &status) !=
            MPI_SUCCESS ||
        found == 0)
        return false;
    (void)MPI_Get_count(&status, MPI_BYTE, &len);
    struct receiving *r = mem_zalloc(sizeof *r);
    r->letter = (struct letter){.kind = (enum letter_kind)status.MPI_TAG,
                                .from = status.MPI_SOURCE,
                                .bytes = mem_zalloc((size_t)len + 1),
                                .len = (size_t)len};
    if (MPI_Imrecv(r->letter.bytes, len, MPI_BYTE, &message, &r->request) != MPI_SUCCESS) {
        free(r->letter.bytes);
        free(r);
        return true;
    }
    *m->last = r;
    m->last = &r->next;
    return true;
}

bool mail_next(struct mail *m, struct letter *out)
{
    (void)mail_is_sent(m, m->rank); /* frees what is done */
    do {
        if (take_received(m, out))
            return true;
    } while (begin_next(m));
    return false;
}
