#include "rank/arguments.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/word_pack.h"
#include "cli/commands.h"
#include "cli/run_opts.h"
#include "runner/fleet_command.h"

#define NAME "bench-rank"

struct own_options {
    bool stream;
};

#define AT(field) offsetof(struct own_options, field)
/* clang-format off */
static const struct opt own_opts[] = {
    {.name = "stream", .type = OPT_FLAG, .at = AT(stream),
     .help = "Print JSON lines for a program instead of a report: the hosts, each second, the result."},
    {.type = OPT_END},
};
/* clang-format on */

/* What becomes of each option of `bench run` that is given here. */
enum use { USE_LOAD, USE_SHOWN, USE_NOT, USE_REFUSED };

struct named_use {
    const char *name, *why; /* of one that is refused */
    enum use use;
};

static const struct named_use uses[] = {
    {"out", NULL, USE_SHOWN},
    {"save", NULL, USE_SHOWN},
    {"json", NULL, USE_SHOWN},
    {"verbose", NULL, USE_SHOWN},
    {"latency", NULL, USE_SHOWN},
    {"status-codes", NULL, USE_SHOWN},
    {"ndjson", NULL, USE_NOT},
    {"progress", NULL, USE_NOT},
    {"on-lost", NULL, USE_NOT},
    {"dry-run", "bench run --dry-run shows the plan", USE_REFUSED},
    {"share", "each rank has the share of its number", USE_REFUSED},
    {"start-at", "the window opens when all hosts are ready", USE_REFUSED},
    {"strategy", "every host would start a server of its own; give the URL of one that runs",
     USE_REFUSED},
    {"cmd", "every host would start a server of its own; give the URL of one that runs",
     USE_REFUSED},
    {"forever", "a run of several hosts ends", USE_REFUSED},
    {"fail", "save the result with -o FILE, then: bench check FILE --fail", USE_REFUSED},
    {"warn", "save the result with -o FILE, then: bench check FILE --warn", USE_REFUSED},
    {"allow-errors", "save the result with -o FILE, then: bench check FILE", USE_REFUSED},
    {"hosts", "mpirun has started bench-rank on its hosts already", USE_REFUSED},
    {"mpi-net", "it is an option of mpirun: --mca btl_tcp_if_include CIDR", USE_REFUSED},
    {"print-command", "bench run --hosts shows it", USE_REFUSED},
    {"mpi-net", "give mpirun --mca btl_tcp_if_include and oob_tcp_if_include", USE_REFUSED},
    {"print-command", "this is what it prints", USE_REFUSED},
    {"bind", "it starts no server", USE_REFUSED},
};

static const struct named_use *find_use(const char *name)
{
    static const struct named_use load = {.use = USE_LOAD};
    for (size_t i = 0; i < LEN(uses); i++) {
        if (strcmp(uses[i].name, name) == 0)
            return &uses[i];
    }
    return &load;
}

/* As it would be typed. `into`: of the row's group, where a flag stands. */
static void add_option(struct str_list *words, const struct opt *row, const void *into,
                       const char *text)
{
    bool off = text == NULL && opt_value_of(row, into).number == 0;
    char *word = text == NULL ? mem_printf("--%s%s", off ? "no-" : "", row->name)
                              : mem_printf("--%s=%s", row->name, text);
    str_list_add(words, word);
    free(word);
}

static bool is_file(const char *name)
{
    static const char *const names[] = {"requests", "har", "feed", "input"};
    for (size_t i = 0; i < LEN(names); i++) {
        if (strcmp(name, names[i]) == 0)
            return true;
    }
    return false;
}

static int take_option(struct arguments *a, const struct opt *row, const void *into,
                       const char *text, struct err *err)
{
    const struct named_use *use = find_use(row->name);
    if (use->use == USE_REFUSED)
        return err_set(err, ERR_USAGE, "bench-rank takes no --%s: %s", row->name, use->why);
    if (use->use == USE_LOAD)
        add_option(&a->load, row, into, text);
    if (use->use == USE_SHOWN)
        add_option(&a->shown, row, into, text);
    if (text != NULL && is_file(row->name))
        str_list_add(&a->files, text);
    return 0;
}

/* The seed is one for all hosts, and so it is chosen here. */
static void add_seed(struct arguments *a, const struct opt_given *given)
{
    if (opt_given_text(given, "seed") != NULL)
        return;
    char *word = mem_printf("--seed=%lld", (long long)clock_wall_ms());
    str_list_add(&a->load, word);
    free(word);
}

/* The group that an option stands in. */
static const struct opt_group *group_of(const struct opt_group *groups, const struct opt *rows)
{
    while (groups->rows != rows)
        groups++;
    return groups;
}

