#include "base/remedy.h"

#include <errno.h>

const char *
smear_io_remedy (gint number, gboolean resumable)
{
  switch (number)
    {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return resumable ? "; make room and start again with --resume"
                       : "; make room and try again";
    case EACCES:
    case EPERM:
    case EROFS:
    case ENOTDIR:
    case ENOENT:
    case ENAMETOOLONG:
      return "; choose a place that can be written to";
    default:
      return "";
    }
}
