/* socket_error: tells a reset from an orderly end of file.
 *
 * Shape   libuv reports "end of file" also for a reset when both come at once; the socket still
 *         has the error.
 * Errors  a positive errno, or 0.
 */
#ifndef LOAD_SOCKET_ERROR_H
#define LOAD_SOCKET_ERROR_H

#include <sys/socket.h>
#include <uv.h>

static inline int socket_error(const uv_tcp_t *tcp)
{
    uv_os_fd_t fd = -1;
    int error = 0;
    socklen_t len = sizeof error;
    if (uv_fileno((const uv_handle_t *)tcp, &fd) < 0 ||
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
        return 0;
    return error;
}

#endif
