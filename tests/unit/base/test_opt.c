#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/opt.h"
#include "base/units.h"

struct settings {
    int64_t connections, duration_ns, memory_bytes, warmup_ns;
    const char *body, *colour;
    struct str_list headers, files;
    bool json, progress;
};

static int parse_warmup(const char *text, void *field, struct err *err)
{
    if (strcmp(text, "[ -c 3 -d 2 ]") == 0) {
        *(int64_t *)field = 2;
        return 0;
    }
    return units_parse_time(text, field, err);
}

#define AT(field) offsetof(struct settings, field)
static const char *const colours[] = {"red", "green", "blue", NULL};
/* clang-format off */
static const struct opt rows[] = {
    {.name = "connections", .letter = 'c', .type = OPT_COUNT, .at = AT(connections), .min = 1, .max = 1000,
     .arg = "N", .def = "10", .help = "Connections.", .aliases = "conns clients"},
    {.name = "duration", .letter = 'd', .type = OPT_TIME, .at = AT(duration_ns), .min = 1e6, .def = "10",
     .arg = "TIME", .help = "How long."},
    {.name = "memory", .type = OPT_SIZE, .at = AT(memory_bytes), .arg = "SIZE", .help = "Memory."},
    {.name = "warmup", .letter = 'W', .type = OPT_CUSTOM, .at = AT(warmup_ns), .parse = parse_warmup,
     .bracketed = true, .arg = "TIME", .help = "Warm-up."},
    {.name = "body", .letter = 'b', .type = OPT_TEXT, .at = AT(body), .arg = "TEXT", .help = "Body."},
    {.name = "colour", .type = OPT_CHOICE, .at = AT(colour), .choices = colours, .def = "red",
     .arg = "NAME", .help = "Colour."},
    {.name = "header", .letter = 'H', .type = OPT_LIST, .at = AT(headers), .arg = "H", .help = "Header."},
    {.name = "file", .type = OPT_LIST, .at = AT(files), .bracketed = true, .arg = "FILE", .help = "File."},
    {.name = "json", .letter = 'j', .type = OPT_FLAG, .at = AT(json), .help = "JSON."},
    {.name = "progress", .letter = 'n', .type = OPT_FLAG, .at = AT(progress), .def = "on", .help = "Quiet."},
    {.name = "rate", .letter = 'R', .type = OPT_ABSENT, .help = "there is no rate"},
    {.type = OPT_END},
};
/* clang-format on */

#define WORDS_MAX 16

