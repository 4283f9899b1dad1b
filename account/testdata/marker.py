"""A contact written with somebody else's library, for the tests of receipts and
displayed markers.

Prints a line of JSON for each thing that happens. Reads lines that say what to
do: "send ADDRESS TEXT" and "displayed ADDRESS ID".
"""
import asyncio
import json
import ssl
import sys

import slixmpp


def tell(event, id=""):
    print(json.dumps({"event": event, "id": id}), flush=True)


class Peer(slixmpp.ClientXMPP):
    def __init__(self, jid, password, ca):
        super().__init__(jid, password)
        self.ca_certs = ca
        self.auto_reconnect = False
        self.register_plugin("xep_0184")
        self.register_plugin("xep_0333")
        self.add_event_handler("session_start", self.started)
        self.add_event_handler("message", self.heard)
        self.add_event_handler("receipt_received", lambda m: tell("receipt", m["receipt"]))
        self.add_event_handler("marker_displayed", lambda m: tell("displayed", m["displayed"]["id"]))

    async def started(self, _):
        await self.get_roster()
        self.send_presence()
        tell("online")

    def heard(self, msg):
        if msg["body"]:
            tell("message", msg["id"])

    async def obey(self):
        reader = asyncio.StreamReader()
        await self.loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            what, to, text = line.decode().strip().split(" ", 2)
            if what == "send":
                msg = self.make_message(mto=to, mbody=text, mtype="chat")
                msg["request_receipt"] = True
                msg.enable("markable")
                msg.send()
                tell("sent", msg["id"])
            else:
                self["xep_0333"].send_marker(to, text, "displayed")
        await self.disconnect()


jid, password, host, port, ca = sys.argv[1:]
peer = Peer(jid, password, ca)
peer.connect((host, int(port)))
peer.loop.run_until_complete(peer.obey())
