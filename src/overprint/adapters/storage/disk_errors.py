"""What the operating system reports of a folder, in the words of the port."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from overprint.adapters.storage import rules
from overprint.adapters.storage.disk import KeyTaken
from overprint.ports.errors import DISK_FULL, Misconfigured, ProviderError, Unavailable

PROVIDER = "local storage"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_CLOSED = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.EISDIR}


@contextmanager
def plain_errors() -> Iterator[None]:
    """Raises the port's error, or the problem of a key in the way, for what is raised inside."""
    try:
        yield
    except KeyTaken as error:
        raise rules.key_taken(str(error)) from error
    except OSError as error:
        raise as_provider_error(error) from error


def as_provider_error(error: OSError) -> ProviderError:
    """The port's error for what the operating system reports of the storage folder."""
    if error.errno in _FULL:
        return Unavailable(DISK_FULL, provider=PROVIDER)
    if error.errno in _CLOSED:
        return Misconfigured(
            "Overprint cannot write to its storage folder. Choose a folder that its user may write to.",
            provider=PROVIDER,
        )
    return Unavailable(f"The storage folder cannot be used now ({error.strerror or error}).", provider=PROVIDER)
