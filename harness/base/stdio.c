#include "base/stdio.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void stdio_reserve(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) >= 0)
            continue;
        /* The lowest that is free is this one. Children get it too. */
        (void)open("/dev/null", fd == STDOUT_FILENO ? O_RDONLY : O_RDWR);
    }
}

int stdio_print(const char *text, struct err *err)
{
    errno = 0;
    if (fputs(text, stdout) != EOF && fflush(stdout) == 0)
        return 0;
    return err_set(err, ERR_USAGE, "cannot write to stdout: %s",
                   errno == EBADF ? "it is closed" : strerrordesc_np(errno));
}