/* Splits at blanks; "~" stands for a blank inside a word. The words live in `line`. */
static int parse(const char *text, char *line, struct settings *s, struct opt_given *given,
                 struct err *err)
{
    static const char program[] = "test";
    char *argv[WORDS_MAX] = {NULL};
    char name[sizeof program];
    memcpy(name, program, sizeof program);
    argv[0] = name;
    int argc = 1;
    memcpy(line, text, strlen(text) + 1);
    char *rest = NULL;
    for (char *word = strtok_r(line, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
        for (char *p = word; *p != '\0'; p++) {
            if (*p == '~')
                *p = ' ';
        }
        argv[argc++] = word;
    }
    const struct opt_group groups[] = {{"All", rows, s}, {0}};
    *s = (struct settings){0};
    return opt_parse(groups, argc, argv, given, err);
}

static void values_and_defaults_are_stored(void **state)
{
    (void)state;
    char line[256];
    struct settings s;
    struct opt_given given;
    struct err err;
    assert_int_equal(
        parse("-c 100 --duration=500ms -b 007 -H a:1 --header b:2 -j url", line, &s, &given, &err),
        0);
    assert_int_equal(s.connections, 100);
    assert_int_equal(s.duration_ns, 500000000);
    assert_string_equal(s.body, "007");
    assert_int_equal(s.headers.count, 2);
    assert_string_equal(s.headers.items[1], "b:2");
    assert_true(s.json);
    assert_true(s.progress);
    assert_string_equal(s.colour, "red");
    assert_int_equal(given.nwords, 1);
    assert_non_null(opt_given_text(&given, "body"));
    assert_null(opt_given_text(&given, "memory"));
    assert_string_equal(opt_given_text(&given, "json"), "");
    str_list_fini(&s.headers);
}

static void a_flag_that_is_on_is_turned_off(void **state)
{
    (void)state;
    char line[256];
    struct settings s;
    struct opt_given given;
    struct err err;
    assert_int_equal(parse("--no-progress", line, &s, &given, &err), 0);
    assert_false(s.progress);
    assert_int_equal(parse("-n", line, &s, &given, &err), 0);
    assert_false(s.progress);
    assert_int_equal(parse("--progress", line, &s, &given, &err), 0);
    assert_true(s.progress);
}

static void a_letter_takes_its_value_behind_an_equals_sign(void **state)
{
    (void)state;
    char line[256];
    struct settings s;
    struct opt_given given;
    struct err err;
    assert_int_equal(parse("-c=5 -b=a=b -W=[ -c 3 -d 2 ] -jc=6", line, &s, &given, &err), 0);
    assert_int_equal(s.connections, 6);
    assert_string_equal(s.body, "a=b");
    assert_int_equal(s.warmup_ns, 2);
    assert_string_equal(opt_given_text(&given, "body"), "a=b");
    assert_int_equal(parse("-b =a", line, &s, &given, &err), 0);
    assert_string_equal(s.body, "=a"); /* a word of its own is as it is */
    assert_int_equal(parse("-b==", line, &s, &given, &err), 0);
    assert_string_equal(s.body, "=");
}

static void words_behind_dashes_are_known(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        size_t words, behind;
    } cases[] = {
        {"a b", 2, 0},
        {"-- node app -c 5", 4, 4},
        {"/path -c 5 -- node app", 3, 2},
        {"/path -- -c 5 -- x", 5, 4},
        {"-c 5 --", 0, 0},
        {"a --", 1, 0},
        {"-b --", 0, 0}, /* the value of -b */
        {"a -b --", 1, 0},
        {"-b -- a", 1, 0},
        {"-b -- -- a", 1, 1},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        char line[256];
        struct settings s;
        struct opt_given given;
        struct err err;
        assert_int_equal(parse(cases[i].line, line, &s, &given, &err), 0);
        assert_int_equal(given.nwords, cases[i].words);
        assert_int_equal(given.nbehind, cases[i].behind);
    }
}

static void aliases_and_brackets_work(void **state)
{
    (void)state;
    char line[256];
    struct settings s;
    struct opt_given given;
    struct err err;
    assert_int_equal(parse("--clients 7 url", line, &s, &given, &err), 0);
    assert_int_equal(s.connections, 7);
    /* A word before and after: getopt must not take the brackets' options for ours. */
    assert_int_equal(parse("url -W [ -c 3 -d 2 ] -c 9 more", line, &s, &given, &err), 0);
    assert_int_equal(s.warmup_ns, 2);
    assert_int_equal(s.connections, 9);
    assert_int_equal(s.duration_ns, 10000000000);
    assert_int_equal(given.nwords, 2);
    assert_string_equal(given.words[0], "url");
    assert_string_equal(given.words[1], "more");
    assert_int_equal(parse("-W 3 -b [x url", line, &s, &given, &err), 0);
    assert_string_equal(s.body, "[x");
    assert_int_equal(given.nwords, 1);
}

static void a_list_takes_each_word_in_brackets(void **state)
{
    (void)state;
    static const struct {
        const char *line, *want;
    } cases[] = {
        {"--file a url", "a"},
        {"--file [ a b ] url", "a b"},
        {"--file [a b] url", "a b"},
        {"--file [a] url", "a"},
        {"--file=[ a ] --file b --file [ c d] url", "a b c d"},
        {"--file [~a~b~] url", "a b"}, /* one word */
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        char line[256];
        char got[64] = "";
        struct settings s;
        struct opt_given given;
        struct err err;
        print_message("%s\n", cases[i].line);
        assert_int_equal(parse(cases[i].line, line, &s, &given, &err), 0);
        size_t len = 0;
        for (size_t k = 0; k < s.files.count; k++)
            len += (size_t)snprintf(got + len, sizeof got - len, "%s%s", k > 0 ? " " : "",
                                    s.files.items[k]);
        assert_string_equal(got, cases[i].want);
        assert_int_equal(given.count, s.files.count);
        assert_string_equal(given.options[given.count - 1].text, s.files.items[s.files.count - 1]);
        assert_int_equal(given.nwords, 1);
        str_list_fini(&s.files);
    }
}

