#include "report/live/session.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/units.h"
#include "report/live/bar.h"
#include "report/live/load_lines.h"

#define NAME 7 /* columns of an arm's name: "control" */

static void add_block(struct fields *f, const struct live_session *s)
{
    char name[TEXT_NAME];
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    buf_printf(&text, "block %zu of %lld: %s", s->block + 1, (long long)s->blocks,
               text_name(s->arms[s->arm].name, f->style, name, sizeof name));
    if (s->slices > 0)
        buf_printf(&text, ", slice %zu of %zu", s->slice, s->slices);
    if (!fields_add(f, PAINT_PLAIN, text.data))
        (void)fields_printf(f, PAINT_PLAIN, "block %zu of %lld", s->block + 1,
                            (long long)s->blocks);
    buf_fini(&text);
}

/* "at most 4m 12s left"; empty when it is not known. */
static char *time_left(const struct live_session *s, char *text, size_t size)
{
    double left = s->left_s > 0 ? s->left_s : 0;
    text[0] = '\0';
    if (!isnan(s->left_s))
        (void)snprintf(text, size, "at most %.0fm %02.0fs left", floor(left / 60),
                       floor(fmod(left, 60)));
    return text;
}

static void add_change(struct fields *f, const struct live_session *s)
{
    size_t room = fields_room(f);
    size_t size = 4 * room + 1;
    char *shown = mem_zalloc(size);
    if (room > NAME)
        (void)fields_add(f, PAINT_PLAIN, text_short(s->change, f->style, room, shown, size));
    free(shown);
}

static void block_line(struct buf *out, const struct live_session *s,
                       const struct report_style *style)
{
    struct fields f;
    fields_begin(&f, out, style);
    add_block(&f, s);
    if (s->look > 0)
        (void)fields_printf(&f, PAINT_PLAIN, "next look after block %lld", (long long)s->look);
    fields_end(&f);
}

static void progress_line(struct buf *out, const struct live_session *s,
                          const struct report_style *style)
{
    char left[64];
    struct fields f;
    double done = (double)s->block;
    if (s->slices > 0)
        done += (double)(s->slice - 1) / (double)s->slices;
    fields_begin(&f, out, style);
    bar_add(&f, done / (double)s->blocks, 2 + strlen(time_left(s, left, sizeof left)));
    (void)fields_add(&f, PAINT_PLAIN, left);
    fields_end(&f);
}

static void change_line(struct buf *out, const struct live_session *s,
                        const struct report_style *style)
{
    struct fields f;
    fields_begin(&f, out, style);
    fields_label(&f, "gate");
    add_change(&f, s);
    fields_end(&f);
}

#define WITH_SERVER 80 /* columns: in fewer, the sparkline has the room */

/* Nothing of a server that bench did not start. */
static void add_server(struct fields *f, const struct second *s)
{
    char value[32];
    if (f->style->width < WITH_SERVER)
        return;
    if (!isnan(s->server_cpu_cores))
        (void)fields_printf(f, PAINT_PLAIN, "%.2f cores", s->server_cpu_cores);
    if (s->server_rss_bytes != MISSING)
        (void)fields_printf(f, PAINT_PLAIN, "%7s",
                            units_format_bytes((double)s->server_rss_bytes, value, sizeof value));
}

/* Each figure stands below that of the other arm. */
static void arm_line(struct buf *out, const struct live_arm *arm, const struct report_style *style)
{
    char name[TEXT_NAME];
    char value[32];
    const struct history *load = &arm->load;
    struct fields f;
    fields_begin(&f, out, style);
    fields_label(&f, text_short(arm->name, style, NAME, name, sizeof name));
    (void)fields_printf(&f, PAINT_PLAIN, "%6s req/s",
                        units_format_count(history_rate(load), value, sizeof value));
    (void)fields_printf(&f, PAINT_PLAIN, "p99 %7s",
                        load->last.p99_ns == MISSING
                            ? "-"
                            : units_format_time(load->last.p99_ns, value, sizeof value));
    load_add_errors(&f, load);
    add_server(&f, &load->last);
    load_add_rates(&f, load);
    fields_end(&f);
}

static void only_line(struct buf *out, const struct live_session *s,
                      const struct report_style *style)
{
    char left[64];
    struct fields f;
    fields_begin(&f, out, style);
    add_block(&f, s);
    (void)fields_add(&f, PAINT_PLAIN, time_left(s, left, sizeof left));
    add_change(&f, s);
    fields_end(&f);
}

char *live_session(const struct live_session *s, const struct report_style *style, size_t rows)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    block_line(&out, s, style);
    progress_line(&out, s, style);
    if (s->change[0] != '\0')
        change_line(&out, s, style);
    for (size_t i = 0; i < s->narms; i++) {
        if (s->arms[i].load.seconds > 0)
            arm_line(&out, &s->arms[i], style);
    }
    if (s->arms[s->arm].load.seconds > 0)
        load_line_of_generator(&out, &s->arms[s->arm].load, style);
    if (fields_lines(&out) > rows) {
        buf_clear(&out);
        only_line(&out, s, style);
    }
    char *lines = buf_take(&out);
    buf_fini(&out);
    return lines;
}
