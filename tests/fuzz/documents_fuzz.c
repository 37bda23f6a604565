/* Random documents of results, lines that a run told of its seconds, lines of bench-rank, and
 * merges of several documents. The first byte chooses what is read. The rest is read as it is, or
 * is a list of edits of documents that are right: "1 accounting/sent 7" in a line changes one value
 * of the second one.
 *
 * Whatever it is, it is read or refused with a sentence. What was read is written as a document
 * that is read again and is the same; the sums of a merge are those of its parts. */
#include <jansson.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"
#include "cases/share_cases.h"
#include "store/doc.h"
#include "store/fleet_json.h"
#include "store/journal.h"
#include "store/result_json.h"

/* NOLINTBEGIN(readability-identifier-naming): libFuzzer's names */
int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);
/* NOLINTEND(readability-identifier-naming) */

#define CASES 8 /* seeds of share_case: open and closed loops, of up to six shares */
#define LINES 3 /* of a journal */

static struct {
    json_t *parts[SHARE_CASE_PARTS];
    size_t count;
    json_t *merged;
} known[CASES];
static json_t *known_lines[2][LINES]; /* of a closed and of an open loop */
static struct result wholes[2];       /* of a share of each, which says what was asked for */

static void must(bool holds, const char *what)
{
    if (!holds) {
        (void)fprintf(stderr, "wrong: %s\n", what);
        abort();
    }
}

static void must_read(const json_t *doc, struct result *r, const char *what)
{
    struct err err = {0};
    if (result_from_json(doc, r, &err) == 0)
        return;
    (void)fprintf(stderr, "%s\n", err.text);
    must(false, what);
}

static void must_say(const struct err *err)
{
    must(err->kind != ERR_NONE && err->text[0] != '\0', "an error says what is wrong");
}

/* --- documents that are right --- */

static json_t *merged_of(struct merge *m)
{
    struct result sum;
    struct err err = {0};
    must(merge_check(m, &err) == 0, "the known shares fit together");
    result_merge(m, &sum);
    json_t *doc = result_to_json(&sum);
    result_fini(&sum);
    return doc;
}

static void make_case(size_t i)
{
    struct share_case c;
    share_case(i, SHARE_CASE_WHOLE, &c);
    known[i].count = c.count;
    for (size_t k = 0; k < c.count; k++)
        known[i].parts[k] = result_to_json(&c.parts[k]);
    known[i].merged = merged_of(&c.merge);
    share_case_fini(&c);
}

static void make_lines(size_t is_open)
{
    char host[] = "a";
    const struct share share = {.count = 1, .host = host};
    for (size_t i = 0; i < LINES; i++) {
        struct second_detail d = {.latency = hist_new_latency()};
        struct second s = {.at_s = (double)(i + 1),
                           .length_s = 1,
                           .requests = 3,
                           .non_2xx = 1,
                           .errors = 1,
                           .bytes = 600,
                           .due = is_open ? 6 : MISSING,
                           .sent = is_open ? 5 : MISSING,
                           .late = is_open ? 2 : MISSING,
                           .faults = {.timed_out = 1},
                           .detail = &d};
        struct buf text;
        buf_init(&text, BUF_TEXT_MAX);
        d.statuses[200] = 2;
        d.statuses[503] = 1;
        hist_record_n(d.latency, 5000000, 3);
        second_write(&s, &share, is_open, &text);
        known_lines[is_open][i] = json_loads(text.data, 0, NULL);
        must(known_lines[is_open][i] != NULL, "a line is JSON");
        hist_free(d.latency);
        buf_fini(&text);
    }
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    for (size_t i = 0; i < CASES; i++)
        make_case(i);
    make_lines(0);
    make_lines(1);
    for (size_t i = 0; i < CASES; i++) {
        struct result r;
        must_read(known[i].parts[0], &r, "a known share is read");
        struct result *of_loop = &wholes[result_is_open_loop(&r)];
        if (of_loop->url == NULL)
            *of_loop = r;
        else
            result_fini(&r);
    }
    must(wholes[0].url != NULL && wholes[1].url != NULL, "there are shares of both loops");
    return 0;
}

/* --- edits --- */

/* "accounting/sent": what is not there stays so, but for a new key of an object. */
static void put_at(json_t *doc, char *path, json_t *value)
{
    json_t *at = doc;
    char *step = strsep(&path, "/");
    for (; path != NULL && at != NULL; step = strsep(&path, "/"))
        at = json_is_array(at) ? json_array_get(at, strtoul(step, NULL, 10))
                               : json_object_get(at, step);
    if (json_is_array(at))
        (void)json_array_set_new(at, strtoul(step, NULL, 10), value);
    else if (json_is_object(at))
        (void)json_object_set_new(at, step, value);
    else
        json_decref(value);
}

