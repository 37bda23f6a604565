#include "base/stdio.h"

#include <fcntl.h>
#include <unistd.h>

void stdio_reserve(void)
{
    int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    while (fd >= 0 && fd <= STDERR_FILENO) {
        (void)fcntl(fd, F_SETFD, 0); /* it stands for a standard one: children get it too */
        fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    }
    if (fd >= 0)
        (void)close(fd);
}
