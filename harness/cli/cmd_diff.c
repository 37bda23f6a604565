/* bench diff: two stored measurements side by side. It shows and never judges. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "base/mem.h"
#include "cli/cmd.h"
#include "cli/diffed.h"
#include "cli/drawing.h"
#include "cli/output.h"
#include "cli/pictures.h"
#include "cli/terminal.h"
#include "report/diff/report.h"
#include "report/plot/shift.h"
#include "store/diff_json.h"
#include "store/file.h"
#include "store/inputs.h"
#include "store/result_file.h"

struct diff_options {
    const char *format, *out, *data;
};

#define AT(field) offsetof(struct diff_options, field)
static const char *const formats[] = {"text", "md", "json", "csv", NULL};
/* clang-format off */
static const struct opt diff_opts[] = {
    {.name = "format", .type = OPT_CHOICE, .at = AT(format), .arg = "FORMAT", .def = "text",
     .choices = formats, .help = "Report format."},
    {.name = "out", .letter = 'o', .type = OPT_TEXT, .at = AT(out), .arg = "FILE|DIR",
     .help = "Also draw how the latency shifted: FILE.png, FILE.svg, or both as shift.* in a folder."},
    {.name = "data", .type = OPT_TEXT, .at = AT(data), .arg = "DIR",
     .help = "Also write the data files of that picture to this folder."},
    {.type = OPT_END},
};
/* clang-format on */

/* --- the picture --- */

static bool ends_in(const char *path, const char *ending)
{
    size_t len = strlen(path);
    return len > strlen(ending) && strcasecmp(path + len - strlen(ending), ending) == 0;
}

/* The kind of picture that is asked for by the name of a file; NULL: both, in a folder. */
static const char *kind_of(const char *out)
{
    if (store_is_folder(out))
        return NULL;
    return ends_in(out, ".svg") ? "svg" : ends_in(out, ".png") ? "png" : NULL;
}

static int check_out(const char *out, struct err *err)
{
    if (out == NULL)
        return 0;
    const char *slash = strrchr(out, '/');
    bool is_folder = kind_of(out) == NULL;
    bool has_ending = strchr(slash == NULL ? out : slash + 1, '.') != NULL;
    if (out[0] == '\0' || (is_folder && has_ending && !store_is_folder(out)))
        return err_set(err, ERR_USAGE,
                       "-o/--out: '%s' is no picture and no folder; give a name such as shift.png, "
                       "shift.svg or plots/",
                       out);
    if (!is_folder && store_check_writable(out, err) < 0)
        return err_wrap(err, "-o/--out");
    return 0;
}

static int draw(const struct diff_options *options, const struct shift_picture *picture,
                const struct inputs *inputs, struct err *err)
{
    const struct drawing d = {
        .files = shift_files, .pictures = shift_pictures, .what = picture, .inputs = inputs};
    int signal = 0;
    if (options->data != NULL && drawing_write_data(&d, options->data, err) < 0)
        return err_wrap(err, "--data");
    if (options->out == NULL)
        return 0;
    const char *kind = kind_of(options->out);
    int failed = kind == NULL ? drawing_write(&d, options->out, &signal, err)
                              : drawing_write_one(&d, kind, options->out, &signal, err);
    if (failed == 0)
        return 0;
    if (signal == 0)
        return err_wrap(err, "-o/--out");
    log_error("%s", err->text);
    return 128 + signal;
}

static int draw_shift(const struct diff_options *options, const struct diff *d,
                      const struct shift *shift, const struct inputs *inputs, struct err *err)
{
    struct buf sides;
    struct buf differences;
    buf_init(&sides, BUF_TEXT_MAX);
    buf_init(&differences, BUF_TEXT_MAX);
    report_diff_captions(d, &sides, &differences);
    const struct shift_picture picture = {shift, {sides.data, differences.data}};
    int code = draw(options, &picture, inputs, err);
    buf_fini(&sides);
    buf_fini(&differences);
    return code;
}

