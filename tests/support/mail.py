"""A real mail server that answers as a test tells it to."""

import asyncio
from email import message_from_bytes
from email.policy import default

from aiosmtpd.controller import Controller

from app.letters.post import Server
from app.letters.setup import Security


class OwnPort(Controller):
    """A server on whatever port is free; it is asked for once it is known."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class Box:
    """What arrived, and how the server behaves. cut: when it hangs up."""

    def __init__(self):
        self.raw = []
        self.recipient_says = "250 OK"
        self.content_says = "250 2.0.0 accepted"
        self.cut = ""
        self.silent = False

    @property
    def messages(self):
        return [message_from_bytes(one, policy=default) for one in self.raw]

    async def handle_RCPT(self, server, _session, envelope, address, _options):
        if self.cut == "envelope":
            server.transport.abort()
        if self.recipient_says.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient_says

    async def handle_DATA(self, server, _session, envelope):
        if self.content_says.startswith("250"):
            self.raw.append(envelope.original_content)
        if self.cut == "content":
            server.transport.abort()
        if self.silent:
            await asyncio.Event().wait()
        return self.content_says


def serve(box, **options):
    """A running server and its address for `hand_over`; stop it when the test is over."""
    controller = OwnPort(box, hostname="127.0.0.1", port=0, server_hostname="localhost", **options)
    controller.start()
    return controller, Server("127.0.0.1", controller.port, Security.NONE, timeout=5.0)
