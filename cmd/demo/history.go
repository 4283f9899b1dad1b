//go:build unix

package main

import (
	"time"

	"linnet/storage"
)

// line is a message of the history: the day counted back from the last one, the
// time of that day, and who says what.
type line struct {
	day   int
	clock string // 15:04
	out   bool
	text  string
	with  what
}

// what is what else there is to a line, and what came of it.
type what struct {
	answers int      // the number of the line it answers, counted from 1
	hearts  []string // reactions of the other side
	own     []string // and of ours
	was     string   // what it said before it was edited
	gone    bool     // taken back
	starred bool
	file    *enclosed
	link    *storage.Link
}

// talk is what was said with somebody before the demo starts; unread is how many
// of the last lines nobody has looked at.
type talk struct {
	with   string
	unread int
	lines  []line
}

// draught is how the friar writes his recipes.
const draught = "```go\n" + `func draught(hours int) (Sleep, error) {
	if hours > 42 {
		return nil, errors.New("the letter is late")
	}
	pulse := 0 // no warmth, no breath
	return Sleep{Pulse: pulse, Until: Thursday}, nil
}
` + "```"

// history is all of it. The last line of each talk is of the last day: for older
// ones the list shows the day of the week, and the pictures would change with it.
var history = []talk{
	{"juliet", 1, []line{
		{1, "21:14", false, "Night has a mask on, or you would see me blush.", what{}},
		{1, "21:15", false, "", what{file: view, own: []string{"😍"}}},
		{1, "21:15", false, "Will you go without another word?", what{}},
		{1, "21:17", true, "Which word would you like to have?", what{}},
		{1, "21:19", false, "The one you gave me before I asked for it.", what{answers: 4, hearts: []string{"😊"}, own: []string{"❤️", "🔥"}}},
		{1, "21:20", true, "Then have it twice. I would give it again, just to hear you ask.", what{starred: true, hearts: []string{"❤️"}}},
		{0, "09:02", false, "The friar says nine tomorrow. The way is here: https://verona.example/cell", what{}},
		{0, "09:05", true, "I am there at eight, and wait.", what{answers: 7, was: "I am there at night, and wait."}},
		{0, "13:40", false, "", what{gone: true}},
		{0, "13:41", false, "She says her bones ache, and that she will come all the same.\nI could have kissed her.", what{}},
		{0, "13:42", true, "/me is counting the hours", what{}},
		{0, "13:43", true, "❤️", what{}},
		{0, "13:58", false, "Good night, good night! Parting is such sweet sorrow.", what{}},
	}},
	{"mercutio", 3, []line{
		{1, "18:30", false, "There is a feast at the Capulets' tonight.", what{}},
		{1, "18:34", true, "We are not invited.", what{}},
		{1, "18:35", false, "That is what masks are for.", what{hearts: []string{"🎭"}}},
		{0, "12:02", false, "", what{file: lanterns}},
		{0, "12:03", false, "", what{file: rehearsal}},
		{0, "12:04", true, "Which one are you?", what{answers: 5}},
		{0, "12:05", false, "", what{file: moon}},
		{0, "12:20", false, "You vanished. Did you jump over the orchard wall?", what{}},
		{0, "12:21", false, "Never mind. Benvolio says you did.", what{}},
		{0, "13:28", false, "Bring the torch tonight, will you?", what{}},
	}},
	{"laurence", 0, []line{
		{1, "06:40", true, "Good morning, father. Have you a moment?", what{}},
		{1, "06:53", false, "So early? Either you are troubled, or you have not been to bed.", what{}},
		{0, "10:31", false, "*Listen well*, and write _nothing_ down. You ~drink it~ pour it out, and she takes `one` vial:", what{}},
		{0, "10:32", false, draught, what{}},
		{0, "10:40", true, "> she takes `one` vial\nDoes she know what it does?", what{}},
		{0, "10:41", false, "She does. It is all in my book: https://verona.example/herbal", what{link: &storage.Link{
			URL: "https://verona.example/herbal", Title: "A herbal for patient readers", Text: "Of plants, herbs and stones, and their true qualities",
		}}},
		{0, "10:52", true, "🌙", what{}},
		{0, "11:00", false, "I sent you an OMEMO encrypted message but your client doesn’t seem to support that.", what{}},
		{0, "11:05", false, "Nine tomorrow, then. Both of you.", what{}},
	}},
	{"benvolio", 0, []line{
		{0, "10:11", false, "Your father asks whether you know what is wrong with the boy.", what{}},
		{0, "10:14", true, "I neither know it nor can learn of him.", what{}},
		{0, "12:40", true, "This is who comes to the feast.", what{}},
		{0, "12:40", true, "", what{file: guests}},
		{0, "12:43", true, "", what{file: sonnets}},
		{0, "12:46", true, "", what{file: plans}},
		{0, "12:46", true, "", what{file: street}},
		{0, "12:47", true, "I will be there at nine.", what{}},
	}},
	{"nurse", 1, []line{
		{0, "11:18", false, "", what{file: breath}},
		{0, "11:19", true, "Take your time.", what{answers: 1}},
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
	{"apothecary", 2, []line{
		{0, "05:20", false, "A man in a black cloak asked for you.", what{}},
		{0, "05:21", false, "I have what you are looking for. My door is open at night.", what{}},
	}},
}

// wishes are the words with which strangers ask to be contacts, and the time of
// the last day at which they did.
var wishes = map[string]struct{ clock, text string }{
	"apothecary": {"05:22", ""},
	"tybalt":     {"04:10", "A word with one of you."},
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

// at is a time of a day, counted back from the last one.
func at(last time.Time, day int, clock string) time.Time {
	c, err := time.Parse("15:04", clock)
	if err != nil {
		panic(err) // of our own history
	}
	d := last.AddDate(0, 0, -day)
	return time.Date(d.Year(), d.Month(), d.Day(), c.Hour(), c.Minute(), 0, 0, d.Location())
}
