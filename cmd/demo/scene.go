//go:build unix

package main

import (
	"time"

	"linnet/account/servertest"
	"linnet/storage"
)

// domain is reserved for examples and resolves nowhere.
const domain = "verona.example"

// account is one that is signed in; all belong to the user.
type account struct{ name, full string }

var ours = []account{{"romeo", "Romeo"}, {"montague", "House of Montague"}}

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
	name    string // local part
	full    string
	owner   string // one of ours
	groups  []string
	moods   []mood // the first is what the pictures show; a live one goes round
	comes   time.Duration
	opening string   // said unasked, a while after the start
	lines   []string // said in turn as answers
}

var people = []person{
	{
		name: "juliet", full: "Juliet Capulet", owner: "romeo", groups: []string{"Friends"},
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
		moods: []mood{{"away", "in the herb garden"}, {"", "back at the cell"}, {"xa", "morning prayer"}},
		lines: []string{
			"Wisely and slow. They stumble that run fast.",
			"I have a plan. It needs a letter, and somebody reliable to carry it.",
			"Come by after vespers, the door is open.",
		},
	},
	{
		name: "nurse", full: "Nurse", owner: "romeo", groups: []string{"Verona"},
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
		moods: []mood{{"", ""}, {"away", "at the window"}},
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
}

// line is a message of the history: the day counted back from the last one, the
// time of that day, and who says what.
type line struct {
	day   int
	clock string // 15:04
	out   bool
	text  string
	since what // has come of it
}

// what is what else there is to a message of the history.
type what struct {
	answers  int      // the number of the line it answers, counted from 1
	hearts   []string // reactions of the other side
	own      []string // and of ours
	edited   bool
	gone     bool // taken back
	starred  bool
	pictured bool // a picture is with it, which is at the server
}

// history is what was said before the demo starts; unread is how many of the
// last lines nobody has looked at. The last line of each is of the last day:
// for older ones the list shows the day of the week, and the pictures would
// change with it.
var history = []struct {
	with   string
	unread int
	lines  []line
}{
	{"juliet", 1, []line{
		{1, "21:14", false, "Night has a mask on, or you would see me blush.", what{}},
		{1, "21:15", false, "Will you go without another word?", what{pictured: true}},
		{1, "21:17", true, "Which word would you like to have?", what{}},
		{1, "21:19", false, "The one you gave me before I asked for it.", what{answers: 3, hearts: []string{"😊"}, own: []string{"❤️"}}},
		{1, "21:20", true, "Then have it twice. I would give it again, just to hear you ask.", what{starred: true}},
		{0, "09:02", false, "The friar says nine tomorrow. The way is here: https://verona.example/cell", what{}},
		{0, "09:05", true, "I am there at eight, and wait.", what{answers: 6, edited: true}},
		{0, "09:05", true, "Tell the nurse to bring good shoes, the path is muddy 🙂", what{hearts: []string{"👍"}}},
		{0, "13:40", false, "", what{gone: true}},
		{0, "13:41", false, "She says her bones ache, and that she will come all the same.\nI could have kissed her.", what{}},
		{0, "13:42", true, "/me is counting the hours", what{}},
		{0, "13:58", false, "Good night, good night! Parting is such sweet sorrow.", what{}},
	}},
	{"mercutio", 3, []line{
		{1, "18:30", false, "There is a feast at the Capulets' tonight.", what{}},
		{1, "18:34", true, "We are not invited.", what{}},
		{1, "18:35", false, "That is what masks are for.", what{}},
		{0, "12:20", false, "You vanished. Did you jump over the orchard wall?", what{}},
		{0, "12:21", false, "Never mind. Benvolio says you did.", what{}},
		{0, "13:28", false, "Bring the torch tonight, will you?", what{}},
	}},
	{"laurence", 0, []line{
		{1, "06:40", true, "Good morning, father. Have you a moment?", what{}},
		{1, "06:52", false, "So early? Either you are troubled, or you have not been to bed.", what{}},
		{1, "06:53", true, "The second, and gladly.", what{}},
		{0, "11:05", false, "Nine tomorrow, then. Both of you.", what{}},
	}},
	{"benvolio", 0, []line{
		{0, "10:11", false, "Your father asks whether you know what is wrong with the boy.", what{}},
		{0, "10:14", true, "I neither know it nor can learn of him.", what{}},
		{0, "12:47", true, "I will be there at nine.", what{}},
	}},
	{"nurse", 1, []line{
		{0, "11:20", false, "Is there a young man Romeo here? My lady sent me.", what{}},
	}},
	{"lady", 0, []line{
		{0, "08:15", false, "Saw you him today?", what{}},
		{0, "08:16", true, "Before dawn, under the sycamores.", what{}},
	}},
	{"paris", 0, []line{
		{0, "07:02", true, "The list of guests is with your page.", what{}},
		{0, "07:10", false, "Thanks!", what{}},
	}},
	{"rosaline", 0, []line{
		{0, "06:30", false, "Please stop writing poems about me.", what{}},
		{0, "06:35", true, "No worries.", what{}},
	}},
}

// lastDay is the day the history ends on: today, or yesterday while its last
// line would still be in the future.
func lastDay(now time.Time) time.Time {
	day := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	if now.Sub(day) < 14*time.Hour {
		day = day.AddDate(0, 0, -1)
	}
	return day
}

// message is the line as it is kept, when the last day is the one given.
func (l line) message(chat storage.ChatID, from, own string, lastDay time.Time) (storage.Message, error) {
	clock, err := time.Parse("15:04", l.clock)
	if err != nil {
		return storage.Message{}, err
	}
	day := lastDay.AddDate(0, 0, -l.day)
	at := time.Date(day.Year(), day.Month(), day.Day(), clock.Hour(), clock.Minute(), 0, 0, day.Location())
	m := storage.Message{Chat: chat, From: from, Body: l.text, Pos: storage.Pos{Time: at.UnixMilli()}}
	if l.out {
		m.Out, m.From, m.State = true, own, storage.StateSent
	}
	l.since.happen(&m, from, own)
	return m, nil
}

// happen has come of a message what is to come of it.
func (w what) happen(m *storage.Message, contact, own string) {
	contact = bare(contact)
	at := m.Pos.Time + time.Minute.Milliseconds()
	if w.edited {
		m.EditedAt = at
	}
	if w.gone {
		m.RetractedAt = at
	}
	if w.hearts != nil {
		m.Reactions = append(m.Reactions, storage.Reaction{From: contact, Emoji: w.hearts, At: at})
	}
	if w.own != nil {
		m.Reactions = append(m.Reactions, storage.Reaction{From: own, Out: true, Emoji: w.own, At: at})
	}
	if w.pictured {
		m.Files = []storage.File{{
			Name: "garden.jpg", Type: "image/jpeg", Size: 482_133, Width: 1280, Height: 640, URL: "https://" + domain + "/garden.jpg",
		}}
	}
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
		o.Rosters[p.owner] = append(o.Rosters[p.owner], servertest.Contact{JID: p.name + "@" + domain, Name: p.full, Groups: p.groups})
		o.Rosters[p.name] = append(o.Rosters[p.name], servertest.Contact{JID: p.owner + "@" + domain})
	}
	return o
}
