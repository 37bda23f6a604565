/* The settings of a result: the options that it was measured with, by their names. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/plan.h"
#include "model/result.h"

void settings_add(struct setting **settings, size_t *count, const struct setting *s)
{
    *settings = mem_one_more(*settings, *count, sizeof **settings);
    (*settings)[(*count)++] = (struct setting){
        .name = mem_strdup(s->name),
        .kind = s->kind,
        .number = s->number,
        .text = mem_strdup_or_null(s->text),
    };
}

void settings_free(struct setting *settings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(settings[i].name);
        free(settings[i].text);
    }
    free(settings);
}

const struct setting *settings_find(const struct setting *settings, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(settings[i].name, name) == 0)
            return &settings[i];
    }
    return NULL;
}

char *setting_text(const struct setting *s)
{
    if (s == NULL)
        return NULL;
    switch (s->kind) {
    case SETTING_FLAG:
        return mem_strdup(s->number != 0 ? "on" : "off");
    case SETTING_NUMBER:
        return mem_printf("%.15g", s->number);
    case SETTING_TEXT:
        return mem_strdup(s->text);
    case SETTING_NULL:
        break;
    }
    return mem_strdup("none");
}

static bool is_nothing(const struct setting *s)
{
    return s == NULL || s->kind == SETTING_NULL || (s->kind != SETTING_TEXT && s->number == 0);
}

bool setting_is_same(const struct setting *a, const struct setting *b)
{
    char *text = setting_text(a);
    char *other = setting_text(b);
    bool is_same = (is_nothing(a) && is_nothing(b)) ||
                   (text != NULL && other != NULL && strcmp(text, other) == 0);
    free(text);
    free(other);
    return is_same;
}

char *setting_option(const char *name)
{
    char *option = mem_strdup(name);
    for (char *p = option; *p != '\0'; p++) {
        if (*p == '_')
            *p = '-';
    }
    return option;
}

/* The text that an option has; NULL: none. */
static const char *text_of(const struct setting *settings, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (settings[i].kind == SETTING_TEXT && strcmp(settings[i].name, name) == 0)
            return settings[i].text;
    }
    return NULL;
}

/* The number or the flag that an option has; NAN: none. */
static double number_of(const struct result *r, const char *name)
{
    for (size_t i = 0; i < r->nconfig; i++) {
        const struct setting *s = &r->config[i];
        if ((s->kind == SETTING_NUMBER || s->kind == SETTING_FLAG) && strcmp(s->name, name) == 0)
            return s->number;
    }
    return NAN;
}

bool settings_expect(const struct setting *settings, size_t count)
{
    static const char *const names[] = {"expect_body",  "expect_status", "expect_contains",
                                        "expect_regex", "expect_size",   "expect_sha256",
                                        "requests"}; /* each of which may expect something */
    for (size_t i = 0; i < LEN(names); i++) {
        if (text_of(settings, count, names[i]) != NULL)
            return true;
    }
    return false;
}

void result_add_setting(struct result *r, const struct setting *s)
{
    settings_add(&r->config, &r->nconfig, s);
}

const char *result_socket_path(const struct result *r)
{
    return text_of(r->config, r->nconfig, "socket_path");
}

bool result_excludes_errors(const struct result *r)
{
    return number_of(r, "exclude_error_stats") > 0;
}

int64_t result_timed(const struct result *r)
{
    const struct accounting *a = &r->accounting;
    return a->completed - (result_excludes_errors(r) ? a->non_2xx : 0);
}

int64_t result_sample_ms(const struct result *r)
{
    double ms = number_of(r, "sample_int");
    return ms >= PLAN_SAMPLE_MIN_MS && ms <= PLAN_SAMPLE_MAX_MS ? (int64_t)ms : 1000;
}

const char *result_proxy(const struct result *r)
{
    return text_of(r->config, r->nconfig, "proxy");
}
