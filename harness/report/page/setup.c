/* The set-up: what all arms share, then of each arm what only it has. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/compare/content.h"
#include "report/page/facts.h"
#include "report/page/html.h"
#include "report/page/page_internal.h"
#include "report/plot/caption.h"

static void pairs(const struct facts *f, const bool *left_out, struct buf *out)
{
    buf_puts(out, "<dl class=\"facts dense\">\n");
    for (size_t i = 0; i < f->names.count; i++) {
        if (left_out == NULL || !left_out[i])
            html_pair(out, f->names.items[i], f->values.items[i]);
    }
    buf_puts(out, "</dl>\n");
}

static void folded(struct view *v, const char *name, const struct facts *f, const bool *left_out)
{
    buf_puts(v->out, "<details><summary>");
    html_name(v->out, name);
    buf_puts(v->out, "</summary>\n");
    pairs(f, left_out, v->out);
    buf_puts(v->out, "</details>\n");
}

/* --- a comparison --- */

static const struct arm *first_arm(const struct comparison *c)
{
    for (size_t i = 0; i < c->narms; i++) {
        if (c->arms[i].nresults > 0)
            return &c->arms[i];
    }
    return NULL;
}

static void arm_facts(const struct arm *arm, struct facts *f)
{
    *f = (struct facts){0};
    if (arm->nresults > 0)
        facts_add_result(f, &arm->results[0]);
}

/* Marks those of `all` that this arm has otherwise, or not at all. */
static void tell_apart(const struct facts *all, const struct arm *arm, bool *differs)
{
    struct facts own;
    if (arm->nresults == 0)
        return;
    arm_facts(arm, &own);
    for (size_t i = 0; i < all->names.count; i++) {
        const char *value = facts_find(&own, all->names.items[i]);
        differs[i] |= value == NULL || strcmp(value, all->values.items[i]) != 0;
    }
    facts_fini(&own);
}

/* Shared by all: named in `all`, and not marked. */
static bool is_shared(const struct facts *all, const bool *differs, const char *name)
{
    for (size_t i = 0; i < all->names.count; i++) {
        if (strcmp(all->names.items[i], name) == 0)
            return !differs[i];
    }
    return false;
}

static void own_facts(struct view *v, const struct arm *arm, const struct facts *all,
                      const bool *differs)
{
    struct facts own;
    arm_facts(arm, &own);
    bool *shared = mem_array(own.names.count + 1, sizeof *shared);
    bool any = false;
    for (size_t i = 0; i < own.names.count; i++) {
        shared[i] = is_shared(all, differs, own.names.items[i]);
        any |= !shared[i];
    }
    if (any)
        folded(v, arm->name, &own, shared);
    free(shared);
    facts_fini(&own);
}

static void setup_arms(struct view *v, const struct arm *first)
{
    const struct comparison *c = v->chapter->comparison;
    struct facts all;
    arm_facts(first, &all);
    bool *differs = mem_array(all.names.count + 1, sizeof *differs);
    for (size_t i = 0; i < c->narms; i++)
        tell_apart(&all, &c->arms[i], differs);
    folded(v, c->narms == 1 ? "As it was run" : "The same for all arms", &all, differs);
    if (c->narms > 1)
        html_paragraph(v->out, NULL, "Settings per arm (first round):");
    for (size_t i = 0; i < c->narms && i < PAGE_ARMS_MAX && c->narms > 1; i++)
        own_facts(v, &c->arms[i], &all, differs);
    if (c->narms > PAGE_ARMS_MAX)
        buf_printf(v->out, "<p class=\"notes\">The set-up of the first %d arms of %zu.</p>\n",
                   PAGE_ARMS_MAX, c->narms);
    free(differs);
    facts_fini(&all);
}

/* The whole in one line: what is folded below has the rest. */
static void summary(struct view *v)
{
    const struct comparison *c = v->chapter->comparison;
    struct buf text;
    struct buf machine;
    buf_init(&text, BUF_TEXT_MAX);
    buf_init(&machine, BUF_TEXT_MAX);
    if (v->chapter->is_gathered)
        plot_caption_load(c, &text);
    else
        compare_load(c, &text);
    plot_caption_machine(c, &machine);
    if (text.len > 0 && machine.len > 0)
        buf_puts(&text, "; ");
    buf_puts(&text, machine.data);
    buf_fini(&machine);
    buf_puts(&text, ". Settings that are off, 0 or not given are left out.");
    html_paragraph(v->out, NULL, text.data);
    buf_fini(&text);
}

