#include "proc/command.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "base/buf.h"
#include "base/mem.h"

static const char placeholder[] = "{port}";

static char *with_port(const char *text, int port)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    for (const char *at = strstr(text, placeholder); at != NULL; at = strstr(text, placeholder)) {
        buf_add(&out, text, (size_t)(at - text));
        buf_printf(&out, "%d", port);
        text = at + strlen(placeholder);
    }
    buf_puts(&out, text);
    char *whole = buf_take(&out);
    buf_fini(&out);
    return whole;
}

void command_init(struct command *c, const char *text, int port)
{
    *c = (struct command){
        .argv = {mem_strdup("/bin/sh"), mem_strdup("-c"), with_port(text, port), NULL},
        .port_variable = mem_printf("PORT=%d", port),
    };
    c->env[0] = c->port_variable;
}

void command_fini(struct command *c)
{
    for (size_t i = 0; i < LEN(c->argv); i++)
        free(c->argv[i]);
    free(c->port_variable);
    *c = (struct command){0};
}

int proc_free_port(int *out_port, struct err *err)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t len = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof address) == 0 &&
        getsockname(fd, (struct sockaddr *)&address, &len) == 0) {
        *out_port = ntohs(address.sin_port);
        (void)close(fd);
        return 0;
    }
    int number = errno;
    if (fd >= 0)
        (void)close(fd);
    return err_set(err, ERR_USAGE, "no free port on 127.0.0.1: %s",
                   uv_strerror(uv_translate_sys_error(number)));
}
