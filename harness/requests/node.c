#include "requests/node.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "store/doc.h"

/* --- finding a value again, in a text that has been parsed --- */

static size_t skip_blanks(const struct written *t, size_t at)
{
    while (at < t->len && strchr(" \t\r\n", t->bytes[at]) != NULL && t->bytes[at] != '\0')
        at++;
    return at;
}

static size_t skip_string(const struct written *t, size_t at)
{
    for (at++; at < t->len && t->bytes[at] != '"'; at++)
        at += t->bytes[at] == '\\';
    return at + 1;
}

/* Over the value that begins at `at`. */
static size_t skip_value(const struct written *t, size_t at)
{
    size_t depth = 0;
    while (at < t->len) {
        char c = t->bytes[at];
        if (c == '"') {
            at = skip_string(t, at);
        } else if (c == '{' || c == '[') {
            depth++;
            at++;
        } else if (depth > 0) {
            depth -= c == '}' || c == ']';
            at++;
        } else {
            while (at < t->len && strchr(",]} \t\r\n", t->bytes[at]) == NULL)
                at++;
        }
        if (depth == 0)
            break;
    }
    return at < t->len ? at : t->len;
}

/* The first child of the container at `at` begins here. */
static size_t first_child_at(const struct written *t, size_t at)
{
    return skip_blanks(t, at + 1);
}

/* The item behind the one at `at` begins here, or the end of the list. */
static size_t next_item_at(const struct written *t, size_t at)
{
    return skip_blanks(t, skip_blanks(t, skip_value(t, at)) + 1); /* over the comma */
}

/* Behind the key at `at`. */
static size_t behind_key(const struct written *t, size_t at)
{
    return skip_blanks(t, skip_blanks(t, skip_string(t, at)) + 1); /* over the colon */
}

/* Of its key, or of itself if it has none. */
static size_t key_at(const struct node *n) /* NOLINT(misc-no-recursion): as node_at */
{
    if (n->key == NULL)
        return n->at;
    size_t at = first_child_at(n->text, node_at(n->parent));
    for (size_t i = 0; i < n->ordinal; i++)
        at = next_item_at(n->text, behind_key(n->text, at));
    return at;
}

size_t node_at(const struct node *n) /* NOLINT(misc-no-recursion): as deep as the nodes */
{
    return n->key == NULL ? n->at : behind_key(n->text, key_at(n));
}

/* --- messages --- */

int node_problem(const struct node *n, struct err *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)place_verror(n->text, node_at(n), err, format, args);
    va_end(args);
    return -1;
}

int node_key_problem(const struct node *n, struct err *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)place_verror(n->text, key_at(n), err, format, args);
    va_end(args);
    return -1;
}

int node_expected(const struct node *n, const char *what, struct err *err)
{
    if (n->key == NULL && n->parent != NULL && n->parent->key != NULL)
        return node_problem(n, err, "each of '%.60s' must be %s", n->parent->key, what);
    if (n->key == NULL)
        return node_problem(n, err, "this must be %s", what);
    return node_problem(n, err, "'%.60s' must be %s", n->key, what);
}

/* --- parsing --- */

/* The library tells where the word at fault ends, and the word: "... near 'word'". */
static size_t word_len(const char *what)
{
    static const char mark[] = " near '";
    const char *word = strstr(what, mark);
    size_t len = word == NULL ? 0 : strlen(word) - strlen(mark);
    return len > 0 ? len - 1 : 0; /* without the quote behind it */
}

static int parse_error(const struct written *text, size_t at, const json_error_t *why,
                       struct err *err)
{
    char what[sizeof why->text];
    if (why->line < 1) /* no place is given: the text is not at fault */
        return err_set(err, ERR_USAGE, "not enough memory to read %s", text->name);
    size_t len = strlen(why->text);
    memcpy(what, why->text, len + 1);
    for (char *c = what; *c != '\0'; c++) /* it quotes the text, which may hold anything */
        *c = iscntrl((unsigned char)*c) ? '?' : *c;
    size_t end = (size_t)why->position;
    size_t word = word_len(why->text);
    return place_error(text, at + (word < end ? end - word : 0), err, "not JSON: %s", what);
}

int node_check_size(const struct written *text, struct err *err)
{
    if (!doc_is_oversized(text->bytes, text->len))
        return 0;
    return err_set(err, ERR_USAGE,
                   "%s has more than bench can hold: over %d values, or over %d objects and arrays",
                   text->name, DOC_VALUES_MAX, DOC_CONTAINERS_MAX);
}

