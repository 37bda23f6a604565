/* bench-rank: one rank of a load that several hosts make together; mpirun starts one on each.
 *
 * Rank 0 is the hub as well as a member. The process only ever looks for letters and waits some
 * milliseconds, so that it takes no core from the generator, which is a program of its own.
 */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/stdio.h"
#include "proc/memory.h"
#include "proc/programs.h"
#include "rank/hub.h"
#include "rank/member.h"
#include "rank/scratch.h"

#define NAME         "bench-rank"
#define TURN_MS      10
#define LAST_TURNS   50       /* for the last letters */
#define RESULT_TURNS 1000     /* for the figures of the other hosts */
#define GAP_NS       NS_PER_S /* after a longer turn this process was not running */

static volatile sig_atomic_t caught;
static pid_t parent; /* mpirun, or its daemon of this host */

static void on_signal(int number)
{
    caught = number;
}

/* Of its ranks mpirun ends, at Ctrl-C: SIGCONT, a second later SIGTERM, and after another one
 * SIGKILL (the seconds are its odls_base_sigkill_timeout). With the first there is time enough. */
static void on_continue(int number, siginfo_t *info, void *context)
{
    (void)number;
    (void)context;
    if (info->si_code == SI_USER && info->si_pid == parent)
        caught = SIGTERM;
}

/* Unless it passes on Ctrl-Z and what follows it, when it was asked to. */
static void watch_continue(void)
{
    const struct sigaction action = {.sa_sigaction = on_continue, .sa_flags = SA_SIGINFO};
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): the environment is not changed after the start */
    if (getenv("OMPI_MCA_orte_forward_job_control") == NULL)
        (void)sigaction(SIGCONT, &action, NULL);
}

/* SIGUSR1 is what mpirun passes on to its ranks; at the others it ends them. */
static void watch_signals(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1};
    const struct sigaction action = {.sa_handler = on_signal};
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        (void)sigaction(numbers[i], &action, NULL);
    (void)sigaction(SIGPIPE, &ignore, NULL);
    watch_continue();
}

struct rank {
    struct mail *mail;
    struct member *member;
    struct hub *hub; /* NULL: another rank's */
    bool is_streaming;
    int64_t turned_ns;
};

static bool is_for_member(enum letter_kind kind)
{
    return kind < LETTER_HELLO;
}

static void take_letters(struct rank *r)
{
    struct letter letter;
    while (mail_next(r->mail, &letter)) {
        int64_t now_ns = clock_now_ns();
        if (letter.kind == LETTER_BEAT && letter.from == 0)
            member_take(r->member, &letter, now_ns);
        if (letter.kind != LETTER_BEAT && is_for_member(letter.kind))
            member_take(r->member, &letter, now_ns);
        else if (r->hub != NULL)
            hub_take(r->hub, &letter, now_ns);
        free(letter.bytes);
    }
}

/* A ping is answered at once, which is the only time that this process takes a core. */
static void wait_a_turn(struct rank *r)
{
    bool is_busy =
        member_is_pinged(r->member, clock_now_ns()) || (r->hub != NULL && hub_is_pinging(r->hub));
    if (!is_busy)
        program_wait(member_program(r->member), TURN_MS);
}

static void turn(struct rank *r)
{
    int64_t now_ns = clock_now_ns();
    if (now_ns - r->turned_ns > GAP_NS) {
        member_forgive(r->member, now_ns - r->turned_ns);
        if (r->hub != NULL)
            hub_forgive(r->hub, now_ns - r->turned_ns);
    }
    r->turned_ns = now_ns;
    if (caught != 0 && r->hub != NULL)
        hub_interrupt(r->hub, caught);
    caught = 0;
    take_letters(r);
    member_tick(r->member, now_ns);
    if (r->hub != NULL)
        hub_tick(r->hub, now_ns);
    wait_a_turn(r);
}

static bool is_over(const struct rank *r)
{
    if (getppid() != parent)
        return true; /* mpirun's daemon of this host is gone */
    return r->hub != NULL ? hub_is_over(r->hub) : member_is_over(r->member);
}

static bool is_all_sent(const struct rank *r)
{
    bool is_sent = true;
    for (int i = 0; i < mail_count(r->mail); i++)
        is_sent = mail_is_sent(r->mail, i) && is_sent;
    return is_sent;
}

/* Nobody else removes the files of the job then. One that was told to end has some time for it. */
static bool is_orphan(void)
{
    for (int i = 0; i < LAST_TURNS && getppid() == parent; i++)
        (void)poll(NULL, 0, TURN_MS);
    return getppid() != parent;
}

/* mpirun takes the end of a daemon for a reason to end all, and drops what the ranks have printed.
 * So where the hub is missed, it has time for its result first. */
static void await_result(void)
{
    for (int i = 0; i < RESULT_TURNS && getppid() == parent; i++)
        (void)poll(NULL, 0, TURN_MS);
}

/* With a rank that does not answer MPI has no end of its own, and a cut-off daemon waits for many
 * minutes. So whoever started this process here, that daemon or mpirun, is ended: the job is over.
 * A program that reads the stream ends mpirun itself, once it has the last line. */
static void end_parent(const struct rank *r, bool has_lost_hub)
{
    if (has_lost_hub)
        await_result();
    if ((has_lost_hub || (r->hub != NULL && !r->is_streaming)) && getppid() == parent)
        (void)kill(parent, SIGTERM);
}

static void leave(struct rank *r)
{
    bool has_parent = getppid() == parent;
    bool has_lost_hub = member_has_lost_hub(r->member);
    bool all_live = has_parent && !has_lost_hub && (r->hub == NULL || !hub_has_mute(r->hub));
    int code = r->hub != NULL ? hub_code(r->hub) : 0;
    for (int i = 0; i < LAST_TURNS && !is_all_sent(r); i++)
        program_wait(member_program(r->member), TURN_MS);
    member_free(r->member); /* and its generator */
    if (has_parent && !all_live)
        end_parent(r, has_lost_hub);
    if (all_live && !(r->hub != NULL && hub_hurries(r->hub)))
        mail_close(r->mail);
    if (!all_live && is_orphan())
        scratch_remove();
    _exit(code);
}

static int run(const struct arguments *arguments, struct err *err)
{
    struct rank r = {.is_streaming = arguments->stream};
    parent = getppid();
    char *bench = program_find("bench", err);
    if (bench == NULL)
        return -1;
    scratch_place();
    r.mail = mail_open(err);
    if (r.mail == NULL)
        return -1;
    watch_signals();
    r.turned_ns = clock_now_ns();
    r.member = member_new(r.mail, bench);
    if (mail_rank(r.mail) == 0)
        r.hub = hub_new(r.mail, arguments, bench);
    while (!is_over(&r))
        turn(&r);
    leave(&r);
    return 0;
}

int main(int argc, char **argv)
{
    struct err err = {0};
    struct arguments arguments = {0};
    int code = 0;
    memory_dies();
    secret_hide(argc, argv);
    stdio_reserve();
    log_set_program(NAME);
    code = arguments_take(&arguments, argc, argv, &err);
    if (code == 0 && arguments.text != NULL)
        code = stdio_print(arguments.text, &err);
    else if (code == 0)
        code = run(&arguments, &err);
    arguments_fini(&arguments);
    if (code < 0)
        log_error("%s", err.text);
    return code < 0 ? err_exit_code(err.kind) : code;
}
