/* transport: how the bytes of a connection travel.
 *
 * Shape   one table of functions for each kind: TCP, and the stream sockets of a path. A connection
 *         looks its transport up once, when it is opened; reading and writing are the same for all
 *         kinds, because libuv's streams hide what is below them.
 * Owner   the socket is a part of the connection that uses it, and is a closed handle before that
 *         goes away.
 * Errors  connect: a negative libuv error, or 0; then `done` is called, also with what went wrong
 *         later.
 */
#ifndef LOAD_TRANSPORT_H
#define LOAD_TRANSPORT_H

#include <sys/socket.h>
#include <uv.h>

union transport_socket {
    uv_handle_t handle;
    uv_stream_t stream;
    uv_tcp_t tcp;
    uv_pipe_t pipe;
};

struct transport {
    void (*open)(uv_loop_t *loop, union transport_socket *socket);
    int (*connect)(uv_connect_t *connecting, union transport_socket *socket,
                   const struct sockaddr_storage *address, uv_connect_cb done);
};

/* The one for addresses of this family. */
const struct transport *transport_of(const struct sockaddr_storage *address);

/* The socket's pending error (a positive errno), or 0. libuv reports "end of file" also for a reset
 * when both come at once; the socket still has the error. */
int transport_error(const union transport_socket *socket);

#endif
