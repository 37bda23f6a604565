#include "cli/pictured.h"

#include "base/log.h"
#include "cli/gathered.h"
#include "cli/pictures.h"
#include "cli/session_report.h"
#include "store/stored.h"

/* Refuses to draw empty pictures. */
static int check_measured(const struct comparison *all, struct err *err)
{
    if (gathered_has_result(all))
        return 0;
    return err_set(err, ERR_INVALID,
                   "nothing to draw: no arm has a result; bench report without -o shows why");
}

static int draw(const struct pictured *order, const struct comparison *all,
                const struct inputs *inputs, struct err *err)
{
    int signal = 0;
    if (order->data != NULL && pictures_write_data(all, order->data, inputs, err) < 0)
        return err_wrap(err, "--data");
    if (order->out == NULL || pictures_draw(all, order->out, inputs, &signal, err) == 0)
        return 0;
    if (signal == 0)
        return err_wrap(err, "-o/--out");
    log_error("%s", err->text);
    return 128 + signal;
}

static int draw_taken(const struct pictured *order, const struct comparison *all,
                      const struct inputs *inputs, struct err *err)
{
    if (order->out != NULL && check_measured(all, err) < 0)
        return -1;
    return draw(order, all, inputs, err);
}

static int read_and_draw(const struct pictured *order, const struct inputs *inputs, struct err *err)
{
    struct comparison all;
    int code = 0;
    comparison_init(&all);
    for (size_t i = 0; code == 0 && i < order->nfiles; i++) {
        const char *path = order->files[i];
        struct stored s;
        code = stored_load(path, &s, err);
        if (code < 0)
            break;
        if (s.kind == STORED_SESSION && order->nfiles == 1) {
            code = session_report_draw(
                &s.session,
                &(struct session_drawn){
                    .file = path, .data = order->data, .out = order->out, .inputs = inputs},
                err);
            stored_fini(&s);
            return code;
        }
        code = gathered_add(&all, path, &s, err);
        stored_fini(&s);
        if (code == 0 && order->out != NULL && pictures_check_arms(&all, err) < 0)
            code = err_wrap(err, "-o/--out");
    }
    if (code == 0)
        code = draw_taken(order, &all, inputs, err);
    comparison_fini(&all);
    return code;
}

int pictured_files(const struct pictured *order, struct err *err)
{
    struct inputs inputs;
    if (gathered_check_count(order->nfiles, err) < 0)
        return -1;
    inputs_of(&inputs, order->files, order->nfiles);
    int code = read_and_draw(order, &inputs, err);
    inputs_fini(&inputs);
    return code;
}
