/* list: the requests that connections send in turn, ready to be sent.
 *
 * Shape   made once, before the run, of requests whose bytes request_build made; then nothing of it
 *         changes, and all threads read it. The order is that in which entries were added, or with
 *         weights it is drawn. A run has one list for each URL that it has.
 * Units   nanoseconds; a weight is a share of the sum of all.
 * Owner   source_list_free frees it. The names, and what an entry was told and its rule,
 *         are borrowed.
 */
#ifndef LOAD_SOURCE_LIST_H
#define LOAD_SOURCE_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rng.h"
#include "http/response.h"
#include "load/source/template.h"
#include "match/rule.h"
#include "model/request_list.h"

/* What is known of a request beside its bytes. */
struct source_entry_spec {
    const char *bytes; /* of the whole request, with its placeholders; copied */
    size_t len;
    enum template_length length;
    const struct request_entry *told; /* its weight, think time, expectation, captures */
    const struct rule *rule;          /* made of the last two; NULL: nothing is expected */
    uint32_t name;                    /* number of its name, under which its replies are counted */
    bool is_one_shot;                 /* it says Connection: close */
    enum response_to to;
};

struct source_entry {
    struct template template;
    const struct request_entry *told;
    const struct rule *rule;
    uint32_t *captured; /* numbers of variables, one for each capture of the rule */
    uint32_t index;     /* in its list */
    uint32_t name;
    bool is_one_shot;
    enum response_to to;
    double weight_up_to; /* of all entries up to this one */
};

/* What replies are counted under. */
struct source_name {
    const char *name;
    const char *method, *path; /* NULL: others */
};

struct source_list {
    struct source_entry *entries;
    uint32_t count;
    uint32_t nvariables;
    bool is_weighted;
    bool has_rules;                  /* some entry has one */
    const struct value_names *names; /* NULL: it has no placeholders */
};

struct source_list *source_list_new(const struct value_names *names);
void source_list_free(struct source_list *list); /* NULL is fine */
void source_list_add(struct source_list *list, const struct source_entry_spec *spec);
/* One of a weighted list. */
const struct source_entry *source_list_draw(const struct source_list *list, struct rng *rng);

#endif
