#include "rank/member.h"

#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "match/digest.h"
#include "proc/cores.h"
#include "rank/plan_digest.h"
#include "stat/hist.h"
#include "stat/hist_text.h"
#include "store/doc.h"

#define HUB              0
#define PINGED_NS        (20 * NS_PER_MS)
#define FIRST_SILENCE_NS (60 * NS_PER_S) /* until the first letter */
#define CORES_TO_SPARE   5               /* with as many, this program has one of its own */
#define HOST_MAX         256
#define LAYOUT_MAX       64
#define START_TEXT_MAX   32

enum step {
    STEP_WAITS,   /* for the plan */
    STEP_VERSION, /* the generator says its version */
    STEP_PLAN,    /* and what it would do */
    STEP_HELLO,   /* the hub knows it */
    STEP_LOADS,   /* the generator runs */
    STEP_ENDED,   /* it has ended; its seconds are still on their way */
    STEP_SAID,    /* the hub has everything */
    STEP_OVER,
};

struct member {
    struct mail *mail;
    const char *bench;
    char host[HOST_MAX];
    cpu_set_t cores; /* of the generator */
    enum step step;
    struct program program;
    struct str_list words, files;
    char *version;
    char *said;     /* the last error of the generator */
    char *document; /* its last line, when it is no second */
    int status;
    bool is_ready;
    int64_t heard_ns, beat_ns, pinged_ns;
    bool heard_once, lost_hub;
};

/* ---- new, free ---- */

/* With cores enough this program keeps off those of the generator. */
static void part_cores(struct member *m)
{
    cpu_set_t own;
    if (sched_getaffinity(0, sizeof m->cores, &m->cores) < 0) {
        CPU_ZERO(&m->cores);
        return;
    }
    if (CPU_COUNT(&m->cores) < CORES_TO_SPARE)
        return;
    size_t last = CPU_SETSIZE - 1;
    while (!CPU_ISSET(last, &m->cores))
        last--;
    CPU_ZERO(&own);
    CPU_SET(last, &own);
    if (sched_setaffinity(0, sizeof own, &own) == 0)
        CPU_CLR(last, &m->cores);
}

struct member *member_new(struct mail *mail, const char *bench)
{
    struct member *m = mem_zalloc(sizeof *m);
    m->mail = mail;
    m->bench = bench;
    m->heard_ns = clock_now_ns();
    if (gethostname(m->host, sizeof m->host - 1) < 0)
        (void)snprintf(m->host, sizeof m->host, "unknown");
    part_cores(m);
    return m;
}

void member_free(struct member *m)
{
    program_fini(&m->program);
    str_list_fini(&m->words);
    str_list_fini(&m->files);
    free(m->version);
    free(m->said);
    free(m->document);
    free(m);
}

const struct program *member_program(const struct member *m)
{
    return &m->program;
}

bool member_is_pinged(const struct member *m, int64_t now_ns)
{
    return m->pinged_ns != 0 && now_ns - m->pinged_ns < PINGED_NS;
}

bool member_is_over(const struct member *m)
{
    return m->step == STEP_OVER;
}

bool member_has_lost_hub(const struct member *m)
{
    return m->lost_hub;
}

void member_forgive(struct member *m, int64_t gap_ns)
{
    m->heard_ns += gap_ns;
}

/* ---- to the hub ---- */

static void send_json(struct member *m, enum letter_kind kind, json_t *value, const char *document)
{
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    doc_dump(value, DOC_LINE, &text);
    json_decref(value);
    if (document != NULL)
        buf_puts(&text, document);
    mail_send(m->mail, HUB, kind, text.data, text.len);
    buf_fini(&text);
}

/* `digest` or `error` is NULL. */
static void say_hello(struct member *m, const char *digest, const char *error)
{
    char layout[LAYOUT_MAX];
    (void)snprintf(layout, sizeof layout, "%d and %d digits, %lld s", HIST_DIGITS, HIST_TEXT_DIGITS,
                   (long long)(HIST_MAX_NS / NS_PER_S));
    json_t *hello = json_object();
    doc_put(hello, "host", doc_text(m->host));
    doc_put(hello, "cores", doc_count(cores_allowed()));
    doc_put(hello, "version", doc_text(m->version));
    doc_put(hello, "layout", doc_text(layout));
    doc_put(hello, "digest", doc_text(digest));
    doc_put(hello, "error", doc_text(error));
    m->step = STEP_HELLO;
    send_json(m, LETTER_HELLO, hello, NULL);
}

