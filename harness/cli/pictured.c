#include "cli/pictured.h"

#include "base/log.h"
#include "cli/gathered.h"
#include "cli/pictures.h"
#include "cli/session_report.h"
#include "store/stored.h"

/* Refuses to draw empty pictures. */
static int check_measured(const struct comparison *all, struct err *err)
{
    for (size_t i = 0; i < all->narms; i++) {
        if (all->arms[i].nresults > 0)
            return 0;
    }
    return err_set(err, ERR_INVALID,
                   "nothing to draw: no arm has a result; bench report without -o shows why");
}

static int draw(const struct pictured *order, const struct comparison *all, struct err *err)
{
    int signal = 0;
    if (order->data != NULL && pictures_write_data(all, order->data, err) < 0)
        return err_wrap(err, "--data");
    if (order->out == NULL || pictures_draw(all, order->out, &signal, err) == 0)
        return 0;
    if (signal == 0)
        return err_wrap(err, "-o/--out");
    log_error("%s", err->text);
    return 128 + signal;
}

static int draw_taken(const struct pictured *order, const struct comparison *all, struct err *err)
{
    if (order->out != NULL && check_measured(all, err) < 0)
        return -1;
    return draw(order, all, err);
}

int pictured_files(const struct pictured *order, struct err *err)
{
    struct comparison all;
    int code = gathered_check_count(order->nfiles, err);
    comparison_init(&all);
    for (size_t i = 0; code == 0 && i < order->nfiles; i++) {
        const char *path = order->files[i];
        struct stored s;
        code = stored_load(path, &s, err);
        if (code < 0)
            break;
        if (s.kind == STORED_SESSION && order->nfiles == 1) {
            code = session_report_draw(&s.session, path, order->data, order->out, err);
            stored_fini(&s);
            return code;
        }
        code = gathered_add(&all, path, &s, err);
        stored_fini(&s);
        if (code == 0 && order->out != NULL && pictures_check_arms(&all, err) < 0)
            code = err_wrap(err, "-o/--out");
    }
    if (code == 0)
        code = draw_taken(order, &all, err);
    comparison_fini(&all);
    return code;
}
