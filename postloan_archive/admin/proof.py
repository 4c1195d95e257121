"""The password once more: counted like a sign-in, checked outside the transaction."""

from postloan_archive.access import passwords, sign_in
from postloan_archive.web.request_uow import current_actor, unit_of_work
from postloan_archive.web.sessions import browser_session


def prove(password: str) -> bool:
    """Return whether the signed-in person knows the password; renews the session's proof.

    Raises:
        TooManyTriesError: too many wrong ones.
    """
    present = browser_session()
    actor = current_actor()
    with unit_of_work() as uow:
        tried = sign_in.challenge(uow, actor.name, actor.address)
    right = passwords.matches(tried.password_hash, password)
    with unit_of_work() as uow:
        return sign_in.prove(uow, tried, password_ok=right, token=present.token or "")
