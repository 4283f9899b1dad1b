//go:build unix

package main

import (
	"slices"
	"time"

	"linnet/account/servertest"
)

// domain is reserved for examples and resolves nowhere.
const domain = "verona.example"

// user is an account that is signed in; all belong to the user.
type user struct {
	name, full string
	face       scene // of the avatar; nil for none
}

var ours = []user{{"romeo", "Romeo", star}, {"montague", "House of Montague", nil}}

// password is everybody's: nobody but this machine can reach the server.
const password = "a rose by any other name"

// openingChat is what the window shows first.
const openingChat = "juliet@" + domain

// mood is a presence with its words. An empty show is plain online, "offline"
// is not being there.
type mood struct{ show, status string }

const offline = "offline"

// person is a contact: of which of our accounts, how they feel, and what they say.
type person struct {
	name     string // local part
	full     string
	owner    string // one of ours
	groups   []string
	moods    []mood // the first is what the pictures show; a live one goes round
	face     scene  // of the avatar; nil for none
	types    bool   // is seen typing on the pictures
	stranger bool   // in no roster
	comes    time.Duration
	opening  string   // said unasked, a while after the start
	lines    []string // said in turn as answers
}

var people = []person{
	{
		name: "juliet", full: "Juliet Capulet", owner: "romeo", groups: []string{"Friends"},
		face:    sun,
		moods:   []mood{{"", "on the balcony"}, {"", "listening for the lark"}, {"away", "nurse is calling"}},
		opening: "Are you still awake? The garden is so quiet tonight.",
		lines: []string{
			"I was hoping you would write.",
			"Then come before the nurse does, she never sleeps when she should.",
			"Swear it, but not by the moon. It changes every week.",
			"You always say that, and I always believe you.",
			"Wait, somebody is at the door… no, only the wind.",
		},
	},
	{
		name: "mercutio", full: "Mercutio", owner: "romeo", groups: []string{"Friends"},
		face:    mask,
		moods:   []mood{{"", "Queen Mab was here"}, {"chat", "ask me about dreams"}, {"away", "at the fencing school"}},
		comes:   6 * time.Second,
		opening: "The masks for tonight are here. Yours has the longer nose.",
		lines: []string{
			"You are in love again. I can tell by the punctuation.",
			"If it is a dream, I had one too: that dreamers often lie.",
			"Bring the torch, I bring the jokes.",
			"A scratch, nothing more. Ask for me tomorrow!",
		},
	},
	{
		name: "laurence", full: "Friar Laurence", owner: "romeo", groups: []string{"Verona"},
		face:  leaf,
		moods: []mood{{"", "in the herb garden"}, {"away", "back at the cell"}, {"xa", "morning prayer"}},
		lines: []string{
			"Wisely and slow. They stumble that run fast.",
			"I have a plan. It needs a letter, and somebody reliable to carry it.",
			"Come by after vespers, the door is open.",
		},
	},
	{
		name: "nurse", full: "Nurse", owner: "romeo", groups: []string{"Verona"},
		types: true,
		moods: []mood{{"", "my back aches"}, {"dnd", "one question at a time"}},
		lines: []string{
			"Let me catch my breath first. Do you not see that I am out of breath?",
			"She says yes. There, now I have said it.",
			"Nine o'clock, and do not be late.",
		},
	},
	{
		name: "rosaline", full: "Rosaline", owner: "romeo", groups: []string{"Verona"},
		moods: []mood{{offline, ""}},
	},
	{
		name: "benvolio", full: "Benvolio", owner: "montague", groups: []string{"Family"},
		moods: []mood{{"dnd", "keeping the peace"}, {"", "under the sycamores"}, {"away", "walking"}},
		lines: []string{
			"Part, fools! Sorry, that was for somebody else.",
			"I will talk to him. He listens to me, sometimes.",
			"It is too hot today. Let us go home before there is a quarrel.",
		},
	},
	{
		name: "lady", full: "Lady Montague", owner: "montague", groups: []string{"Family"},
		moods: []mood{{"away", "at the window"}, {"", ""}},
		lines: []string{"Have you seen my son today?", "I am glad he was not at that fray."},
	},
	{
		name: "balthasar", full: "Balthasar", owner: "montague", groups: []string{"Household"},
		moods: []mood{{"", "the horses are ready"}, {"away", "on the road to Mantua"}},
		lines: []string{"I ride within the hour.", "No letters from the friar yet."},
	},
	{
		name: "abraham", full: "Abraham", owner: "montague", groups: []string{"Household"},
		moods: []mood{{"xa", "not biting my thumb"}, {"", "in the market"}},
		lines: []string{"Nobody bit anything at anybody.", "The law was on our side."},
	},
	{
		name: "paris", full: "Count Paris", owner: "montague", groups: []string{"Verona"},
		moods: []mood{{offline, ""}},
	},
	{
		name: "apothecary", owner: "romeo", stranger: true,
		moods: []mood{{"", "open at night"}},
		lines: []string{"Such mortal drugs I have, but Mantua's law is death to any that sells them."},
	},
	{
		name: "tybalt", owner: "romeo", stranger: true,
		moods: []mood{{"dnd", ""}},
		lines: []string{"Peace? I hate the word."},
	},
}

// serverOptions gives everybody an account, and rosters that agree on both sides.
func serverOptions() servertest.Options {
	o := servertest.Options{
		Domain:  domain,
		Users:   make(map[string]string),
		Rosters: make(map[string][]servertest.Contact),
	}
	for _, a := range ours {
		o.Users[a.name] = password
	}
	for _, p := range people {
		o.Users[p.name] = password
		if p.stranger {
			continue
		}
		o.Rosters[p.owner] = append(o.Rosters[p.owner], servertest.Contact{JID: p.name + "@" + domain, Name: p.full, Groups: p.groups})
		o.Rosters[p.name] = append(o.Rosters[p.name], servertest.Contact{JID: p.owner + "@" + domain})
	}
	return o
}

// role is the person of a name.
func role(name string) person {
	i := slices.IndexFunc(people, func(p person) bool { return p.name == name })
	return people[i]
}
