"""What people show of themselves: typing, pictures, names and vCards: "state
ADDRESS NAME", "avatar - BASE64", "photo - BASE64", "nick - NAME", "name ADDRESS -"
and "card ADDRESS -".
"""
import base64
import hashlib

from peer import Peer, run, tell


class Person(Peer):
    plugins = ("xep_0054", "xep_0060", "xep_0084", "xep_0085", "xep_0115", "xep_0153", "xep_0163", "xep_0172")

    def __init__(self, *args):
        super().__init__(*args)
        self.add_event_handler("chatstate", lambda m: tell("body" if m["body"] else "state", m["chat_state"]))
        self.add_event_handler("avatar_metadata_publish", self.shown)

    def heard(self, msg):
        if msg["body"]:
            tell("message", msg["body"])

    async def shown(self, msg):
        sender = msg["from"].bare
        if sender == self.boundjid.bare:
            return
        for item in msg["pubsub_event"]["items"]:
            infos = item["avatar_metadata"]["items"]
            if not infos:
                tell("no avatar")
            for info in infos:
                answer = await self["xep_0084"].retrieve_avatar(sender, info["id"])
                data = answer["pubsub"]["items"]["item"]["avatar_data"]["value"]
                tell("avatar", info["id"] if hashlib.sha1(data).hexdigest() == info["id"] else "broken")

    async def do(self, what, to, text):
        if what == "state":
            msg = self.make_message(mto=to, mtype="chat")
            msg["chat_state"] = text
            msg.send()
        elif what == "avatar":
            data = base64.b64decode(text)
            await self["xep_0084"].publish_avatar(data)
            info = {"id": hashlib.sha1(data).hexdigest(), "type": "image/png", "bytes": len(data)}
            await self["xep_0084"].publish_avatar_metadata([info])
        elif what == "photo":
            card = self["xep_0054"].make_vcard()
            card["PHOTO"]["TYPE"] = "image/png"
            card["PHOTO"]["BINVAL"] = base64.b64decode(text)
            card["FN"] = "Robert"
            await self["xep_0054"].publish_vcard(card)
            tell("published")
        elif what == "nick":
            await self["xep_0172"].publish_nick(text)
        elif what == "name":
            answer = await self["xep_0060"].get_items(to, "http://jabber.org/protocol/nick")
            for item in answer["pubsub"]["items"]:
                tell("nick", item["payload"].text)
        elif what == "card":
            answer = await self["xep_0054"].get_vcard(to)
            tell("card", answer["vcard_temp"]["FN"])


run(Person)
