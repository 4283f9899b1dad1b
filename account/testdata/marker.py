"""Receipts and displayed markers: "send ADDRESS TEXT" and "displayed ADDRESS ID"."""
from peer import Peer, run, tell


class Marker(Peer):
    plugins = ("xep_0184", "xep_0333")

    def __init__(self, *args):
        super().__init__(*args)
        self.add_event_handler("receipt_received", lambda m: tell("receipt", m["receipt"]))
        self.add_event_handler("marker_displayed", lambda m: tell("displayed", m["displayed"]["id"]))

    async def do(self, what, to, text):
        if what == "send":
            msg = self.make_message(mto=to, mbody=text, mtype="chat")
            msg["request_receipt"] = True
            msg.enable("markable")
            msg.send()
            tell("sent", msg["id"])
        else:
            self["xep_0333"].send_marker(to, text, "displayed")


run(Marker)
