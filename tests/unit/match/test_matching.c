/* matching: replies that are right and wrong by each kind of check, in pieces of any size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "match/matching.h"
#include "match/status_set.h"

/* Of "hello" and of nothing, by sha256sum. */
#define SHA_HELLO "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
#define SHA_EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

struct bed {
    struct request_list list;
    struct request_entry *entry;
    struct rule *rule;
    struct pattern_room *room;
    struct matching *matching;
};

static void set_up(struct bed *b)
{
    *b = (struct bed){.room = pattern_room_new()};
    b->entry = request_list_add(&b->list);
    b->matching = matching_new(b->room);
}

static void tear_down(struct bed *b)
{
    matching_free(b->matching);
    rule_free(b->rule);
    pattern_room_free(b->room);
    request_list_fini(&b->list);
}

static void add_check(struct bed *b, enum body_check_kind kind, const char *text)
{
    size_t len = text == NULL ? 0 : strlen(text);
    expectation_add_check(&b->entry->expect, kind, text, len, 5);
}

static int make_rule(struct bed *b, struct err *err)
{
    const struct rule_of of = {.expect = &b->entry->expect,
                               .captures = b->entry->captures,
                               .ncaptures = b->entry->ncaptures};
    return rule_make(&b->rule, &of, err);
}

static void make(struct bed *b)
{
    struct err err = {0};
    rule_free(b->rule);
    if (make_rule(b, &err) < 0)
        fail_msg("%s", err.text);
}

static enum matching_verdict feed(struct bed *b, int status, const char *body, size_t len,
                                  size_t piece)
{
    matching_begin(b->matching, b->rule);
    for (size_t at = 0; at < len; at += piece)
        matching_body(b->matching, body + at, len - at < piece ? len - at : piece);
    return matching_end(b->matching, status);
}

static enum matching_verdict verdict(struct bed *b, int status, const char *body)
{
    enum matching_verdict whole = feed(b, status, body, strlen(body), strlen(body) + 1);
    for (size_t piece = 1; piece <= strlen(body); piece++)
        assert_int_equal(feed(b, status, body, strlen(body), piece), whole);
    return whole;
}

static void each_kind_of_check(void **state)
{
    (void)state;
    static const struct {
        const char *text, *body;
        enum body_check_kind kind;
        bool is_right;
    } cases[] = {
        {"hello", "hello", BODY_EQUAL, true},
        {"hello", "hell", BODY_EQUAL, false},
        {"hello", "hellohello", BODY_EQUAL, false},
        {"hello", "jello", BODY_EQUAL, false},
        {"hello", "helloo", BODY_EQUAL, false},
        {"hello", "", BODY_EQUAL, false},
        {"", "", BODY_EQUAL, true},
        {"", "x", BODY_EQUAL, false},
        {"ll", "hello", BODY_CONTAINS, true},
        {"lll", "hello", BODY_CONTAINS, false},
        {"x", "", BODY_CONTAINS, false},
        {"^h.*o$", "hello", BODY_REGEX, true},
        {"^h.*l$", "hello", BODY_REGEX, false},
        {"x*", "", BODY_REGEX, true},
        {NULL, "hello", BODY_SIZE, true},
        {NULL, "hell", BODY_SIZE, false},
        {NULL, "helloo", BODY_SIZE, false},
        {SHA_HELLO, "hello", BODY_SHA256, true},
        {SHA_HELLO, "Hello", BODY_SHA256, false},
        {SHA_HELLO, "", BODY_SHA256, false},
        {SHA_EMPTY, "", BODY_SHA256, true},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct bed b;
        set_up(&b);
        add_check(&b, cases[i].kind, cases[i].text);
        make(&b);
        enum matching_verdict expected = cases[i].is_right ? MATCHING_RIGHT : MATCHING_WRONG;
        if (verdict(&b, 200, cases[i].body) != expected)
            fail_msg("check %zu", i);
        assert_int_equal(verdict(&b, 404, cases[i].body), MATCHING_RIGHT); /* not of such a reply */
        tear_down(&b);
    }
}