static void say_ended(struct member *m)
{
    json_t *ended = json_object();
    doc_put(ended, "status", json_integer(m->status));
    doc_put(ended, "said", doc_text(m->said));
    m->step = STEP_SAID;
    send_json(m, LETTER_ENDED, ended, m->document);
}

/* ---- the generator ---- */

static void run_bench(struct member *m, enum step step, const struct str_list *words,
                      enum program_talk talk)
{
    struct str_list argv = {0};
    struct err err = {0};
    str_list_add(&argv, m->bench);
    for (size_t i = 0; i < words->count; i++)
        str_list_add(&argv, words->items[i]);
    program_fini(&m->program);
    m->step = step;
    if (program_start(&m->program, &argv, talk, &m->cores, &err) < 0)
        say_hello(m, NULL, err.text);
    str_list_fini(&argv);
}

static void ask_version(struct member *m)
{
    struct str_list words = {0};
    str_list_add(&words, "--version");
    run_bench(m, STEP_VERSION, &words, PROGRAM_SILENT);
    str_list_fini(&words);
}

/* What comes before the words of the load, so that a "--" in them is behind it. */
static void run_load(struct member *m, enum step step, const char *const *options)
{
    struct str_list words = {0};
    str_list_add(&words, "run");
    for (; *options != NULL; options++)
        str_list_add(&words, *options);
    for (size_t i = 0; i < m->words.count; i++)
        str_list_add(&words, m->words.items[i]);
    run_bench(m, step, &words, step == STEP_LOADS ? PROGRAM_TALKS : PROGRAM_SILENT);
    str_list_fini(&words);
}

static void start_load(struct member *m)
{
    char *share = mem_printf("%d/%d", mail_rank(m->mail), mail_count(m->mail));
    const char *const options[] = {"--share",  share,       "--start-at",    "fd:3",
                                   "--ndjson", "--no-save", "--no-progress", NULL};
    free(m->said);
    m->said = NULL;
    run_load(m, STEP_LOADS, options);
    free(share);
}

/* What the generator says on stderr is shown with the host's name; its last error is kept. */
static void take_errors(struct member *m, const char *show)
{
    static const char prefix[] = "bench: ";
    for (char *line; (line = program_line(&m->program, &m->program.err)) != NULL; free(line)) {
        if (show != NULL)
            (void)fprintf(stderr, "%s: %s\n", show, line);
        if (!str_starts(line, prefix) || str_starts(line, "bench: warning: "))
            continue;
        free(m->said);
        m->said = mem_strdup(line + strlen(prefix));
    }
}

static void take_version(struct member *m)
{
    static const char *const options[] = {"--dry-run", NULL};
    char *line = program_line(&m->program, &m->program.out);
    take_errors(m, NULL);
    if (line == NULL || !str_starts(line, "bench ")) {
        char *how = program_end_text(m->program.status);
        char *text = mem_printf("%s does not run: %s", m->bench, how);
        say_hello(m, NULL, text);
        free(text);
        free(how);
    } else {
        m->version = mem_strdup(line + strlen("bench "));
        run_load(m, STEP_PLAN, options);
    }
    free(line);
}

static void take_plan(struct member *m)
{
    char digest[DIGEST_TEXT];
    struct err err = {0};
    take_errors(m, NULL);
    if (m->program.status != 0)
        say_hello(m, NULL, m->said != NULL ? m->said : "bench run --dry-run failed");
    else if (plan_digest(m->program.out.data, &m->files, digest, &err) < 0)
        say_hello(m, NULL, err.text);
    else
        say_hello(m, digest, NULL);
}