/* The results hold the command that measured them. */
static void setup_comparison(struct view *v)
{
    const struct comparison *c = v->chapter->comparison;
    struct facts f = {0};
    if (first_arm(c) != NULL) {
        summary(v);
        setup_arms(v, first_arm(c));
        return;
    }
    facts_add_command(&f, "measured by", c->argv, c->nargv);
    pairs(&f, NULL, v->out);
    facts_fini(&f);
}

/* --- a sweep --- */

/* The first point at which an arm was measured; its size when none was. */
static size_t first_point(const struct sweep *s)
{
    for (size_t i = 0; i < s->comparison.narms; i++) {
        if (s->comparison.arms[i].nresults > 0)
            return i / s->narms;
    }
    return s->npoints;
}

/* That of its first point: what else differs stands in the tables. */
static void setup_sweep(struct view *v)
{
    const struct sweep *s = v->chapter->sweep;
    size_t point = first_point(s);
    struct comparison one = s->comparison;
    struct page_chapter chapter = *v->chapter;
    struct view part = *v;
    if (point == s->npoints) {
        setup_comparison(v);
        return;
    }
    struct arm *arms = mem_array(s->narms, sizeof *arms);
    struct buf text;
    for (size_t i = 0; i < s->narms; i++) {
        arms[i] = *sweep_arm(s, point, i);
        arms[i].name = s->arms[i];
    }
    one.arms = arms;
    one.narms = s->narms;
    chapter.comparison = &one;
    part.chapter = &chapter;
    buf_init(&text, BUF_TEXT_MAX);
    buf_puts(&text, "At the first point,");
    for (size_t i = 0; i < s->naxes; i++)
        buf_printf(&text, " %s=%s", s->axes[i].option, sweep_point_label(s, point, i));
    buf_puts(&text, "; at the others only that differs.");
    html_paragraph(v->out, NULL, text.data);
    setup_comparison(&part);
    buf_fini(&text);
    free(arms);
}

/* --- a session, and a search for the capacity --- */

static void folded_settings(struct view *v, const char *name, const struct setting *settings,
                            size_t count)
{
    struct facts own = {0};
    facts_add_settings(&own, settings, count);
    folded(v, name, &own, NULL);
    facts_fini(&own);
}

static void setup_session(struct view *v)
{
    const struct session *s = v->chapter->session->verdict->session;
    struct facts f = {0};
    facts_add_command(&f, "measured by", s->argv, s->nargv);
    for (size_t i = 0; i < s->ngates; i++) {
        char *name = mem_printf("gate %zu (%s)", i + 1, session_gate_kind_names[s->gates[i].kind]);
        str_list_add(&f.names, name);
        str_list_add(&f.values, s->gates[i].text);
        free(name);
    }
    facts_add_environment(&f, &s->environment);
    folded(v, "The gates and the machine", &f, NULL);
    facts_fini(&f);
    for (size_t i = 0; i < s->narms; i++)
        folded_settings(v, s->arms[i].name, s->arms[i].config, s->arms[i].nconfig);
}

static void setup_capacity(struct view *v)
{
    const struct capacity *c = v->chapter->capacity->capacity;
    struct facts f = {0};
    facts_add_command(&f, "measured by", c->argv, c->nargv);
    for (size_t i = 0; i < c->narms; i++) {
        char *name = mem_printf("arm %zu (%s)", i + 1, c->arms[i].name);
        str_list_add(&f.names, name);
        str_list_add(&f.values, c->arms[i].target);
        free(name);
    }
    facts_add_environment(&f, &c->environment);
    folded(v, "The arms and the machine", &f, NULL);
    facts_fini(&f);
    for (size_t i = 0; i < c->narms; i++)
        folded_settings(v, c->arms[i].name, c->arms[i].config, c->arms[i].nconfig);
}

void page_setup(struct view *v)
{
    view_section(v, "setup", "Set-up");
    if (v->chapter->session != NULL)
        setup_session(v);
    else if (v->chapter->capacity != NULL)
        setup_capacity(v);
    else if (v->chapter->sweep != NULL)
        setup_sweep(v);
    else
        setup_comparison(v);
    view_section_end(v);
}