/* --- the report --- */

static void write_as(const char *format, const struct diff *d, struct buf *out)
{
    const struct report_style style = terminal_style(stdout);
    if (strcmp(format, "json") == 0)
        diff_write(d, DOC_INDENTED, out);
    else if (strcmp(format, "csv") == 0)
        report_diff_csv(d, out);
    else if (strcmp(format, "md") == 0)
        report_diff_markdown(d, out);
    else
        report_diff_text(d, &style, out);
}

static int print(const struct diff_options *options, const struct diff *d, struct err *err)
{
    struct buf out;
    buf_init(&out, RESULT_MAX_BYTES);
    write_as(options->format, d, &out);
    int failed = out.overflow ? err_set(err, ERR_USAGE,
                                        "the report is larger than %zu MiB; give "
                                        "fewer files",
                                        out.max >> 20)
                              : output_text(&out, err);
    buf_fini(&out);
    return failed;
}

static int check_curves(const struct diff_options *options, const struct shift *shift,
                        struct err *err)
{
    if (options->out == NULL || shift->count <= PICTURE_ARMS_MAX)
        return 0;
    return err_set(err, ERR_USAGE,
                   "-o/--out: a picture shows at most %d curves, and these are more; compare "
                   "single files, or use --data DIR, which has no limit",
                   PICTURE_ARMS_MAX);
}

/* Nothing is printed when the file of a single picture must not be written. */
static int check_inputs(const struct diff_options *options, const struct inputs *inputs,
                        struct err *err)
{
    if (options->out == NULL || kind_of(options->out) == NULL ||
        inputs_check(inputs, options->out, err) == 0)
        return 0;
    return err_wrap(err, "-o/--out");
}

static int show(const struct diff_options *options, const struct diff *d,
                const struct inputs *inputs, struct err *err)
{
    struct shift shift = diff_shift(d);
    int code = check_curves(options, &shift, err);
    if (code == 0)
        code = check_inputs(options, inputs, err);
    if (code == 0)
        code = print(options, d, err);
    if (code == 0)
        code = draw_shift(options, d, &shift, inputs, err);
    shift_fini(&shift);
    return code;
}

/* What is written replaces none of the files that were read. */
static int show_checked(const struct diff_options *options, const struct diff *d, struct err *err)
{
    struct inputs inputs;
    struct str_list paths = {0};
    diffed_paths(d, &paths);
    inputs_of(&inputs, paths.items, paths.count);
    int code = show(options, d, &inputs, err);
    inputs_fini(&inputs);
    str_list_fini(&paths);
    return code;
}

static int diff_exec(void *options, const struct opt_line *line, struct err *err)
{
    const struct diff_options *diff = options;
    struct diff d = {0};
    size_t unreadable = 0;
    if (line->given.nwords != 2)
        return err_set(err, ERR_USAGE,
                       "%zu file%s given; bench diff takes two: OLD and NEW, each a result, a "
                       "comparison or a folder of them",
                       line->given.nwords, line->given.nwords == 1 ? "" : "s");
    if (check_out(diff->out, err) < 0)
        return -1;
    int code = diffed_make(line->given.words[0], line->given.words[1],
                           diff->out != NULL ? PICTURE_ARMS_MAX : SIZE_MAX, &d, &unreadable, err);
    if (code == 0)
        code = show_checked(diff, &d, err);
    if (code == 0 && unreadable > 0)
        code = err_set(err, ERR_USAGE,
                       "%zu of the files in both folders cannot be compared; the report says why",
                       unreadable);
    diff_fini(&d);
    return code;
}

const struct cmd cmd_diff = {
    .name = "diff",
    .args = "OLD NEW",
    .help = "Show how two saved results, comparisons or folders of them differ, without a verdict.",
    .sections = {{"Diff", diff_opts, 0}},
    .options_size = sizeof(struct diff_options),
    .exec = diff_exec,
};