static void take_lines(struct member *m)
{
    static const char second[] = "{\"schema\":\"bench.second/1\"";
    for (char *line; (line = program_line(&m->program, &m->program.out)) != NULL;) {
        if (str_starts(line, second)) {
            mail_send(m->mail, HUB, LETTER_LINE, line, strlen(line));
            free(line);
            continue;
        }
        free(m->document);
        m->document = line;
    }
}

static void take_said(struct member *m)
{
    for (char *line; (line = program_line(&m->program, &m->program.said)) != NULL; free(line)) {
        if (strcmp(line, "ready") == 0 && !m->is_ready) {
            m->is_ready = true;
            mail_send(m->mail, HUB, LETTER_READY, NULL, 0);
        }
    }
}

static void follow_load(struct member *m)
{
    take_said(m);
    take_lines(m);
    take_errors(m, m->host);
    if (!m->program.ended)
        return;
    m->status = m->program.status;
    m->step = STEP_ENDED;
}

static void follow_program(struct member *m)
{
    program_take(&m->program);
    if (m->step == STEP_LOADS)
        follow_load(m);
    else if (m->program.ended && m->step == STEP_VERSION)
        take_version(m);
    else if (m->program.ended && m->step == STEP_PLAN)
        take_plan(m);
}

/* ---- from the hub ---- */

static void take_list(const json_t *plan, const char *key, struct str_list *into)
{
    size_t i;
    json_t *word;
    json_array_foreach(json_object_get(plan, key), i, word)
    {
        str_list_add(into, json_string_value(word) == NULL ? "" : json_string_value(word));
    }
}

static void take_words(struct member *m, const struct letter *letter)
{
    struct err err;
    json_t *plan = doc_parse(letter->bytes, letter->len, &err);
    if (m->step != STEP_WAITS || plan == NULL)
        return;
    take_list(plan, "words", &m->words);
    take_list(plan, "files", &m->files);
    json_decref(plan);
    ask_version(m);
}

static void answer_ping(struct member *m, const struct letter *letter, int64_t now_ns)
{
    int64_t numbers[2];
    memcpy(&numbers[0], letter->bytes, sizeof numbers[0]);
    numbers[1] = clock_now_ns();
    mail_send(m->mail, HUB, LETTER_PONG, numbers, sizeof numbers);
    m->pinged_ns = now_ns;
}

static void take_start(struct member *m, const struct letter *letter)
{
    char text[START_TEXT_MAX];
    int64_t start_ns;
    memcpy(&start_ns, letter->bytes, sizeof start_ns);
    (void)snprintf(text, sizeof text, "%lld\n", (long long)start_ns);
    program_say(&m->program, text);
    mail_send(m->mail, HUB, LETTER_STARTED, NULL, 0);
}

void member_take(struct member *m, const struct letter *letter, int64_t now_ns)
{
    m->heard_ns = now_ns;
    m->heard_once = true;
    if (letter->kind == LETTER_PLAN)
        take_words(m, letter);
    else if (letter->kind == LETTER_GO && m->step == STEP_HELLO)
        start_load(m);
    else if (letter->kind == LETTER_PING && letter->len == sizeof(int64_t))
        answer_ping(m, letter, now_ns);
    else if (letter->kind == LETTER_START && letter->len == sizeof(int64_t))
        take_start(m, letter);
    else if (letter->kind == LETTER_STOP && m->step == STEP_LOADS)
        program_signal(&m->program, SIGINT);
    else if (letter->kind == LETTER_BYE)
        m->step = STEP_OVER;
}

void member_tick(struct member *m, int64_t now_ns)
{
    follow_program(m);
    /* The result comes after the seconds. */
    if (m->step == STEP_ENDED && mail_is_sent(m->mail, HUB))
        say_ended(m);
    if (now_ns - m->beat_ns >= MEMBER_BEAT_NS) {
        m->beat_ns = now_ns;
        mail_send(m->mail, HUB, LETTER_BEAT, NULL, 0);
    }
    if (now_ns - m->heard_ns > (m->heard_once ? MEMBER_SILENCE_NS : FIRST_SILENCE_NS)) {
        m->lost_hub = true;
        m->step = STEP_OVER;
    }
}
