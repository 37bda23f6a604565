#include "support/parsed_run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

int parsed_run(struct parsed_run *p, const char *text)
{
    memset(p, 0, sizeof *p);
    struct run_options *o = &p->options;
    assert_true(strlen(text) < sizeof p->text);
    memcpy(p->text, text, strlen(text) + 1);
    char *rest = NULL;
    int argc = 0;
    for (char *w = strtok_r(p->text, " ", &rest); w != NULL; w = strtok_r(NULL, " ", &rest))
        p->argv[argc++] = w;
    p->line = (struct opt_line){
        .argc = argc, .argv = p->argv, .groups = p->groups, .nown = run_groups(o, p->groups)};
    if (opt_parse(p->groups, argc, p->argv, &p->line.given, &p->err) < 0)
        return -1;
    return run_plan(o, &p->line, &p->err);
}

const struct setting *parsed_setting(const struct result *r, const char *name)
{
    for (size_t i = 0; i < r->nconfig; i++) {
        if (strcmp(r->config[i].name, name) == 0)
            return &r->config[i];
    }
    return NULL;
}
