/* Random JSON pointers in random bodies, and random regular expressions. The first byte chooses
 * between them; the second is the length of the pointer or expression, behind which the body is.
 *
 * Of a body that jansson reads, a pointer leads to the value that jansson has there, in every text
 * that jansson makes of it. An expression has the outcome of PCRE2's interpreter, which shares no
 * code with its compiler to machine code, unless one of the two gave up. */
#include <jansson.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match/pattern.h"
#include "match/pointer.h"

#define VALUE_MAX 4096

/* NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name */
int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

static void must(bool holds, const char *what)
{
    if (!holds) {
        (void)fprintf(stderr, "wrong: %s\n", what);
        abort();
    }
}

/* A copy of its exact size: reading on is seen. */
static char *copy_of(const uint8_t *bytes, size_t len)
{
    char *copy = malloc(len > 0 ? len : 1);
    must(copy != NULL, "memory");
    memcpy(copy, bytes, len);
    return copy;
}

/* --- pointers --- */

/* NULL: there is none, or it is null. */
static const json_t *led_to(const struct pointer *p, const json_t *doc)
{
    for (size_t i = 0; i < p->count && doc != NULL; i++) {
        const struct pointer_name *name = &p->names[i];
        if (json_is_array(doc))
            doc = name->index == SIZE_MAX ? NULL : json_array_get(doc, name->index);
        else if (strlen(name->text) == name->len)
            doc = json_object_get(doc, name->text);
        else
            doc = NULL;
    }
    return json_is_null(doc) ? NULL : doc;
}

static void same_value(const json_t *want, const struct buf *value)
{
    if (json_is_string(want)) {
        must(value->len == json_string_length(want), "a string has its length");
        must(memcmp(value->data, json_string_value(want), value->len) == 0,
             "a string has its bytes");
        return;
    }
    json_t *got = json_loadb(value->data, value->len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    must(got != NULL && json_equal(got, want), "a value stands there as it is");
    json_decref(got);
}

static void find_in(const struct pointer *p, const char *json, size_t len, const json_t *want)
{
    struct buf value;
    buf_init(&value, VALUE_MAX);
    bool is_found = pointer_find(p, json, len, &value);
    must(is_found == (want != NULL), "what is there is found, and nothing else");
    if (is_found)
        same_value(want, &value);
    buf_fini(&value);
}

static void compare_pointers(const struct pointer *p, const char *body, size_t len)
{
    static const size_t ways[] = {0, JSON_COMPACT, JSON_INDENT(3),
                                  JSON_ENSURE_ASCII | JSON_ESCAPE_SLASH};
    json_t *doc =
        json_loadb(body, len, JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);
    if (doc == NULL)
        return;
    if (memchr(body, '\0', len) != NULL) { /* jansson passes over one behind a number */
        json_decref(doc);
        return;
    }
    const json_t *want = led_to(p, doc);
    find_in(p, body, len, want);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        char *text = json_dumps(doc, ways[i] | JSON_ENCODE_ANY);
        /* Reals may be written with other digits, and are the same number. */
        if (text != NULL)
            find_in(p, text, strlen(text), want);
        free(text);
    }
    json_decref(doc);
}

static void fuzz_pointer(const char *text, size_t text_len, const char *body, size_t len)
{
    struct pointer p;
    struct err err = {0};
    struct buf value;
    char *ended = malloc(text_len + 1);
    must(ended != NULL, "memory");
    memcpy(ended, text, text_len);
    ended[text_len] = '\0';
    buf_init(&value, VALUE_MAX);
    if (pointer_parse(&p, ended, &err) < 0) {
        must(err.kind == ERR_USAGE && err.text[0] != '\0', "an error says what is wrong");
    } else {
        bool is_found = pointer_find(&p, body, len, &value);
        must(pointer_find(&p, body, len, &value) == is_found, "twice the same");
        must(value.len <= VALUE_MAX, "a value has a ceiling");
        compare_pointers(&p, body, len);
        pointer_fini(&p);
    }
    buf_fini(&value);
    free(ended);
}

/* --- expressions --- */

static enum pattern_found interpret(const char *text, size_t text_len, const char *body, size_t len)
{
    int error = 0;
    PCRE2_SIZE at = 0;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)text, text_len, PCRE2_NEVER_UTF | PCRE2_NEVER_UCP,
                                     &error, &at, NULL);
    must(code != NULL, "what is one expression here is one there");
    pcre2_match_context *limits = pcre2_match_context_create(NULL);
    (void)pcre2_set_match_limit(limits, 20000);
    pcre2_match_data *found = pcre2_match_data_create_from_pattern(code, NULL);
    int matched = pcre2_match(code, (PCRE2_SPTR)body, len, 0, PCRE2_NO_JIT, found, limits);
    pcre2_match_data_free(found);
    pcre2_match_context_free(limits);
    pcre2_code_free(code);
    return matched >= 0                     ? PATTERN_FOUND
           : matched == PCRE2_ERROR_NOMATCH ? PATTERN_ABSENT
                                            : PATTERN_GAVE_UP;
}

static void fuzz_pattern(const char *text, size_t text_len, const char *body, size_t len)
{
    struct err err = {0};
    struct pattern *p = pattern_new(text, text_len, &err);
    if (p == NULL) {
        must(err.kind == ERR_USAGE && strstr(err.text, "at character ") != NULL,
             "an error has a place");
        return;
    }
    struct pattern_room *room = pattern_room_new();
    struct pattern_part part = {0};
    enum pattern_found found = pattern_find(p, room, body, len, &part);
    if (found == PATTERN_FOUND && part.at != NULL)
        must(part.at >= body && part.len <= len && (size_t)(part.at - body) <= len - part.len,
             "a part is one of the bytes");
    enum pattern_found other = interpret(text, text_len, body, len);
    if (found != PATTERN_GAVE_UP && other != PATTERN_GAVE_UP)
        must(found == other, "both ways have the same outcome");
    if (found != PATTERN_GAVE_UP)
        must(pattern_find(p, room, body, len, NULL) == found, "twice the same");
    pattern_room_free(room);
    pattern_free(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
    if (size < 2)
        return 0;
    size_t text_len = input[1] < size - 2 ? input[1] : size - 2;
    size_t len = size - 2 - text_len;
    char *text = copy_of(input + 2, text_len);
    char *body = copy_of(input + 2 + text_len, len);
    if (input[0] % 2 == 0)
        fuzz_pointer(text, text_len, body, len);
    else
        fuzz_pattern(text, text_len, body, len);
    free(text);
    free(body);
    return 0;
}
