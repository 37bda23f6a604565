/* host_name: the names by which clients call a server, as in "Host: name:port". Pure.
 *
 * Shape   a name is text without port and brackets: "localhost", "127.0.0.1", "::1".
 * Source  RFC 3986, section 3.2.2, and RFC 9110, section 7.2.
 */
#ifndef TARGETS_WORK_HOST_NAME_H
#define TARGETS_WORK_HOST_NAME_H

#include <stdbool.h>
#include <stddef.h>

#define HOST_NAME_BYTES 256 /* a name of the DNS has 255 at most */

/* Takes the name out of "name", "name:port" or "[address]:port"; false when it is none of them. */
bool host_name_read(const char *text, char name[HOST_NAME_BYTES]);
/* True for one name or address without a port, with or without brackets. */
bool host_name_is_plain(const char *text);
/* "localhost", 127.0.0.0/8 or ::1. */
bool host_name_is_loopback(const char *name);
/* Case, a final dot and the spelling of an IPv6 address make no difference. */
bool host_name_equals(const char *a, const char *b);

#endif
