//go:build unix

package main

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"time"

	"linnet/account/servertest"
)

// What the server still has of former talk, for scrolling back: this many
// messages, the last of them as many days before the rest of the history.
const (
	oldMessages = 3000
	oldDays     = 3
	oldPause    = 7 * time.Hour // from one talk to the next
	oldTalk     = 9             // messages of one
)

// oldLines are what is said over and over, by the contact and by us.
var oldLines = map[bool][]string{
	false: {
		"Are you there?", "The nurse has hidden the ladder again.", "You should hear the nightingale tonight.",
		"My mother talks of nothing but weddings.", "I read your letter three times, and then once more for the spelling.",
		"Do you ever look at the moon and think it is overdone?", "No.", "Yes, gladly.",
		"There is a ball on Sunday. Wear something that is not black.", "I have to go, somebody is calling me.",
		"What do you do all day when you are not climbing walls?", "Then say something clever, I could use it today.",
		"I planted rosemary under the window. For remembrance, and because it hides the noise of ladders.",
	},
	true: {
		"I am here.", "Under the balcony, as always.", "It is only a small wall.", "Let me sleep on it, and dream of it.",
		"Benvolio sends his greetings and asks for his cloak back.", "I will be there before the bell.",
		"You make the torches look dim.", "I wrote you a sonnet. It has fifteen lines, I could not stop.",
		"Tomorrow?", "Good night. And good night again.", "The horse knows the way by now.",
		"My cousin fell into the fountain, and the whole street has been singing about it ever since.",
	},
}

// oldTalks is what was said before the history, oldest first.
func oldTalks(with string, last time.Time) iter.Seq[servertest.Archived] {
	return func(yield func(servertest.Archived) bool) {
		rnd := rand.New(rand.NewPCG(1, 9)) // the same in each demo
		end := last.AddDate(0, 0, -oldDays)
		at := end.Add(-oldMessages / oldTalk * oldPause)
		step := end.Sub(at) / oldMessages
		for i := range oldMessages {
			out := rnd.IntN(5) < 2
			lines := oldLines[out]
			// Those of one talk follow each other within minutes.
			talk := at.Add(time.Duration(i/oldTalk*oldTalk) * step)
			m := servertest.Archived{
				With: with + "@" + domain, Out: out, At: talk.Add(time.Duration(i%oldTalk) * 80 * time.Second),
				ID: fmt.Sprintf("old-%s-%06d", with, i), Body: lines[rnd.IntN(len(lines))],
			}
			if !yield(m) {
				return
			}
		}
	}
}
