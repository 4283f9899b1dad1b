"""Corrections, retractions, answers and reactions: "send ADDRESS TEXT", and
"correct", "retract", "react" and "answer" with ADDRESS, ID and TEXT. "link" tells
with ADDRESS, URL and TEXT of a link, which the library does not know.
"""
import xml.etree.ElementTree as ET

from peer import Peer, run, tell

RETRACT = "urn:xmpp:message-retract:1"  # the library knows the version before
FALLBACK = "urn:xmpp:fallback:0"
REPLY = "urn:xmpp:reply:0"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
GRAPH = "https://ogp.me/ns#"
PICTURE = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAAAAAAALAAAAAABAAEAAAIBRAA7"


class Annotator(Peer):
    plugins = ("xep_0308", "xep_0444")

    def __init__(self, *args):
        super().__init__(*args)
        self.add_event_handler("message_correction", self.corrected)
        self.add_event_handler("reactions", self.reacted)

    def heard(self, msg):
        retract = msg.xml.find("{%s}retract" % RETRACT)
        reply = msg.xml.find("{%s}reply" % REPLY)
        link = msg.xml.find("{%s}Description" % RDF)
        if retract is not None:
            tell("retract", retract.get("id"))
        elif link is not None:
            tell("link", link.get("{%s}about" % RDF) + " " + link.findtext("{%s}title" % GRAPH))
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

    def link(self, to, url, title):
        # The library writes no attributes with a namespace.
        id = self.new_id()
        images = "".join("<og:image>%s</og:image>" % i for i in ("https://verona.example/elsewhere.png", PICTURE))
        self.send_raw(
            "<message type='chat' to='%s' id='%s'><body>see %s</body>"
            "<rdf:Description xmlns:rdf='%s' xmlns:og='%s' rdf:about='%s'><og:title>%s</og:title>%s</rdf:Description></message>"
            % (to, id, url, RDF, GRAPH, url, title, images)
        )
        tell("sent", id)

    async def do(self, what, to, text):
        id = ""
        if what == "link":
            self.link(to, *text.split(" ", 1))
            return
        if what != "send":
            id, _, text = text.partition(" ")
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


run(Annotator)
