#include "load/transport.h"

#include <sys/un.h>

static void tcp_open(uv_loop_t *loop, union transport_socket *socket)
{
    (void)uv_tcp_init(loop, &socket->tcp);
    (void)uv_tcp_nodelay(&socket->tcp, 1);
}

static int tcp_connect(uv_connect_t *connecting, union transport_socket *socket,
                       const struct sockaddr_storage *address, uv_connect_cb done)
{
    return uv_tcp_connect(connecting, &socket->tcp, (const struct sockaddr *)address, done);
}

static void unix_open(uv_loop_t *loop, union transport_socket *socket)
{
    (void)uv_pipe_init(loop, &socket->pipe, 0);
}

/* A failure also comes through `done`. */
static int unix_connect(uv_connect_t *connecting, union transport_socket *socket,
                        const struct sockaddr_storage *address, uv_connect_cb done)
{
    const struct sockaddr_un *at = (const struct sockaddr_un *)(const void *)address;
    uv_pipe_connect(connecting, &socket->pipe, at->sun_path, done);
    return 0;
}

static const struct transport tcp = {tcp_open, tcp_connect};
static const struct transport unix_path = {unix_open, unix_connect};

const struct transport *transport_of(const struct sockaddr_storage *address)
{
    return address->ss_family == AF_UNIX ? &unix_path : &tcp;
}

int transport_error(const union transport_socket *socket)
{
    uv_os_fd_t fd = -1;
    int error = 0;
    socklen_t len = sizeof error;
    if (uv_fileno(&socket->handle, &fd) < 0 ||
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
        return 0;
    return error;
}