int node_parse(const struct written *text, size_t at, struct node *root, size_t *end,
               struct err *err)
{
    json_error_t why;
    json_t *json =
        json_loadb(text->bytes + at, text->len - at,
                   JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK | JSON_ALLOW_NUL, &why);
    *root = (struct node){.text = text, .json = json, .at = at};
    if (json == NULL)
        return parse_error(text, at, &why, err);
    *end = at + (size_t)why.position;
    return 0;
}

void node_free(struct node *root)
{
    json_decref(root->json);
    root->json = NULL;
}

/* --- what is in it --- */

struct node node_member(const struct node *object, const char *key)
{
    struct node child = {.text = object->text, .parent = object};
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach(object->json, name, value)
    {
        if (strcmp(name, key) == 0) {
            child.key = name;
            child.json = value;
            return child;
        }
        child.ordinal++;
    }
    return child;
}

int node_each(const struct node *parent, node_read_fn *read, void *into, struct err *err)
{
    struct node child = {.text = parent->text, .parent = parent};
    size_t index = 0;
    json_t *value = NULL;
    const char *key = NULL;
    if (json_is_array(parent->json))
        child.at = first_child_at(parent->text, node_at(parent));
    json_array_foreach(parent->json, index, value)
    {
        child.json = value;
        if (read(&child, into, err) < 0)
            return -1;
        child.at = next_item_at(parent->text, child.at);
    }
    json_object_foreach(parent->json, key, value)
    {
        child.json = value;
        child.key = key;
        if (read(&child, into, err) < 0)
            return -1;
        child.ordinal++;
    }
    return 0;
}

struct keys {
    const char *what;
    const struct node_key *rows;
    void *into;
};

static int unknown_key(const struct node *n, const struct keys *keys, struct err *err)
{
    const char *words[16] = {NULL}; /* ends with NULL */
    for (size_t i = 0; keys->rows[i].key != NULL && i + 1 < LEN(words); i++)
        words[i] = keys->rows[i].key;
    char *hint = str_suggest(n->key, words, "'*'?", "");
    struct buf all;
    buf_init(&all, BUF_TEXT_MAX);
    for (size_t i = 0; words[i] != NULL; i++)
        buf_printf(&all, "%s%s", i > 0 ? ", " : "", words[i]);
    (void)node_key_problem(n, err, "%s has no '%.60s'%s%s%s", keys->what, n->key, hint,
                           hint[0] == '\0' ? "; it has " : "", hint[0] == '\0' ? all.data : "");
    buf_fini(&all);
    free(hint);
    return -1;
}

static int read_key(const struct node *child, void *into, struct err *err)
{
    const struct keys *keys = into;
    for (const struct node_key *row = keys->rows; row->key != NULL && child->key != NULL; row++) {
        if (strcmp(row->key, child->key) == 0)
            return row->read(child, keys->into, err);
    }
    return unknown_key(child, keys, err);
}

int node_keys(const struct node *object, const char *what, const struct node_key *rows, void *into,
              struct err *err)
{
    struct keys keys = {what, rows, into};
    if (!json_is_object(object->json))
        return node_problem(object, err, "%s must be an object, in braces", what);
    return node_each(object, read_key, &keys, err);
}

int node_text(const struct node *n, const char **out, struct err *err)
{
    if (!json_is_string(n->json))
        return node_expected(n, "a text, in quotes", err);
    *out = json_string_value(n->json);
    if (strlen(*out) != json_string_length(n->json))
        return node_problem(n, err, "a NUL (\\u0000) cannot be part of this");
    return 0;
}

void node_compact(const struct node *n, struct buf *out)
{
    size_t at = node_at(n);
    size_t end = skip_value(n->text, at);
    while (at < end) {
        size_t next = n->text->bytes[at] == '"' ? skip_string(n->text, at) : at + 1;
        if (strchr(" \t\r\n", n->text->bytes[at]) == NULL)
            buf_add(out, n->text->bytes + at, next - at);
        at = next;
    }
}

size_t node_skip_blanks(const struct written *text, size_t at)
{
    while (at < text->len && strchr(" \t\r\n", text->bytes[at]) != NULL && text->bytes[at] != '\0')
        at++;
    return at;
}
