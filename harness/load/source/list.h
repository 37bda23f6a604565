/* list: the requests that connections send in turn, ready to be sent.
 *
 * Shape   made once, before the run, of requests whose bytes request_build made; then nothing of it
 *         changes, and all threads read it. The order is that in which entries were added, or with
 *         weights it is drawn.
 *         A run has one list for each URL that it has.
 * Owner   source_list_free frees it. What an entry is told, and its rule, are borrowed.
 */
#ifndef LOAD_SOURCE_LIST_H
#define LOAD_SOURCE_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/response.h"
#include "match/rule.h"
#include "model/request_list.h"

/* What is known of a request beside its bytes. */
struct source_entry_spec {
    const char *bytes; /* of the whole request; copied */
    size_t len;
    const struct request_entry *told; /* its weight, think time, expectation, captures */
    const struct rule *rule;          /* made of the last two; NULL: nothing is expected */
    uint32_t name;                    /* number of its name, under which its replies are counted */
    bool is_one_shot;                 /* it says Connection: close */
    enum response_to to;
};

struct source_entry {
    char *bytes;
    size_t len;
    const struct request_entry *told;
    const struct rule *rule;
    uint32_t index; /* in its list */
    uint32_t name;
    bool is_one_shot;
    enum response_to to;
};

struct source_list {
    struct source_entry *entries;
    uint32_t count;
    bool has_rules; /* some entry has one */
};

struct source_list *source_list_new(void);
void source_list_free(struct source_list *list); /* NULL is fine */
void source_list_add(struct source_list *list, const struct source_entry_spec *spec);

#endif
