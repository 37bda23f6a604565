#include "cli/output.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/stdio.h"
#include "store/file.h"
#include "store/inputs.h"
#include "store/listing.h"
#include "store/result_file.h"

static int check_default(struct err *err)
{
    struct err why;
    if (store_check_writable(RESULT_FOLDER, &why) == 0)
        return 0;
    return err_set(err, ERR_USAGE, "%s; use -o FILE or --no-save", why.text);
}

int output_check_inputs(const char *out, const struct plan *plan, struct err *err)
{
    struct inputs inputs = {0};
    inputs_add(&inputs, plan->body_file);
    inputs_add(&inputs, plan->requests_file);
    inputs_add(&inputs, plan->har_file);
    inputs_add(&inputs, plan->feed_file);
    inputs_add(&inputs, plan->form);
    for (size_t i = 0; i < plan->form_files.count; i++)
        inputs_add(&inputs, plan->form_files.items[i]);
    inputs_add(&inputs, plan->tls.cert_file);
    inputs_add(&inputs, plan->tls.key_file);
    for (size_t i = 0; i < plan->tls.ca_files.count; i++)
        inputs_add(&inputs, plan->tls.ca_files.items[i]);
    int failed = out == NULL ? 0 : inputs_check(&inputs, out, err);
    inputs_fini(&inputs);
    return failed;
}

int output_check_arms(const char *out, const struct arms *arms, struct err *err)
{
    for (size_t i = 0; i < arms->count; i++) {
        if (output_check_inputs(out, &arms->items[i].options.plan, err) < 0)
            return -1;
    }
    return 0;
}

static int check_dash(const char *out, struct err *err)
{
    if (strcmp(out, "-") != 0)
        return 0;
    return err_set(err, ERR_USAGE,
                   "-o/--out: '-' is not a file: without -o the report goes to stdout, with --json "
                   "the result; ./- is a file of this name");
}

int output_check(const struct plan *plan, struct err *err)
{
    if (!plan->save)
        return 0;
    if (plan->out == NULL)
        return check_default(err);
    if (plan->out[0] == '\0')
        return err_set(err, ERR_USAGE, "-o/--out: '' is not a file; give a file or a folder");
    if (check_dash(plan->out, err) < 0)
        return -1;
    if (output_check_inputs(plan->out, plan, err) < 0 || store_check_writable(plan->out, err) < 0)
        return err_wrap(err, "-o/--out");
    return 0;
}

int output_check_report(const char *out, struct err *err)
{
    if (out == NULL)
        return 0;
    if (out[0] == '\0' || store_is_folder(out))
        return err_set(err, ERR_USAGE, "-o/--out: '%s' is not a file; give a file name", out);
    if (check_dash(out, err) < 0)
        return -1;
    return store_check_writable(out, err) < 0 ? err_wrap(err, "-o/--out") : 0;
}

int output_check_source(const char *out, const char *source, struct err *err)
{
    if (out == NULL || source == NULL || (strcmp(out, source) != 0 && !store_is_same(out, source)))
        return 0;
    return err_set(err, ERR_USAGE,
                   "-o/--out: the report would replace %s, which it is made of; give another file",
                   source);
}

int output_text(const struct buf *text, struct err *err)
{
    if (text->overflow)
        return err_set(err, ERR_USAGE, "the report is larger than %zu MiB", text->max >> 20);
    return stdio_print(text->data, err);
}

int output_print(const struct plan *plan, const struct buf *text, struct err *err)
{
    if (output_text(text, err) == 0)
        return 0;
    char *why = mem_strdup(err->text);
    (void)err_set(err, err->kind, "%s; the result %s", why,
                  plan->save ? "is saved anyway" : "is lost, use -o FILE");
    free(why);
    return -1;
}

int output_check_folder(const char *option, const char *name, struct err *err)
{
    static const char *const endings[] = {".html", ".htm", ".svg", ".png",  ".pdf", ".md",
                                          ".txt",  ".csv", ".dat", ".json", ".xml"};
    if (name == NULL)
        return 0;
    if (name[0] == '\0')
        return err_set(err, ERR_USAGE, "%s: '' is not a folder; give a name such as plots/",
                       option);
    for (size_t i = 0; i < LEN(endings) && !store_is_folder(name); i++) {
        size_t len = strlen(name);
        size_t tail = strlen(endings[i]);
        if (len >= tail && strcasecmp(name + len - tail, endings[i]) == 0)
            return err_set(
                err, ERR_USAGE,
                "%s: '%s' looks like a file; give a folder such as plots/, or for -o a page such "
                "as report.html",
                option, name);
    }
    return 0;
}
