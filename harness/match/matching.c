#include "match/matching.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "match/digest.h"
#include "match/status_set.h"

#define VALUE_MAX MATCHING_BODY_MAX

static void on_line(void *matching, const char *name, size_t name_len, const char *value,
                    size_t value_len)
{
    matching_header(matching, name, name_len, value, value_len);
}

struct matching *matching_new(struct pattern_room *room)
{
    if (room == NULL)
        return NULL;
    struct matching *w = mem_zalloc(sizeof *w);
    w->room = room;
    buf_init(&w->body, MATCHING_BODY_MAX);
    head_line_init(&w->line, on_line, w);
    return w;
}

void matching_free(struct matching *w)
{
    if (w == NULL)
        return;
    for (size_t i = 0; i < w->nchecks; i++)
        digest_free(w->checks[i].digest);
    for (size_t i = 0; i < w->nvalues; i++)
        buf_fini(&w->values[i].text);
    free(w->checks);
    free(w->values);
    buf_fini(&w->body);
    head_line_fini(&w->line);
    free(w);
}

/* Room for the largest rule so far. */
static void make_room(struct matching *w, const struct rule *rule)
{
    if (rule->nchecks > w->nchecks) {
        w->checks = mem_grow(w->checks, rule->nchecks, sizeof *w->checks);
        while (w->nchecks < rule->nchecks)
            w->checks[w->nchecks++] = (struct matching_check){0};
    }
    if (rule->ncaptures > w->nvalues) {
        w->values = mem_grow(w->values, rule->ncaptures, sizeof *w->values);
        while (w->nvalues < rule->ncaptures)
            buf_init(&w->values[w->nvalues++].text, VALUE_MAX);
    }
}

static void begin_check(struct matching_check *check, const struct rule_check *of)
{
    *check = (struct matching_check){.digest = check->digest};
    if (of->told->kind != BODY_SHA256)
        return;
    if (check->digest == NULL)
        check->digest = digest_new();
    digest_begin(check->digest);
}

void matching_begin(struct matching *w, const struct rule *rule)
{
    w->rule = rule;
    if (rule == NULL)
        return;
    make_room(w, rule);
    w->body_bytes = 0;
    if (rule->keeps_body)
        buf_clear(&w->body);
    if (rule->wants_headers)
        head_line_begin(&w->line);
    for (size_t i = 0; i < rule->nchecks; i++)
        begin_check(&w->checks[i], &rule->checks[i]);
    for (size_t i = 0; i < rule->ncaptures; i++)
        w->values[i].is_found = false;
}

static void on_piece(void *matching, enum response_part part, const char *bytes, size_t len)
{
    struct matching *w = matching;
    head_line_piece(&w->line, part, bytes, len);
}

void matching_reply(struct matching *w, const struct rule *rule, struct response *reply)
{
    matching_begin(w, rule);
    if (rule == NULL)
        return;
    reply->ctx = w;
    reply->body = rule->wants_body ? matching_body : NULL;
    reply->header = rule->wants_headers ? on_piece : NULL;
}

/* --- as it comes --- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static void keep_value(struct matching_value *value, const char *from, size_t len)
{
    buf_clear(&value->text);
    buf_add(&value->text, from, len);
    value->is_found = !value->text.overflow;
}

static void keep_trimmed(struct matching_value *value, const char *from, size_t len)
{
    while (len > 0 && is_blank(from[len - 1]))
        len--;
    for (; len > 0 && is_blank(*from); len--)
        from++;
    keep_value(value, from, len);
}

struct header {
    const char *name, *value;
    size_t name_len, value_len;
};

static bool is_header(const struct header *h, const char *name, size_t len)
{
    return h->name_len == len && strncasecmp(name, h->name, len) == 0;
}

/* "NAME=VALUE; Path=/", of which the value is kept (RFC 6265, 5.2). */
static void find_cookie(const struct rule_capture *capture, const struct header *h,
                        struct matching_value *value)
{
    static const char set_cookie[] = "Set-Cookie";
    size_t blanks = 0;
    while (blanks < h->value_len && is_blank(h->value[blanks]))
        blanks++;
    const char *text = h->value + blanks;
    const char *end = memchr(text, ';', h->value_len - blanks);
    size_t len = end == NULL ? h->value_len - blanks : (size_t)(end - text);
    size_t name_len = capture->name_len;
    if (is_header(h, set_cookie, sizeof set_cookie - 1) && len > name_len &&
        text[name_len] == '=' && memcmp(text, capture->told->what, name_len) == 0)
        keep_trimmed(value, text + name_len + 1, len - name_len - 1);
}

/* Of lines with the same name the first counts. */
void matching_header(struct matching *w, const char *name, size_t name_len, const char *value,
                     size_t value_len)
{
    const struct header h = {name, value, name_len, value_len};
    for (size_t i = 0; i < w->rule->ncaptures; i++) {
        const struct rule_capture *capture = &w->rule->captures[i];
        if (w->values[i].is_found)
            continue;
        if (capture->told->from == CAPTURE_COOKIE)
            find_cookie(capture, &h, &w->values[i]);
        else if (capture->told->from == CAPTURE_HEADER &&
                 is_header(&h, capture->told->what, capture->name_len))
            keep_trimmed(&w->values[i], value, value_len);
    }
}