static void brackets_do_not_overwrite_one_another(void **state)
{
    (void)state;
    char line[256];
    struct settings s;
    struct opt_given given;
    struct err err;
    assert_int_equal(parse("-W [ -c 3 -d 2 ] --file [ a b ]", line, &s, &given, &err), 0);
    assert_string_equal(opt_given_text(&given, "warmup"), "[ -c 3 -d 2 ]");
    assert_string_equal(opt_given_text(&given, "file"), "b");
    str_list_fini(&s.files);
}

static void mistakes_name_the_remedy(void **state)
{
    (void)state;
    static const struct {
        const char *line, *want;
    } cases[] = {
        {"--conections 5", "did you mean --connections?"},
        {"--durration=5", "did you mean --duration?"},
        {"--zzzzzz", "unknown option --zzzzzz; see --help"},
        {"--connect 5", "unknown option --connect; did you mean --connections?"},
        {"--connect=5", "unknown option --connect; did you mean --connections?"},
        {"--clie 5", "unknown option --clie; did you mean --clients?"}, /* an alias */
        {"--mem", "unknown option --mem; did you mean --memory?"},
        {"url --jso", "unknown option --jso; did you mean --json?"},
        {"--jso=1", "unknown option --jso; did you mean --json?"},
        {"--no-prog", "unknown option --no-prog; did you mean --no-progress?"},
        {"-C 5", "unknown option -C; see --help"},
        {"-j=true", "a flag with '=': it takes no value"},
        {"-j=", "a flag with '=': it takes no value"},
        {"-c=", "'' is not a count"},
        {"-q", "unknown option -q; see --help"},
        {"--rate 5", "--rate: there is no rate"},
        {"--rate=5", "--rate: there is no rate"},
        {"-R 5", "-R: there is no rate"},
        {"--rats", "unknown option --rats; see --help"},
        {"-c", "-c needs a value"},
        {"--memory", "--memory needs a value"},
        {"--json=1", "--json takes no value"},
        {"-c 0", "-c/--connections: '0' is too small; the minimum is 1"},
        {"-c 1001", "-c/--connections: '1001' is too large; the maximum is 1000"},
        {"-c x", "-c/--connections: 'x' is not a count; try 500, 2k, 20M or 1G"},
        {"-d 10q", "'10q' is not a time"},
        {"-d 1us", "the minimum is 1.00 ms"},
        {"--memory 5parsec", "'5parsec' is not a size"},
        {"--colour rde", "did you mean red? Choose from: red, green, blue"},
        {"--colour 12345", "unknown value '12345'; choose from: red, green, blue"},
        {"-W [ -c 3", "has no closing ]"},
        {"--file [ a", "--file: '[ a' has no closing ]"},
        {"--file [ ]", "--file: there is nothing between [ and ]"},
        {"--file []", "--file: there is nothing between [ and ]"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        char line[256];
        struct settings s;
        struct opt_given given;
        struct err err = {0};
        assert_int_equal(parse(cases[i].line, line, &s, &given, &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
        if (strstr(err.text, cases[i].want) == NULL)
            fail_msg("%s: \"%s\" lacks \"%s\"", cases[i].line, err.text, cases[i].want);
    }
}

static void given_options_are_forwarded(void **state)
{
    (void)state;
    char line[256];
    struct settings s;
    struct opt_given given;
    struct err err;
    struct str_list argv = {0};
    assert_int_equal(parse("-b a~b --memory 5k -j", line, &s, &given, &err), 0);
    opt_forward(&given, rows, &argv);
    assert_int_equal(argv.count, 5);
    assert_string_equal(argv.items[0], "--body");
    assert_string_equal(argv.items[1], "a b");
    assert_string_equal(argv.items[3], "5k");
    assert_string_equal(argv.items[4], "--json");
    str_list_fini(&argv);
}

static void help_and_man_tell_every_row(void **state)
{
    (void)state;
    struct settings s = {0};
    const struct opt_group groups[] = {{"All", rows, &s}, {0}};
    struct buf help;
    struct buf man;
    buf_init(&help, BUF_TEXT_MAX);
    buf_init(&man, BUF_TEXT_MAX);
    opt_help(groups, &help);
    opt_man(groups, &man);
    for (const struct opt *row = rows; row->type != OPT_END; row++) {
        bool told = row->type != OPT_ABSENT;
        assert_int_equal(strstr(help.data, row->help) != NULL, told);
        assert_true(!told || strstr(help.data, row->name) != NULL);
        assert_true(!told || strstr(man.data, row->name) != NULL);
    }
    assert_non_null(strstr(help.data, "-n, --no-progress"));
    assert_non_null(strstr(help.data, "Colour. One of: red green blue. [red]"));
    buf_fini(&help);
    buf_fini(&man);
}

/* A command that shares rows with others says what they mean in it, or leaves them out. */
static void a_note_replaces_the_help_of_its_row(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct opt notes[] = {
        {.name = "colour", .type = OPT_NOTE, .help = "Colour of a block."},
        {.name = "json", .type = OPT_NOTE},
        {.type = OPT_END},
    };
    /* clang-format on */
    static char program[] = "test";
    char *argv[] = {program, NULL};
    struct settings s = {0};
    const struct opt_group groups[] = {{"All", rows, &s}, {"Notes", notes, &s}, {0}};
    struct opt_given given;
    struct err err;
    struct buf help;
    struct buf man;
    buf_init(&help, BUF_TEXT_MAX);
    buf_init(&man, BUF_TEXT_MAX);
    opt_help(groups, &help);
    opt_man(groups, &man);
    assert_non_null(strstr(help.data, "Colour of a block. One of: red green blue.\n"));
    assert_non_null(strstr(man.data, "Colour of a block."));
    assert_null(strstr(help.data, "--json"));
    assert_null(strstr(man.data, "json"));
    assert_int_equal(opt_parse(groups, 1, argv, &given, &err), 0);
    assert_string_equal(s.colour, "red"); /* the default stays */
    buf_fini(&help);
    buf_fini(&man);
}

static void values_are_echoed(void **state)
{
    (void)state;
    char line[256];
    struct settings s;
    struct opt_given given;
    struct err err;
    assert_int_equal(parse("-d 1.5 -b x", line, &s, &given, &err), 0);
    assert_true(opt_value_of(&rows[1], &s).number == 1.5);
    assert_string_equal(opt_value_of(&rows[4], &s).text, "x");
    assert_int_equal(opt_value_of(&rows[8], &s).kind, OPT_VALUE_FLAG);
    assert_int_equal(opt_value_of(&rows[3], &s).kind, OPT_VALUE_NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_and_defaults_are_stored),
        cmocka_unit_test(a_flag_that_is_on_is_turned_off),
        cmocka_unit_test(a_letter_takes_its_value_behind_an_equals_sign),
        cmocka_unit_test(words_behind_dashes_are_known),
        cmocka_unit_test(aliases_and_brackets_work),
        cmocka_unit_test(a_list_takes_each_word_in_brackets),
        cmocka_unit_test(brackets_do_not_overwrite_one_another),
        cmocka_unit_test(mistakes_name_the_remedy),
        cmocka_unit_test(given_options_are_forwarded),
        cmocka_unit_test(help_and_man_tell_every_row),
        cmocka_unit_test(a_note_replaces_the_help_of_its_row),
        cmocka_unit_test(values_are_echoed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
