"""A contact written with somebody else's library, for the tests of files.

Prints a line of JSON for each thing that happens. Reads lines that say what to
do: "send ADDRESS FILE" uploads a file and sends its address as clients do that
know nothing newer.
"""
import asyncio
import hashlib
import json
import pathlib
import socket
import ssl
import sys
import urllib.request

import slixmpp


def tell(event, **more):
    print(json.dumps({"event": event, **more}), flush=True)


class Peer(slixmpp.ClientXMPP):
    def __init__(self, jid, password, ca):
        super().__init__(jid, password)
        self.ca_certs = ca
        self.auto_reconnect = False
        self.trust = ssl.create_default_context(cafile=ca)
        self.register_plugin("xep_0066")
        self.register_plugin("xep_0363")
        self.add_event_handler("session_start", self.started)
        self.add_event_handler("message", self.heard)

    async def started(self, _):
        await self.get_roster()
        self.send_presence()
        tell("online")

    def ask(self, url, **more):
        with urllib.request.urlopen(urllib.request.Request(url, **more), context=self.trust) as answer:
            return answer.read()

    def heard(self, msg):
        url = msg["oob"]["url"]
        if not url:
            return tell("message", id=msg["body"])
        data = self.ask(url)
        sharing = msg.xml.find("{urn:xmpp:sfs:0}file-sharing")
        said = sharing.findtext(".//{urn:xmpp:hashes:2}hash") if sharing is not None else ""
        tell("file", id=hashlib.sha256(data).hexdigest(), url=url, body=msg["body"], said=said)

    async def obey(self):
        reader = asyncio.StreamReader()
        await self.loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            _, to, name = line.decode().strip().split(" ", 2)
            data = pathlib.Path(name).read_bytes()
            # Its search for the service needs an older Python than Debian's.
            slot = await self["xep_0363"].request_slot(
                slixmpp.JID("upload." + self.boundjid.domain), pathlib.Path(name).name, len(data), "image/png")
            slot = slot["http_upload_slot"]
            headers = {h["name"]: h["value"] for h in slot["put"]}
            self.ask(slot["put"]["url"], data=data, method="PUT", headers={"Content-Type": "image/png", **headers})
            msg = self.make_message(mto=to, mbody=slot["get"]["url"], mtype="chat")
            msg["oob"]["url"] = slot["get"]["url"]
            msg.send()
            tell("sent", id=slot["get"]["url"])
        await self.disconnect()


jid, password, host, port, ca = sys.argv[1:]
lookup = socket.getaddrinfo
# The service has a name that no name server knows.
socket.getaddrinfo = lambda name, *rest, **more: lookup(host if str(name).startswith("upload.") else name, *rest, **more)
peer = Peer(jid, password, ca)
peer.connect((host, int(port)))
peer.loop.run_until_complete(peer.obey())
