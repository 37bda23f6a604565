#include "cli/sameness.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* As much of a text as a line has: a body may have more than one. */
static int shown(const char *text)
{
    return (int)strcspn(text, "\r\n");
}

static int differs(const char *what, const char *stored, const char *now, struct err *err)
{
    const char *before = stored == NULL ? "unknown" : stored;
    const char *after = now == NULL ? "unknown" : now;
    return err_set(err, ERR_INCOMPARABLE, "its %s is %.*s, and now it is %.*s", what, shown(before),
                   before, shown(after), after);
}

static bool is_same(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

int sameness_count(const char *what, int64_t stored, int64_t now, struct err *err)
{
    if (stored == now)
        return 0;
    char *before = stored == MISSING ? NULL : mem_printf("%lld", (long long)stored);
    char *after = now == MISSING ? NULL : mem_printf("%lld", (long long)now);
    int failed = differs(what, before, after, err);
    free(before);
    free(after);
    return failed;
}

int sameness_text(const char *what, const char *stored, const char *now, struct err *err)
{
    return is_same(stored, now) ? 0 : differs(what, stored, now, err);
}

int sameness_machine(const struct environment *stored, const struct environment *now,
                     struct err *err)
{
    if (sameness_text("host", stored->hostname, now->hostname, err) < 0 ||
        sameness_text("kernel", stored->kernel, now->kernel, err) < 0 ||
        sameness_text("CPU", stored->cpu_model, now->cpu_model, err) < 0 ||
        sameness_count("number of cores", stored->cores_online, now->cores_online, err) < 0)
        return -1;
    return sameness_count("number of usable cores", stored->cores_allowed, now->cores_allowed, err);
}

/* What changes no measurement. */
static bool is_of_output(const char *setting)
{
    static const char *const names[] = {"title", "out", "save", "json", "progress", "dry_run"};
    for (size_t i = 0; i < LEN(names); i++) {
        if (strcmp(names[i], setting) == 0)
            return true;
    }
    return false;
}

static bool is_alike(const struct setting *a, const struct setting *b)
{
    char *text = setting_text(a);
    char *other = setting_text(b);
    bool alike = strcmp(a->name, b->name) == 0 && is_same(text, other);
    free(text);
    free(other);
    return alike;
}

/* What another option decides, unless it is given itself. Both differ then, and the other is what
 * was given differently. */
static const struct {
    const char *setting, *by;
} decided[] = {
    {"expect_body", "work"},
    {"expect_body", "strategy"},
    {"expect_body", "cmd"},
    {"expect_body", "input"},
    {"expect_body", "form"},
    {"expect_body", "requests"},
    {"expect_body", "har"},
    {"expect_body", "expect_status"},
    {"expect_body", "expect_contains"},
    {"expect_body", "expect_regex"},
    {"expect_body", "expect_size"},
    {"expect_body", "expect_sha256"},
    {"body", "input"},
    {"body", "form"},
    {"method", "form"},
    {"header", "form"},
    {"connections", "amount"},
    {"duration", "amount"},
    {"duration", "stages"},
    {"probe", "probe_rate"},
    {"cmd_scheme", "cmd"},
};

static size_t common_count(const struct sameness_arm *stored, const struct sameness_arm *now)
{
    return stored->nconfig < now->nconfig ? stored->nconfig : now->nconfig;
}

static bool differs_in(const struct sameness_arm *stored, const struct sameness_arm *now,
                       const char *setting)
{
    for (size_t i = 0; i < common_count(stored, now); i++) {
        if (strcmp(now->config[i].name, setting) == 0)
            return !is_alike(&stored->config[i], &now->config[i]);
    }
    return false;
}

static bool is_decided(const struct sameness_arm *stored, const struct sameness_arm *now,
                       const char *setting)
{
    for (size_t i = 0; i < LEN(decided); i++) {
        if (strcmp(decided[i].setting, setting) == 0 && differs_in(stored, now, decided[i].by))
            return true;
    }
    return false;
}

static int same_setting(const char *arm, const struct setting *stored, const struct setting *now,
                        struct err *err)
{
    if (is_of_output(now->name) || is_alike(stored, now))
        return 0;
    char *what = mem_printf("%s of %s", now->name, arm);
    char *before = setting_text(stored);
    char *after = setting_text(now);
    int failed = strcmp(stored->name, now->name) != 0
                     ? differs("list of options", stored->name, now->name, err)
                     : differs(what, before, after, err);
    free(what);
    free(before);
    free(after);
    return failed;
}

static int same_settings(const struct sameness_arm *stored, const struct sameness_arm *now,
                         struct err *err)
{
    size_t count = common_count(stored, now);
    int failed = 0;
    for (size_t i = 0; i < count && failed == 0; i++) {
        if (!is_decided(stored, now, now->config[i].name))
            failed = same_setting(now->name, &stored->config[i], &now->config[i], err);
    }
    for (size_t i = 0; i < count && failed == 0; i++)
        failed = same_setting(now->name, &stored->config[i], &now->config[i], err);
    return failed;
}

int sameness_of_arm(const struct sameness_arm *stored, const struct sameness_arm *now,
                    struct err *err)
{
    char *what = mem_printf("arm %s", now->name);
    int failed = sameness_text("arm", stored->name, now->name, err);
    if (failed == 0)
        failed = sameness_text(what, stored->target, now->target, err);
    if (failed == 0)
        failed = same_settings(stored, now, err);
    if (failed == 0)
        failed = sameness_count("number of options", (int64_t)stored->nconfig,
                                (int64_t)now->nconfig, err);
    free(what);
    return failed;
}
