#include "base/stdio.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void stdio_reserve(void)
{
    int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    while (fd >= 0 && fd <= STDERR_FILENO) {
        (void)fcntl(fd, F_SETFD, 0); /* it replaces a standard one: children get it too */
        fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    }
    if (fd >= 0)
        (void)close(fd);
}

int stdio_print(const char *text, struct err *err)
{
    errno = 0;
    if (fputs(text, stdout) != EOF && fflush(stdout) == 0)
        return 0;
    return err_set(err, ERR_USAGE, "cannot write to stdout: %s", strerrordesc_np(errno));
}
