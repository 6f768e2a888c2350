"""Random tokens for cookies and links; only their digests are stored."""

import hashlib
import secrets


def fresh() -> str:
    """A new token: 256 random bits, safe in addresses and cookies."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
