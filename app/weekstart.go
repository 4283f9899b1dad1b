package app

import (
	"strings"
	"time"

	"golang.org/x/text/language"
)

// Regions whose weeks do not begin on Monday, as the CLDR has them.
const (
	sundayRegions = " AG AS BD BR BS BT BW BZ CA CO DM DO ET GT GU HK HN ID IL IN JM JP KE KH KR LA MH MM MO MT MX MZ NI NP PA PE PH PK PR PT PY SA SG SV TH TT TW UM US VE VI WS YE ZA ZW "
	// saturdayRegions begin theirs on Saturday.
	saturdayRegions = " AE AF BH DJ DZ EG IQ IR JO KW LY OM QA SD SY "
)

// firstWeekday is on which day a week begins where a locale, such as "en-US", is
// used. Of a language alone it is where most of its speakers are.
func firstWeekday(locale string) time.Weekday {
	tag, err := language.Parse(locale)
	if err != nil {
		return time.Monday
	}
	region, _ := tag.Region()
	switch name := " " + region.String() + " "; {
	case strings.Contains(sundayRegions, name):
		return time.Sunday
	case strings.Contains(saturdayRegions, name):
		return time.Saturday
	}
	return time.Monday
}
