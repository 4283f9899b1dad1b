"""A contact written with somebody else's library: what the scripts of the tests
have in common.

Each prints a line of JSON for each thing that happens, and reads lines that say
what to do: a word, an address and the rest, which may be empty.
"""
import asyncio
import json
import sys

import slixmpp


def tell(event, id="", **more):
    print(json.dumps({"event": event, "id": str(id), **more}), flush=True)


class Peer(slixmpp.ClientXMPP):
    plugins = ()

    def __init__(self, jid, password, ca):
        super().__init__(jid, password)
        self.ca_certs = ca
        self.auto_reconnect = False
        for plugin in self.plugins:
            self.register_plugin(plugin)
        self.add_event_handler("session_start", self.started)
        self.add_event_handler("message", self.heard)

    async def started(self, _):
        await self.get_roster()
        self.send_presence()
        tell("online")

    def heard(self, msg):
        if msg["body"]:
            tell("message", msg["id"])

    async def do(self, what, to, text):
        """Does what a line says."""

    async def obey(self):
        reader = asyncio.StreamReader(limit=1 << 22)
        await self.loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            what, to, text = line.decode().rstrip("\n").split(" ", 2)
            await self.do(what, to, text)
        await self.disconnect()


def run(kind):
    """Signs in with what the command line says, and obeys until the input ends."""
    jid, password, host, port, ca = sys.argv[1:]
    peer = kind(jid, password, ca)
    peer.connect((host, int(port)))
    peer.loop.run_until_complete(peer.obey())