static void all_checks_have_to_hold(void **state)
{
    (void)state;
    struct bed b;
    set_up(&b);
    add_check(&b, BODY_SIZE, NULL);
    add_check(&b, BODY_CONTAINS, "h");
    add_check(&b, BODY_CONTAINS, "o");
    add_check(&b, BODY_REGEX, "l{2}");
    make(&b);
    assert_int_equal(verdict(&b, 200, "hello"), MATCHING_RIGHT);
    assert_int_equal(verdict(&b, 200, "hillo"), MATCHING_RIGHT);
    assert_int_equal(verdict(&b, 200, "hellx"), MATCHING_WRONG);
    assert_int_equal(verdict(&b, 200, "hel.o"), MATCHING_WRONG);
    assert_int_equal(verdict(&b, 200, "jello"), MATCHING_WRONG);
    assert_int_equal(verdict(&b, 200, "helllo"), MATCHING_WRONG);
    tear_down(&b);
}

static void a_status_set_decides_whose_body_is_looked_at(void **state)
{
    (void)state;
    struct bed b;
    struct err err = {0};
    set_up(&b);
    assert_int_equal(status_set_parse("200,404", &b.entry->expect, &err), 0);
    make(&b);
    assert_false(b.rule->wants_body);
    assert_int_equal(verdict(&b, 404, "x"), MATCHING_RIGHT);
    assert_int_equal(verdict(&b, 201, "x"), MATCHING_WRONG);
    assert_int_equal(verdict(&b, 503, "x"), MATCHING_WRONG);
    add_check(&b, BODY_EQUAL, "none");
    make(&b);
    assert_int_equal(verdict(&b, 404, "none"), MATCHING_RIGHT);
    assert_int_equal(verdict(&b, 404, "x"), MATCHING_WRONG);
    assert_int_equal(verdict(&b, 201, "none"), MATCHING_WRONG);
    tear_down(&b);
}

static void nothing_to_expect_is_no_rule(void **state)
{
    (void)state;
    struct bed b;
    set_up(&b);
    make(&b);
    assert_null(b.rule);
    matching_begin(b.matching, NULL);
    assert_int_equal(matching_end(b.matching, 500), MATCHING_RIGHT);
    tear_down(&b);
}

static void a_body_is_kept_up_to_a_limit(void **state)
{
    (void)state;
    struct bed b;
    char *body = mem_array(MATCHING_BODY_MAX + 1, 1);
    memset(body, 'x', MATCHING_BODY_MAX + 1);
    set_up(&b);
    add_check(&b, BODY_REGEX, "x$");
    request_entry_capture(b.entry, "first", CAPTURE_REGEX, "^(x)");
    request_entry_capture(b.entry, "head", CAPTURE_HEADER, "X-Head");
    make(&b);
    assert_int_equal(feed(&b, 200, body, MATCHING_BODY_MAX, 4096), MATCHING_RIGHT);
    assert_true(b.matching->values[0].is_found);
    matching_begin(b.matching, b.rule);
    matching_header(b.matching, "X-HEAD", 6, "1", 1);
    matching_body(b.matching, body, MATCHING_BODY_MAX + 1);
    assert_int_equal(matching_end(b.matching, 200), MATCHING_TOO_LONG);
    assert_false(b.matching->values[0].is_found);
    assert_true(b.matching->values[1].is_found);
    assert_int_equal(feed(&b, 404, body, MATCHING_BODY_MAX + 1, 4096), MATCHING_RIGHT);
    assert_int_equal(feed(&b, 200, "x", 1, 1), MATCHING_RIGHT); /* the next one is another */
    tear_down(&b);
    free(body);
}

