"""The mail server's password: in the system's keyring, or in memory until the program ends."""

from dataclasses import replace
from typing import Final

from app.letters.post import Handed, Server, Trouble
from app.letters.states import MailState

_SERVICE: Final = "tingfu-mail"


class MailPasswords:
    """One for the whole program; asked before somebody has to type the password again.

    The keyring may take its time or ask its owner: call this from a worker.
    """

    def __init__(self) -> None:
        self._session: dict[str, str] = {}
        # What a server refused, by account: never offered again, whatever the keyring still holds.
        self._refused: dict[str, str] = {}

    def fill(self, server: Server) -> Server:
        """The server with the password that is known for it; "" where it has to be asked for."""
        if not server.user:
            return server
        return replace(server, password=self.known(server.user, server.host) or "")

    def known(self, user: str, host: str) -> str | None:
        """The password, or None where it has to be asked for."""
        import keyring
        from keyring.errors import KeyringError

        name = _name(user, host)
        if name in self._session:
            return self._session[name]
        try:
            kept = keyring.get_password(_SERVICE, name)
        except KeyringError:
            # No keyring, or a locked one: the user types it, once a session.
            return None
        return None if kept == self._refused.get(name) else kept

    def keep(self, user: str, host: str, password: str) -> bool:
        """Remember it; True when the system's keyring keeps it, too."""
        import keyring
        from keyring.errors import KeyringError

        name = _name(user, host)
        self._session[name] = password
        self._refused.pop(name, None)
        try:
            keyring.set_password(_SERVICE, name, password)
        except KeyringError:
            return False
        return True

    def forget(self, user: str, host: str, password: str) -> None:
        """Offer this password no more; a newer one that somebody typed meanwhile stays."""
        import keyring
        from keyring.errors import KeyringError

        name = _name(user, host)
        self._refused[name] = password
        if self._session.get(name) == password:
            del self._session[name]
        try:
            if keyring.get_password(_SERVICE, name) == password:
                keyring.delete_password(_SERVICE, name)
        except KeyringError:
            # It can't be taken out of the keyring: `known` passes over it all the same.
            return

    def learn(self, server: Server, handed: Handed) -> None:
        """Keep the password that a server took, forget one that it refused."""
        if not server.user:
            return
        if handed.trouble is Trouble.SIGN_IN:
            self.forget(server.user, server.host, server.password)
        elif _signed_in(handed) and self.known(server.user, server.host) != server.password:
            self.keep(server.user, server.host, server.password)


def _signed_in(handed: Handed) -> bool:
    """Whether the server certainly took the password. Content goes out after it only."""
    return handed.state in {MailState.SENT, MailState.UNKNOWN} or (
        handed.state is MailState.FAILED and handed.trouble is None
    )


def _name(user: str, host: str) -> str:
    return f"{user}@{host}"