static void compare(struct matching_check *check, const struct body_check *told, const char *bytes,
                    size_t len)
{
    bool fits = len <= told->len - check->matched;
    if (check->differs || !fits || memcmp(told->text + check->matched, bytes, len) != 0)
        check->differs = true;
    else
        check->matched += len;
}

void matching_body(void *matching, const char *bytes, size_t len)
{
    struct matching *w = matching;
    const struct rule *rule = w->rule;
    w->body_bytes += len;
    if (rule->keeps_body)
        buf_add(&w->body, bytes, len);
    for (size_t i = 0; i < rule->nchecks; i++) {
        const struct rule_check *of = &rule->checks[i];
        if (of->told->kind == BODY_EQUAL)
            compare(&w->checks[i], of->told, bytes, len);
        else if (of->told->kind == BODY_CONTAINS)
            needle_feed(&of->needle, &w->checks[i].seek, bytes, len);
        else if (of->told->kind == BODY_SHA256)
            digest_add(w->checks[i].digest, bytes, len);
    }
}

/* --- at its end --- */

/* Not all of the body was kept, and all of it is needed. */
static bool is_cut(const struct matching *w)
{
    return w->rule->keeps_body && w->body.overflow;
}

static enum matching_verdict verdict_of(bool is_right)
{
    return is_right ? MATCHING_RIGHT : MATCHING_WRONG;
}

static enum matching_verdict search(const struct matching *w, const struct pattern *pattern,
                                    struct pattern_part *part)
{
    static const enum matching_verdict verdicts[] = {[PATTERN_FOUND] = MATCHING_RIGHT,
                                                     [PATTERN_ABSENT] = MATCHING_WRONG,
                                                     [PATTERN_GAVE_UP] = MATCHING_GAVE_UP};
    return verdicts[pattern_find(pattern, w->room, w->body.data, w->body.len, part)];
}

static bool is_digest(const struct matching_check *check, const struct body_check *told)
{
    char text[DIGEST_TEXT];
    digest_end(check->digest, text);
    return strcmp(text, told->text) == 0;
}

static enum matching_verdict end_check(const struct matching *w, size_t i)
{
    const struct rule_check *of = &w->rule->checks[i];
    const struct matching_check *check = &w->checks[i];
    switch (of->told->kind) {
    case BODY_EQUAL:
        return verdict_of(!check->differs && check->matched == of->told->len);
    case BODY_CONTAINS:
        return verdict_of(needle_is_found(&of->needle, &check->seek));
    case BODY_REGEX:
        return search(w, of->pattern, NULL);
    case BODY_SIZE:
        return verdict_of(w->body_bytes == (uint64_t)of->told->size);
    default:
        return verdict_of(is_digest(check, of->told));
    }
}

/* What a capture does not find is missed by the request that needs it; the reply is right. */
static enum matching_verdict end_capture(struct matching *w, size_t i)
{
    const struct rule_capture *capture = &w->rule->captures[i];
    struct matching_value *value = &w->values[i];
    struct pattern_part part = {0};
    bool is_of_head =
        capture->told->from == CAPTURE_HEADER || capture->told->from == CAPTURE_COOKIE;
    if (is_of_head || is_cut(w))
        return MATCHING_RIGHT; /* what came of the head is there */
    if (capture->told->from == CAPTURE_POINTER) {
        value->is_found = pointer_find(&capture->pointer, w->body.data, w->body.len, &value->text);
        return MATCHING_RIGHT;
    }
    if (search(w, capture->pattern, &part) == MATCHING_GAVE_UP)
        return MATCHING_GAVE_UP;
    if (part.at != NULL)
        keep_value(value, part.at, part.len);
    return MATCHING_RIGHT;
}

static enum matching_verdict end_body(struct matching *w)
{
    static const enum mismatch_kind kinds[] = {[BODY_EQUAL] = MISMATCH_BODY,
                                               [BODY_CONTAINS] = MISMATCH_CONTAINS,
                                               [BODY_REGEX] = MISMATCH_REGEX,
                                               [BODY_SIZE] = MISMATCH_SIZE,
                                               [BODY_SHA256] = MISMATCH_SHA256};
    for (size_t i = 0; i < w->rule->nchecks; i++) {
        const struct body_check *told = w->rule->checks[i].told;
        enum matching_verdict verdict = end_check(w, i);
        w->wrong = (struct matching_wrong){kinds[told->kind], told};
        if (verdict != MATCHING_RIGHT)
            return verdict;
    }
    return MATCHING_RIGHT;
}

/* A status is right if it is in the set; without one all are, and the body of a 2xx is looked at.
 */
static enum matching_verdict end_reply(struct matching *w, int status)
{
    const struct rule *rule = w->rule;
    w->wrong = (struct matching_wrong){.kind = MISMATCH_STATUS};
    if (!status_set_has(rule->expect, status))
        return verdict_of(rule->expect->nstatuses == 0);
    if (is_cut(w))
        return MATCHING_TOO_LONG;
    return end_body(w);
}

enum matching_verdict matching_end(struct matching *w, int status)
{
    if (w->rule == NULL)
        return MATCHING_RIGHT;
    if (w->rule->wants_headers)
        head_line_end(&w->line);
    enum matching_verdict verdict = end_reply(w, status);
    for (size_t i = 0; i < w->rule->ncaptures; i++) {
        if (end_capture(w, i) == MATCHING_GAVE_UP)
            verdict = MATCHING_GAVE_UP;
    }
    return verdict;
}