static void an_expression_without_end_is_told_apart(void **state)
{
    (void)state;
    struct bed b;
    char body[64];
    memset(body, 'a', sizeof body);
    body[sizeof body - 1] = 'b';
    set_up(&b);
    add_check(&b, BODY_REGEX, "(a+)+$");
    make(&b);
    assert_int_equal(feed(&b, 200, body, sizeof body, 64), MATCHING_GAVE_UP);
    tear_down(&b);
    set_up(&b);
    request_entry_capture(b.entry, "a", CAPTURE_REGEX, "(a+)+$");
    make(&b);
    assert_int_equal(feed(&b, 200, body, sizeof body, 64), MATCHING_GAVE_UP);
    assert_false(b.matching->values[0].is_found);
    assert_int_equal(feed(&b, 500, "aaa", 3, 3), MATCHING_RIGHT);
    assert_true(b.matching->values[0].is_found);
    tear_down(&b);
}

static void check_value(const struct bed *b, size_t i, const char *text)
{
    const struct matching_value *value = &b->matching->values[i];
    assert_int_equal(value->is_found, text != NULL);
    if (text != NULL)
        assert_string_equal(value->text.data, text);
}

static void captures_come_from_three_places(void **state)
{
    (void)state;
    struct bed b;
    set_up(&b);
    request_entry_capture(b.entry, "id", CAPTURE_POINTER, "/user/id");
    request_entry_capture(b.entry, "next", CAPTURE_HEADER, "Location");
    request_entry_capture(b.entry, "name", CAPTURE_REGEX, "\"name\":\"([^\"]*)");
    request_entry_capture(b.entry, "all", CAPTURE_REGEX, "\\{.*\\}");
    make(&b);
    matching_begin(b.matching, b.rule);
    matching_header(b.matching, "Date", 4, " today", 6);
    matching_header(b.matching, "location", 8, " \t/a b \t", 8);
    matching_header(b.matching, "Location", 8, "/second", 7);
    static const char body[] = "{\"user\":{\"id\":17,\"name\":\" x \"}}\n";
    for (size_t i = 0; i + 1 < sizeof body; i++)
        matching_body(b.matching, body + i, 1);
    assert_int_equal(matching_end(b.matching, 200), MATCHING_RIGHT);
    check_value(&b, 0, "17");
    check_value(&b, 1, "/a b");
    check_value(&b, 2, " x ");
    check_value(&b, 3, "{\"user\":{\"id\":17,\"name\":\" x \"}}");
    assert_int_equal(feed(&b, 200, "{}", 2, 1), MATCHING_RIGHT); /* nothing of the one before */
    check_value(&b, 0, NULL);
    check_value(&b, 1, NULL);
    check_value(&b, 2, NULL);
    check_value(&b, 3, "{}");
    tear_down(&b);
}

static void what_cannot_be_made_says_so(void **state)
{
    (void)state;
    struct bed b;
    struct err err = {0};
    set_up(&b);
    request_entry_capture(b.entry, "id", CAPTURE_POINTER, "user");
    assert_int_equal(make_rule(&b, &err), -1);
    assert_non_null(strstr(err.text, "capture 'id': 'user' is not a JSON pointer"));
    assert_null(b.rule);
    tear_down(&b);
    set_up(&b);
    add_check(&b, BODY_CONTAINS, "x");
    add_check(&b, BODY_REGEX, "(");
    assert_int_equal(make_rule(&b, &err), -1);
    assert_non_null(strstr(err.text, "'(' is not a regular expression"));
    tear_down(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_of_check),
        cmocka_unit_test(all_checks_have_to_hold),
        cmocka_unit_test(a_status_set_decides_whose_body_is_looked_at),
        cmocka_unit_test(nothing_to_expect_is_no_rule),
        cmocka_unit_test(a_body_is_kept_up_to_a_limit),
        cmocka_unit_test(an_expression_without_end_is_told_apart),
        cmocka_unit_test(captures_come_from_three_places),
        cmocka_unit_test(what_cannot_be_made_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