static int take_given(struct arguments *a, const struct opt_group *groups,
                      const struct opt_given *given, struct err *err)
{
    for (size_t i = 0; i < given->count; i++) {
        const struct opt_group *group = group_of(groups, given->options[i].rows);
        if (group->rows != own_opts &&
            take_option(a, given->options[i].row, group->into, given->options[i].text, err) < 0)
            return -1;
    }
    add_seed(a, given);
    str_list_add(&a->load, "--"); /* no word behind it is an option */
    for (size_t i = 0; i < given->nwords; i++)
        str_list_add(&a->load, given->words[i]);
    return 0;
}

static void take_times(struct arguments *a, const struct plan *plan)
{
    a->warmup_ns = plan->warmup_ns;
    if (plan->connect_rps > 0)
        a->connect_s = (double)plan->connections / plan->connect_rps;
}

/* ---- help ---- */

static char *help_text(void)
{
    struct own_options own;
    const struct opt_group groups[] = {{"Several hosts", own_opts, &own}, {0}};
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    buf_puts(&out,
             "Usage: mpirun [--host A,B:2] --enable-recovery --bind-to none " NAME
             " run [OPTIONS] URL...\n\n"
             "Loads a server from several hosts at once: mpirun starts " NAME
             " on each, and each does its\nshare of the plan. The options are those of bench run "
             "(see bench run --help), and these. `bench\nrun --hosts A,B:2` does all of it.\n");
    opt_help(groups, &out);
    char *text = buf_take(&out);
    buf_fini(&out);
    return text;
}

static char *man_options(void)
{
    struct own_options own;
    const struct opt_group groups[] = {{"Several hosts", own_opts, &own}, {0}};
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    opt_man(groups, &out);
    char *text = buf_take(&out);
    buf_fini(&out);
    return text;
}

/* The one word that is no run; NULL for any other. */
static char *text_for(const char *word)
{
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
        return help_text();
    if (strcmp(word, "--version") == 0 || strcmp(word, "-v") == 0)
        return mem_strdup(NAME " " BENCH_VERSION "\n");
    return strcmp(word, "--man-options") == 0 ? man_options() : NULL;
}

/* ---- a run ---- */

static int take_run(struct arguments *a, int argc, char **argv, struct err *err)
{
    struct opt_group groups[OPT_GROUPS_MAX + 3];
    struct common common = {0};
    struct own_options own = {0};
    struct opt_given given;
    struct run_options *options = mem_zalloc(cmd_run.options_size);
    /* The first row of a name is the one that counts, and bench run has --on-lost, too. */
    groups[0] = (struct opt_group){"Several hosts", own_opts, &own};
    size_t n = commands_groups(&cmd_run, options, &common, groups + 1);
    groups[n + 2] = (struct opt_group){0};
    int failed = opt_parse(groups, argc, argv, &given, err);
    if (failed == 0 && common.help)
        a->text = help_text();
    else if (failed == 0)
        failed = take_given(a, groups, &given, err);
    if (failed == 0) {
        take_times(a, &options->plan);
        a->stream = own.stream;
        a->continues = plan_goes_on(&options->plan);
    }
    cmd_run.fini(options);
    free(options);
    return failed;
}

/* The words of `bench run --hosts` that no command line may show stand in a variable. */
static int take_all(struct arguments *a, int argc, char **argv, struct err *err)
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): the environment is not changed after the start */
    const char *told = getenv(FLEET_ARGS_VARIABLE);
    struct str_list words = {0};
    for (int i = 0; i < argc; i++)
        str_list_add(&words, argv[i]);
    int failed = told == NULL ? 0 : word_unpack(told, &words, err);
    if (failed < 0)
        (void)err_wrap(err, FLEET_ARGS_VARIABLE);
    else
        failed = take_run(a, (int)words.count, words.items, err);
    str_list_fini(&words);
    return failed;
}

int arguments_take(struct arguments *a, int argc, char **argv, struct err *err)
{
    const char *word = argc > 1 ? argv[1] : "";
    *a = (struct arguments){.text = text_for(word)};
    if (a->text != NULL)
        return 0;
    if (strcmp(word, "run") != 0)
        return err_set(err, ERR_USAGE, "'%s' is no command; there is only run: see " NAME " --help",
                       word);
    return take_all(a, argc - 1, argv + 1, err);
}

void arguments_fini(struct arguments *a)
{
    free(a->text);
    str_list_fini(&a->load);
    str_list_fini(&a->shown);
    str_list_fini(&a->files);
}
