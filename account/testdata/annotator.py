"""A contact written with somebody else's library, for the tests of corrections,
retractions, answers and reactions.

Prints a line of JSON for each thing that happens. Reads lines that say what to
do: "send ADDRESS TEXT", and "correct", "retract", "react" and "answer" with
ADDRESS, ID and TEXT.
"""
import asyncio
import json
import sys
import xml.etree.ElementTree as ET

import slixmpp

RETRACT = "urn:xmpp:message-retract:1"  # the library knows the version before
FALLBACK = "urn:xmpp:fallback:0"
REPLY = "urn:xmpp:reply:0"


def tell(event, id=""):
    print(json.dumps({"event": event, "id": id}), flush=True)


class Peer(slixmpp.ClientXMPP):
    def __init__(self, jid, password, ca):
        super().__init__(jid, password)
        self.ca_certs = ca
        self.auto_reconnect = False
        self.register_plugin("xep_0308")
        self.register_plugin("xep_0444")
        self.add_event_handler("session_start", self.started)
        self.add_event_handler("message", self.heard)
        self.add_event_handler("message_correction", self.corrected)
        self.add_event_handler("reactions", self.reacted)

    async def started(self, _):
        await self.get_roster()
        self.send_presence()
        tell("online")

    def heard(self, msg):
        retract = msg.xml.find("{%s}retract" % RETRACT)
        reply = msg.xml.find("{%s}reply" % REPLY)
        if retract is not None:
            tell("retract", retract.get("id"))
        elif reply is not None:
            part = msg.xml.find("{%s}fallback[@for='%s']/{%s}body" % (FALLBACK, REPLY, FALLBACK))
            body = msg["body"]
            if part is not None:
                body = body[: int(part.get("start"))] + body[int(part.get("end")) :]
            tell("answer", reply.get("id") + " " + body)
        elif msg["body"] and msg.xml.find("{urn:xmpp:message-correct:0}replace") is None:
            tell("message", msg["id"])

    def corrected(self, msg):
        tell("correct", msg["replace"]["id"] + " " + msg["body"])

    def reacted(self, msg):
        tell("react", msg["reactions"]["id"] + " " + "".join(sorted(msg["reactions"]["values"])))

    def do(self, what, to, id, text):
        msg = self.make_message(mto=to, mbody=text or None, mtype="chat")
        if what == "correct":
            msg["replace"]["id"] = id
        elif what == "retract":
            ET.SubElement(msg.xml, "{%s}retract" % RETRACT, {"id": id})
            ET.SubElement(msg.xml, "{%s}fallback" % FALLBACK, {"for": RETRACT})
            ET.SubElement(msg.xml, "{urn:xmpp:hints}store")
        elif what == "react":
            del msg["body"]
            self["xep_0444"].set_reactions(msg, id, list(text))
            ET.SubElement(msg.xml, "{urn:xmpp:hints}store")
        elif what == "answer":
            quote = "> Anna wrote:\n> Gr\u00fc\u00df \U0001f60a\n"
            msg["body"] = quote + text
            ET.SubElement(msg.xml, "{%s}reply" % REPLY, {"id": id, "to": to})
            mark = ET.SubElement(msg.xml, "{%s}fallback" % FALLBACK, {"for": REPLY})
            ET.SubElement(mark, "{%s}body" % FALLBACK, {"start": "0", "end": str(len(quote))})
        msg.send()
        tell("sent", msg["id"])

    async def obey(self):
        reader = asyncio.StreamReader()
        await self.loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            what, to, rest = line.decode().strip().split(" ", 2)
            id, text = "", rest
            if what != "send":
                id, _, text = rest.partition(" ")
            self.do(what, to, id, text)
        await self.disconnect()


jid, password, host, port, ca = sys.argv[1:]
peer = Peer(jid, password, ca)
peer.connect((host, int(port)))
peer.loop.run_until_complete(peer.obey())