/* "1 accounting/sent 7"; without a value the key is taken away. */
static void edit(json_t *const *docs, size_t count, char *line)
{
    char *rest = line;
    const char *which = strsep(&rest, " ");
    char *path = rest == NULL ? NULL : strsep(&rest, " ");
    if (path == NULL || count == 0)
        return;
    json_t *doc = docs[strtoul(which, NULL, 10) % count];
    json_t *value = rest == NULL ? NULL : json_loads(rest, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    if (value != NULL)
        put_at(doc, path, value);
    else if (rest == NULL)
        (void)json_object_del(doc, path);
}

static void edit_all(json_t *const *docs, size_t count, const char *text)
{
    char *copy = mem_strdup(text);
    char *rest = copy;
    while (rest != NULL)
        edit(docs, count, strsep(&rest, "\n"));
    free(copy);
}

/* --- a result --- */

static void fuzz_result(const json_t *doc)
{
    struct result r;
    struct result again;
    struct err err = {0};
    if (result_from_json(doc, &r, &err) < 0) {
        must_say(&err);
        return;
    }
    json_t *first = result_to_json(&r);
    must_read(first, &again, "what was read is written, and read again");
    json_t *second = result_to_json(&again);
    must(json_equal(first, second), "and is the same");
    json_decref(first);
    json_decref(second);
    result_fini(&r);
    result_fini(&again);
}

static void fuzz_result_text(const char *text, size_t len)
{
    struct err err = {0};
    json_t *doc = doc_parse(text, len, &err);
    if (doc == NULL)
        must_say(&err);
    else
        fuzz_result(doc);
    json_decref(doc);
}

/* --- a journal --- */

/* With -x those of errors are left out, and the known shares were not made so. */
static bool has_all_latencies(const struct journal *j)
{
    return hist_count(j->latency) + hist_over(j->latency) == (uint64_t)j->requests;
}

static void check_journal(const struct journal *j)
{
    struct result r;
    struct result again;
    journal_result(j, &wholes[j->is_open_loop], &r);
    r.valid = false; /* it did not get to its end */
    r.interrupted = true;
    json_t *doc = result_to_json(&r);
    must(r.accounting.completed == j->requests, "all requests of the lines are in it");
    must_read(doc, &again, "the seconds of a journal are a result");
    json_decref(doc);
    result_fini(&again);
    result_fini(&r);
}

static void fuzz_journal(const char *text, size_t len)
{
    struct journal j;
    struct err err = {0};
    char path[64];
    int fd = memfd_create("journal", 0);
    must(fd >= 0 && write(fd, text, len) == (ssize_t)len, "a file");
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (journal_read(path, 2.5, &j, &err) < 0) {
        must_say(&err);
        must(strstr(err.text, path) != NULL, "an error names the file");
    } else {
        if (j.seconds[j.nseconds - 1].at_s > 0 && has_all_latencies(&j))
            check_journal(&j);
        journal_fini(&j);
    }
    (void)close(fd);
}

/* The same lines, as those of all shares together. */
static void fuzz_sums(const char *text, size_t len)
{
    struct journal j;
    journal_init(&j);
    for (size_t at = 0; at < len;) {
        struct err err = {0};
        size_t line = strcspn(text + at, "\n");
        if (journal_add_sum(&j, text + at, line, &err) < 0)
            must_say(&err);
        at += line + 1;
    }
    if (j.nseconds > 0 && j.seconds[j.nseconds - 1].at_s > 0 && has_all_latencies(&j)) {
        struct result r;
        struct result again;
        journal_sum(&j, &r);
        r.url = mem_strdup(wholes[0].url);
        r.tool_version = mem_strdup(wholes[0].tool_version);
        r.engine = mem_strdup(wholes[0].engine);
        r.connections = r.pipelining = r.workers = 1;
        r.valid = false;
        r.interrupted = true;
        if (j.is_open_loop)
            r.offered = (struct offered_load){
                .rate_rps = 1, .arrivals = mem_strdup("poisson"), .max_connections = 1};
        json_t *doc = result_to_json(&r);
        must_read(doc, &again, "the seconds that were heard are a result");
        json_decref(doc);
        result_fini(&again);
        result_fini(&r);
    }
    journal_fini(&j);
}

static void fuzz_lines(size_t is_open, const char *edits)
{
    json_t *lines[LINES];
    struct buf text;
    for (size_t i = 0; i < LINES; i++)
        lines[i] = json_deep_copy(known_lines[is_open][i]);
    edit_all(lines, LINES, edits);
    buf_init(&text, BUF_TEXT_MAX);
    for (size_t i = 0; i < LINES; i++)
        doc_dump(lines[i], DOC_LINE, &text);
    fuzz_journal(text.data, text.len);
    fuzz_sums(text.data, text.len);
    buf_fini(&text);
    for (size_t i = 0; i < LINES; i++)
        json_decref(lines[i]);
}

/* --- a line of bench-rank --- */

static void check_shown(const char *text)
{
    if (text == NULL)
        return;
    must(strlen(text) <= 600, "a text for people is not long");
    for (; *text != '\0'; text++)
        must((unsigned char)*text >= ' ' && *text != 0x7f, "nor drives it a terminal");
}

static void fuzz_fleet(const char *text, size_t len)
{
    struct fleet_line line;
    struct err err = {0};
    if (fleet_line_read(text, len, &line, &err) < 0) {
        must_say(&err);
        return;
    }
    must((line.result != NULL) == (line.news == FLEET_RESULT), "a result is one");
    must(line.news != FLEET_LOST || line.hosts.count == 1, "one is lost at a time");
    must(line.news != FLEET_SECOND || line.second.length_s > 0, "a second has a length");
    check_shown(line.text);
    for (size_t i = 0; i < line.hosts.count; i++)
        check_shown(line.hosts.items[i]);
    fleet_line_fini(&line);
}

/* --- a merge --- */

static void check_sum(const struct merge *m, const struct result *sum)
{
    int64_t sent = 0;
    int64_t completed = 0;
    uint64_t recorded = 0;
    for (size_t i = 0; i < m->ninputs; i++) {
        const struct result *r = m->inputs[i].r;
        sent += r->accounting.sent;
        completed += r->accounting.completed;
        recorded += r->latency == NULL ? 0 : hist_count(r->latency) + hist_over(r->latency);
    }
    must(sum->accounting.sent == sent, "a merge sent what its parts sent");
    must(sum->accounting.completed == completed, "and completed it");
    must(recorded ==
             (sum->latency == NULL ? 0 : hist_count(sum->latency) + hist_over(sum->latency)),
         "and has all latencies");
    must(sum->merged->nparts == (size_t)m->inputs[0].r->share->count, "each share is a part");
}

static void merge(struct merge *m)
{
    struct result sum;
    struct result again;
    struct err err = {0};
    if (merge_check(m, &err) < 0) {
        must_say(&err);
        return;
    }
    result_merge(m, &sum);
    check_sum(m, &sum);
    json_t *doc = result_to_json(&sum);
    if (result_from_json(doc, &again, &err) < 0)
        must_say(&err); /* bench merge says it, and saves nothing */
    else
        result_fini(&again);
    json_decref(doc);
    result_fini(&sum);
}

static void fuzz_merge(size_t number, const char *edits)
{
    static const char *const ignored[] = {"share", "start_at", NULL};
    static const char *const names[] = {"0", "1", "2", "3", "4", "5"};
    json_t *docs[SHARE_CASE_PARTS];
    struct result parts[SHARE_CASE_PARTS];
    struct merge_input inputs[SHARE_CASE_PARTS];
    struct err err = {0};
    size_t count = known[number].count;
    size_t read = 0;
    for (size_t i = 0; i < count; i++)
        docs[i] = json_deep_copy(known[number].parts[i]);
    edit_all(docs, count, edits);
    for (; read < count && result_from_json(docs[read], &parts[read], &err) == 0; read++)
        inputs[read] = (struct merge_input){.name = names[read], .r = &parts[read]};
    struct merge m = {
        .inputs = inputs, .ninputs = read, .ignored = ignored, .until_s = (double)NAN};
    if (read == count)
        merge(&m);
    else
        must_say(&err);
    for (size_t i = 0; i < read; i++)
        result_fini(&parts[i]);
    for (size_t i = 0; i < count; i++)
        json_decref(docs[i]);
}

/* --- the input --- */

static void fuzz(unsigned what, unsigned which, const char *text, size_t len)
{
    json_t *doc = NULL;
    switch (what % 6) {
    case 0:
        fuzz_result_text(text, len);
        break;
    case 1:
        fuzz_journal(text, len);
        fuzz_sums(text, len);
        break;
    case 2:
        fuzz_fleet(text, len);
        break;
    case 3:
        fuzz_lines(which % 2, text);
        break;
    case 4:
        fuzz_merge(which % CASES, text);
        break;
    default:
        doc =
            json_deep_copy(which % 2 ? known[which % CASES].merged : known[which % CASES].parts[0]);
        edit_all(&doc, 1, text);
        fuzz_result(doc);
        json_decref(doc);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
    if (size < 2)
        return 0;
    char *text = malloc(size - 1); /* its exact size, and an end */
    must(text != NULL, "memory");
    memcpy(text, input + 2, size - 2);
    text[size - 2] = '\0';
    fuzz(input[0], input[1], text, size - 2);
    free(text);
    return 0;
}
