#include "requests/request_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

/* Where we are in the text. */
struct cursor {
    const struct written *text;
    size_t at;
    struct place_mark mark; /* of the last request */
};

static int next_char(struct cursor *c)
{
    while (c->at < c->text->len && c->text->bytes[c->at] != '\0' &&
           strchr(" \t\r\n", c->text->bytes[c->at]) != NULL)
        c->at++;
    return c->at < c->text->len ? (unsigned char)c->text->bytes[c->at] : -1;
}

static int check_weight(const struct node *object, const struct request_list *list, struct err *err)
{
    bool has = !isnan(list->items[list->count - 1].weight);
    bool first_has = !isnan(list->items[0].weight);
    if (has == first_has)
        return 0;
    struct node weight = node_member(object, "weight");
    return node_problem(has ? &weight : object, err,
                        "%s; either all requests have a weight or none",
                        has ? "this one has a weight, and the first one has none"
                            : "this one has no weight, and the first one has one");
}

static int read_request(struct cursor *c, enum entry_headers rule, struct request_list *list,
                        struct err *err)
{
    struct node object;
    if (next_char(c) != '{')
        return place_error(c->text, c->at, err,
                           "a request is expected here, as in {\"path\": \"/\"}");
    if (list->count == REQUESTS_MOST)
        return place_error(c->text, c->at, err, "more than %d requests", REQUESTS_MOST);
    struct place place = place_next(c->text, &c->mark, c->at);
    if (node_parse(c->text, c->at, &object, &c->at, err) < 0)
        return -1;
    struct request_entry *entry = request_list_add(list);
    entry->line = place.line;
    entry->column = place.column;
    int failed = entry_read(&object, rule, entry, err);
    if (failed == 0)
        failed = check_weight(&object, list, err);
    node_free(&object);
    return failed;
}

static int read_array(struct cursor *c, enum entry_headers rule, struct request_list *list,
                      struct err *err)
{
    c->at++;
    while (next_char(c) != ']' || list->count > 0) {
        if (read_request(c, rule, list, err) < 0)
            return -1;
        if (next_char(c) == ']')
            break;
        if (next_char(c) != ',')
            return place_error(c->text, c->at, err, "a ',' or a ']' is expected here");
        c->at++;
    }
    c->at++;
    if (next_char(c) >= 0)
        return place_error(c->text, c->at, err, "nothing may follow the list of requests");
    return 0;
}

static int read_objects(struct cursor *c, enum entry_headers rule, struct request_list *list,
                        struct err *err)
{
    while (next_char(c) >= 0) {
        if (read_request(c, rule, list, err) < 0)
            return -1;
    }
    return 0;
}

int request_file_parse(const struct written *text, enum entry_headers rule,
                       struct request_list *list, struct err *err)
{
    size_t bom = str_bom(text->bytes, text->len);
    const struct written bare = {text->name, text->bytes + bom, text->len - bom};
    struct cursor c = {.text = &bare, .mark = PLACE_MARK_START};
    list->file = mem_strdup(text->name);
    if (node_check_size(&bare, err) < 0)
        return -1;
    int failed =
        next_char(&c) == '[' ? read_array(&c, rule, list, err) : read_objects(&c, rule, list, err);
    if (failed == 0 && list->count == 0)
        return err_set(err, ERR_USAGE,
                       "%s has no request; write one a line, as in {\"path\": \"/\"}", text->name);
    list->is_weighted = list->count > 0 && !isnan(list->items[0].weight);
    list->has_placeholders = true;
    return failed;
}
