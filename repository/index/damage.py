"""What is said when an index cannot be read, whatever its engine."""

from collections.abc import Iterator
from contextlib import contextmanager

from repository.errors import ArchiveError
from schemas.messages import _

PANIC = "PanicException"  # of libraries in Rust; it is no Exception, and can only be told by name


class IndexUnavailable(ArchiveError):
    """The index is missing or damaged; it can be made again from the database."""

    status = 503
    retry_after = 60


@contextmanager
def reading() -> Iterator[None]:
    """Says of whatever goes wrong in the block that the index cannot be read."""
    try:
        yield
    except IndexUnavailable:
        raise
    # A file that was cut or overwritten makes the library raise anything: all of it is damage.
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != PANIC:
            raise
        raise IndexUnavailable(
            _("The search does not work at the moment. Please browse meanwhile.")
        ) from error
