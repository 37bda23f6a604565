#include "report/broker_text.h"

#include <string.h>

#include "report/text.h"

static const char *place_of(const struct result *r)
{
    for (size_t i = 0; i < r->nconfig; i++) {
        if (strcmp(r->config[i].name, "broker") == 0)
            return r->config[i].text;
    }
    return NULL;
}

void broker_text(const struct result *r, struct buf *out)
{
    const char *place = place_of(r);
    if (!r->has_queue || r->queue.broker == NULL)
        return;
    buf_puts(out, r->queue.broker);
    if (place != NULL)
        buf_printf(out, " (%s)", place);
}

/* From the first round that names a broker. */
static void text_of_arm(const struct arm *arm, struct buf *out)
{
    buf_clear(out);
    for (size_t i = 0; i < arm->nresults && out->len == 0; i++)
        broker_text(&arm->results[i], out);
}

static bool is_first(const struct comparison *c, size_t at, const char *text)
{
    bool first = true;
    struct buf other;
    buf_init(&other, BUF_TEXT_MAX);
    for (size_t i = 0; i < at && first; i++) {
        text_of_arm(&c->arms[i], &other);
        first = strcmp(other.data, text) != 0;
    }
    buf_fini(&other);
    return first;
}

/* Lists all arms that share this broker; arm `at` is the first of them. */
static void add_note(const struct comparison *c, size_t at, const char *broker,
                     const struct report_style *style, struct str_list *notes)
{
    char name[TEXT_NAME];
    struct buf text;
    struct buf other;
    buf_init(&text, BUF_TEXT_MAX);
    buf_init(&other, BUF_TEXT_MAX);
    for (size_t i = at; i < c->narms; i++) {
        text_of_arm(&c->arms[i], &other);
        if (strcmp(other.data, broker) == 0)
            text_list(&text, "%s", text_name(c->arms[i].name, style, name, sizeof name));
    }
    buf_printf(&text, ": the broker is %s", broker);
    str_list_add(notes, text.data);
    buf_fini(&other);
    buf_fini(&text);
}

void broker_notes(const struct comparison *c, const struct report_style *style,
                  struct str_list *notes)
{
    struct buf broker;
    buf_init(&broker, BUF_TEXT_MAX);
    for (size_t i = 0; i < c->narms; i++) {
        text_of_arm(&c->arms[i], &broker);
        if (broker.len > 0 && is_first(c, i, broker.data))
            add_note(c, i, broker.data, style, notes);
    }
    buf_fini(&broker);
}
