/* protocol: how requests and replies become bytes on a connection.
 *
 * Shape   one table of functions for each kind, the same for all conns of a thread. conn.c opens
 *         and closes a connection and writes the requests; the protocol reads, finds the request
 *         that a reply is for, and calls the functions of conn_internal.h. So the table is used
 *         once in the life of a connection, and not on the path of a request.
 *         With HTTP/1.1 a request is written as the source has it, and the oldest gets the reply.
 * Owner   what it keeps of a connection is a part of the conn.
 * Errors  begin: none; what is read and cannot be used is counted.
 */
#ifndef LOAD_PROTOCOL_H
#define LOAD_PROTOCOL_H

struct conn;

struct protocol {
    /* The connection is open, and nothing was written: from now on it is read. */
    void (*begin)(struct conn *c);
};

extern const struct protocol protocol_http1; /* conn_reply.c */

#endif
