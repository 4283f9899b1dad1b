"""A contact for the test of the window, written with somebody else's library.

Prints one line of JSON for each thing that happens, and reads one line of JSON
for each thing to do.
"""
import asyncio
import json
import ssl
import sys

import slixmpp


def tell(event, **what):
    print(json.dumps({"event": event, **what}), flush=True)


class Peer(slixmpp.ClientXMPP):
    def __init__(self, jid, password, ca):
        super().__init__(jid, password)
        self.ca_certs = ca
        self.auto_reconnect = False
        self.add_event_handler("session_start", self.started)
        self.add_event_handler("message", self.heard)
        self.add_event_handler("presence", self.saw)
        self.add_event_handler("failed_auth", lambda _: tell("failed"))
        self.add_event_handler("disconnected", lambda _: tell("disconnected"))

    async def started(self, _):
        await self.get_roster()
        self.send_presence()
        tell("online", jid=self.boundjid.full)

    def heard(self, msg):
        if msg["body"]:
            tell("message", jid=msg["from"].full, type=msg["type"], body=msg["body"], id=msg["id"])

    def saw(self, presence):
        if presence["from"].bare != self.boundjid.bare:
            tell("presence", jid=presence["from"].full, type=presence["type"], body=presence["status"])

    async def obey(self):
        reader = asyncio.StreamReader()
        await self.loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            order = json.loads(line)
            if order["do"] == "send":
                self.send_message(mto=order["jid"], mbody=order["body"], mtype="chat")
            elif order["do"] == "presence":
                self.send_presence(pshow=order["jid"] or None, pstatus=order["body"])
        await self.disconnect()


jid, password, host, port, ca = sys.argv[1:]
peer = Peer(jid, password, ca)
peer.connect((host, int(port)))
peer.loop.run_until_complete(peer.obey())
