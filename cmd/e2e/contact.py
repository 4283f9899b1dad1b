"""A contact for the test of the window: "send ADDRESS TEXT" and "presence SHOW STATUS"."""
from peer import Peer, run, tell


class Contact(Peer):
    def __init__(self, *args):
        super().__init__(*args)
        self.add_event_handler("presence", self.saw)
        self.add_event_handler("failed_auth", lambda _: tell("failed"))
        self.add_event_handler("disconnected", lambda _: tell("disconnected"))

    def heard(self, msg):
        if msg["body"]:
            tell("message", msg["id"], jid=msg["from"].full, type=msg["type"], body=msg["body"])

    def saw(self, presence):
        if presence["from"].bare != self.boundjid.bare:
            tell("presence", jid=presence["from"].full, type=presence["type"], body=presence["status"])

    async def do(self, what, to, text):
        if what == "send":
            self.send_message(mto=to, mbody=text, mtype="chat")
        elif what == "presence":
            self.send_presence(pshow=to or None, pstatus=text)


run(Contact)
