"""The mail server's password: in the system's keyring, or in memory until the program ends."""

from typing import Final

_SERVICE: Final = "tingfu-mail"


class MailPasswords:
    """One for the whole program; asked before somebody has to type the password again."""

    def __init__(self) -> None:
        self._session: dict[str, str] = {}

    def known(self, user: str, host: str) -> str | None:
        """The password, or None where it has to be asked for."""
        import keyring
        from keyring.errors import KeyringError

        name = _name(user, host)
        if name in self._session:
            return self._session[name]
        try:
            return keyring.get_password(_SERVICE, name)
        except KeyringError:
            # No keyring, or a locked one: the user types it, once a session.
            return None

    def keep(self, user: str, host: str, password: str) -> bool:
        """Remember it; True when the system's keyring keeps it, too."""
        import keyring
        from keyring.errors import KeyringError

        name = _name(user, host)
        self._session[name] = password
        try:
            keyring.set_password(_SERVICE, name, password)
        except KeyringError:
            return False
        return True


def _name(user: str, host: str) -> str:
    return f"{user}@{host}"
