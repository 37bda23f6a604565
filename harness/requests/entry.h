/* entry: one request of a file, from its JSON object.
 *
 * Shape   {"method": "POST", "path": "/users?x=1", "headers": {"X-Key": "1", "Accept": ["a", "b"]},
 *          "body": TEXT or any JSON, "weight": 2, "name": "sign up", "think": "1s-3s",
 *          "expect": {"status": 201, ...}, "capture": {"token": {"pointer": "/token"}}}
 *         All of it may be missing; what is, is as the command line says.
 * Units   a think time that is a number is in milliseconds; a text says its unit.
 * Owner   the entry is the list's; on an error it is half filled, and freed with the list.
 * Errors  kind USAGE, with file, line and column: an unknown key, a value of another type, and
 *         whatever could not be sent or matched.
 */
#ifndef REQUESTS_ENTRY_H
#define REQUESTS_ENTRY_H

#include "model/request_list.h"
#include "requests/node.h"

/* Whether headers that frame a request are taken unchecked. */
enum entry_headers { ENTRY_CHECKED_HEADERS, ENTRY_RAW_HEADERS };

int entry_read(const struct node *object, enum entry_headers rule, struct request_entry *entry,
               struct err *err);

/* The values of its keys "expect" and "capture". */
int entry_read_expect(const struct node *object, struct expectation *expect, struct err *err);
int entry_read_captures(const struct node *object, struct request_entry *entry, struct err *err);

int entry_read_method(const struct node *n, struct request_entry *entry, struct err *err);
/* Appends "Name: value". The entry's body is known already. */
int entry_add_header(const struct node *n, const char *name, const char *value,
                     enum entry_headers rule, struct request_entry *entry, struct err *err);

#endif
