"""Passwords: their rules, and argon2 hashes.

Hashing takes a noticeable part of a second by design: it happens outside the transaction, which is given the hash.
"""

from __future__ import annotations

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from domain.errors import RuleViolation
from domain.messages import Message, say
from domain.types import fold

SHORTEST = 10
LONGEST = 200

_hasher = PasswordHasher()
# what the password of an unknown user is compared with, so that the answer takes as long as for a known one
_NOBODY = _hasher.hash("nobody has this password")


def _normal(password: str) -> str:
    # the same password typed on another keyboard may come as other code points
    return unicodedata.normalize("NFKC", password)


def problem(password: str, *, login: str) -> Message | None:
    """Why `password` is not good enough for the user with the sign-in name `login`; None when it is."""
    if len(_normal(password)) < SHORTEST:
        return say("A password has at least %(number)s characters.", number=SHORTEST)
    if len(_normal(password)) > LONGEST:
        return say("A password has at most %(number)s characters.", number=LONGEST)
    if fold(password).strip() == fold(login).strip():
        return say("The password must differ from the sign-in name.")
    return None


def hash_password(password: str, *, login: str, field: str = "password") -> str:
    """The argon2 hash of a new password. Raises `RuleViolation` on `field` when the rules refuse it. Slow."""
    refusal = problem(password, login=login)
    if refusal:
        raise RuleViolation(refusal, field=field)
    return _hasher.hash(_normal(password))


def is_right(password_hash: str, password: str) -> bool:
    """Whether `password` belongs to the hash. A blank hash (nobody) takes equally long; nothing belongs to it."""
    known = password_hash or _NOBODY
    try:
        _hasher.verify(known, _normal(password)[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return bool(password_hash)


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def rehash(password: str) -> str:
    """A hash with today's parameters of a password that was accepted before."""
    return _hasher.hash(_normal(password))
