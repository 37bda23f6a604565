/* Folders, as store/file.h has them. */
#include <errno.h>
#include <sys/stat.h>

#include "base/str.h"
#include "store/file.h"
#include "store/file_internal.h"

#define MODE_FOLDER 0777 /* the umask applies */

bool store_is_folder(const char *path)
{
    struct stat there;
    return str_ends(path, "/") || (stat(path, &there) == 0 && S_ISDIR(there.st_mode));
}

int store_folder_make(const char *path, struct err *err)
{
    struct stat there;
    if (mkdir(path, MODE_FOLDER) == 0)
        return 0;
    int why = errno;
    if (stat(path, &there) == 0 && S_ISDIR(there.st_mode))
        return 0;
    errno = why;
    return store_failed("make the folder", path, err);
}
