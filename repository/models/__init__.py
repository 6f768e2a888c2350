"""Tables by subject. Importing this module makes `Base.metadata` whole."""

from repository.database import Base
from repository.models import accounts, collections, feed, harvesters, readiness, works

__all__ = ["Base", "accounts", "collections", "feed", "harvesters", "readiness", "works"]
