/* request_list: the requests of a run that sends more than one, as somebody wrote them.
 *
 * Shape   plain data, in the order of its source; an empty list (count 0) is a run with one
 * request, which is in the plan. Texts may have placeholders, which load/source fills in. A method
 * or path that an entry does not give is that of the command line; its own headers beat -H headers
 * of the same name. Units   think times in nanoseconds; a weight is a share of the sum of all.
 * Owner   the list owns all that it points to; request_list_fini frees it.
 */
#ifndef MODEL_REQUEST_LIST_H
#define MODEL_REQUEST_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* The most names that a result tells apart; the requests of all others are summed. */
#define REQUEST_NAMES_MAX 1000

enum body_check_kind {
    BODY_EQUAL,
    BODY_CONTAINS,
    BODY_REGEX,
    BODY_SIZE,
    BODY_SHA256,
};

struct body_check {
    enum body_check_kind kind;
    char *text;   /* what to compare with; of BODY_SHA256 the 64 hexadecimal digits in lower case */
    size_t len;   /* a text to compare with may have any bytes, also NUL */
    int64_t size; /* BODY_SIZE: bytes */
};

/* Both are included. */
struct status_range {
    int from, to;
};

/* What is right as a reply. */
struct expectation {
    struct status_range *statuses; /* none: any */
    size_t nstatuses;
    struct body_check *checks; /* of a reply with an expected status; without a set, of a 2xx */
    size_t nchecks;
};

enum capture_from {
    CAPTURE_POINTER, /* JSON pointer, RFC 6901 */
    CAPTURE_HEADER,
    CAPTURE_COOKIE, /* the value of a cookie that it sets */
    CAPTURE_REGEX,  /* its first group, or all of the match when it has none */
};

/* Part of a reply that becomes a variable of its connection. */
struct capture_spec {
    char *name;
    enum capture_from from;
    char *what; /* the pointer, the name of the header or the cookie, or the expression */
};

struct request_entry {
    char *name;              /* as given, else "METHOD /path"; never NULL */
    char *method;            /* as it is sent */
    char *path;              /* with its query, without a fragment */
    struct str_list headers; /* its own, "Name: value"; they beat those of the plan */
    char *body;              /* NULL: none; ends with a NUL that body_len does not count */
    size_t body_len;
    double weight;        /* NAN: none is given; either all entries have one or none */
    int64_t think_min_ns; /* pause of the connection after the reply: a time drawn from */
    int64_t think_max_ns; /* min to max; 0 and 0: none */
    struct expectation expect;
    struct capture_spec *captures;
    size_t ncaptures;
    long line, column; /* in its file, from 1; 0: it has none */
    /* Of the command line: with several URLs the path is that of each. */
    bool inherits_name, inherits_path;
};

struct request_list {
    struct request_entry *items;
    size_t count;
    bool is_weighted;
    bool has_placeholders; /* they are replaced in what is sent */
    char *file;            /* where it is from, for messages; NULL: from the command line */
};

/* An entry at the end of the list, all of it empty but its weight, which is NAN. */
struct request_entry *request_list_add(struct request_list *list);
/* "GET /path", without its query; the caller frees it. */
char *request_entry_name(const char *method, const char *path);
void request_list_fini(struct request_list *list);

/* The checks and captures grow in the same way. Texts are copied. */
void expectation_add_status(struct expectation *expect, int from, int to);
void expectation_add_check(struct expectation *expect, enum body_check_kind kind, const char *text,
                           size_t len, int64_t size);
bool expectation_is_empty(const struct expectation *expect);
void expectation_fini(struct expectation *expect);
void request_entry_capture(struct request_entry *entry, const char *name, enum capture_from from,
                           const char *what);

/* Some entry has a think time; some entry captures. */
bool request_list_thinks(const struct request_list *list);
bool request_list_captures(const struct request_list *list);

#endif
