package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// shade is one colour in the light and the dark theme, as 0xRRGGBBAA.
type shade struct{ light, dark uint32 }

var palette = map[fyne.ThemeColorName]shade{
	ColorBackground:   {0xFFFFFFFF, 0x0F1419FF},
	ColorText:         {0x17202AFF, 0xE6EBF0FF},
	ColorSide:         {0xF4F6F8FF, 0x151B22FF},
	ColorLine:         {0xE3E8EDFF, 0x232B34FF},
	ColorHover:        {0xEBEFF3FF, 0x1B222BFF},
	ColorPressed:      {0xDFE5EBFF, 0x28313BFF},
	ColorField:        {0xEBEFF3FF, 0x1B222BFF},
	ColorSecondary:    {0x5B6673FF, 0x9AA7B6FF},
	ColorDisabled:     {0x9AA4AFFF, 0x5A6674FF},
	ColorAccentText:   {0x155FCCFF, 0x6AA8FFFF},
	ColorAccentFill:   {0x155FCCFF, 0x2563C9FF},
	ColorAccentHover:  {0x1154B5FF, 0x2F6FD9FF},
	ColorOwnMark:      {0x155FCCFF, 0x9CC4FFFF},
	ColorOnOwnMark:    {0xFFFFFFFF, 0x143A6CFF},
	ColorOnAccent:     {0xFFFFFFFF, 0xFFFFFFFF},
	ColorSelected:     {0xDCEAFDFF, 0x1E3250FF},
	ColorBubbleIn:     {0xEEF1F4FF, 0x1E262FFF},
	ColorBubbleOut:    {0xD6E7FFFF, 0x1D4E8FFF},
	ColorOnline:       {0x2FB36BFF, 0x2FB36BFF},
	ColorAway:         {0xE7A93BFF, 0xE7A93BFF},
	ColorBusy:         {0xE0524AFF, 0xE0524AFF},
	ColorOffline:      {0x8A97A6FF, 0x8A97A6FF},
	ColorDanger:       {0xC0332AFF, 0xEB776FFF},
	ColorDangerFill:   {0xC0332AFF, 0xC23C34FF},
	ColorDangerLine:   {0xF5C5C3FF, 0x552829FF},
	ColorWarning:      {0xFFF3DCFF, 0x3A2F17FF},
	ColorMuted:        {0x6B7683FF, 0x4C5866FF},
	ColorSwitchOff:    {0xC9D1D9FF, 0x3A4551FF},
	ColorScroll:       {0x17202A40, 0xE6EBF040},
	ColorSelection:    {0x155FCC40, 0x6AA8FF50},
	ColorScrim:        {0x00000077, 0x00000080},
	ColorShadow:       {0x17202A2E, 0x00000080},
	ColorOverlay:      {0xFFFFFFFF, 0x1B222BFF},
	ColorTooltip:      {0x242E39FF, 0x2E3945FF},
	ColorOnTooltip:    {0xFFFFFFFF, 0xF2F5F8FF},
	ColorAccentOnDark: {0x9CC4FFFF, 0x9CC4FFFF},
	ColorQuoteBar:     {0x7C93ADFF, 0x7F97B3FF},
	ColorFound:        {0xFFE58AFF, 0x453500FF},
	ColorCode:         {0xFAFBFCFF, 0x12181FFF},
	ColorCodeButton:   {0xE3E8EDFF, 0x232B34FF},
	ColorCodeKeyword:  {0x7A3DB8FF, 0xC79BFFFF},
	ColorCodeString:   {0x1A7433FF, 0x7FD18BFF},
	ColorCodeNumber:   {0x9F4A00FF, 0xF0A868FF},
	ColorCodeComment:  {0x5F6B78FF, 0x8B98A7FF},
	ColorCodeName:     {0x155FCCFF, 0x6AA8FFFF},
	ColorCodeMeta:     {0x9A2B6BFF, 0xF08CC0FF},
	ColorOther:        {0x8A2F5AFF, 0xF5B4CFFF},
	ColorPicture:      {0xC3CED9FF, 0x3B4653FF},

	// Fyne's own names, for the few toolkit widgets that still draw
	// themselves (entries, scroll bars, the file dialog).
	theme.ColorNameButton:              {0xEBEFF3FF, 0x1B222BFF},
	theme.ColorNameDisabled:            {0x9AA4AFFF, 0x5A6674FF},
	theme.ColorNameDisabledButton:      {0xEBEFF3FF, 0x1B222BFF},
	theme.ColorNameError:               {0xC0332AFF, 0xEB776FFF},
	theme.ColorNameFocus:               {0x155FCC40, 0x6AA8FF50},
	theme.ColorNameForegroundOnError:   {0xFFFFFFFF, 0x0F1419FF},
	theme.ColorNameForegroundOnPrimary: {0xFFFFFFFF, 0xFFFFFFFF},
	theme.ColorNameForegroundOnSuccess: {0x17202AFF, 0x0F1419FF},
	theme.ColorNameForegroundOnWarning: {0x17202AFF, 0x0F1419FF},
	theme.ColorNameHeaderBackground:    {0xF4F6F8FF, 0x151B22FF},
	theme.ColorNameHover:               {0xEBEFF3FF, 0x1B222BFF},
	theme.ColorNameHyperlink:           {0x155FCCFF, 0x6AA8FFFF},
	theme.ColorNameInputBackground:     {0xEBEFF3FF, 0x1B222BFF},
	theme.ColorNameInputBorder:         {0xE3E8EDFF, 0x232B34FF},
	theme.ColorNameMenuBackground:      {0xFFFFFFFF, 0x1B222BFF},
	theme.ColorNameOverlayBackground:   {0xFFFFFFFF, 0x1B222BFF},
	theme.ColorNamePlaceHolder:         {0x5B6673FF, 0x9AA7B6FF},
	theme.ColorNamePressed:             {0xDFE5EBFF, 0x28313BFF},
	theme.ColorNamePrimary:             {0x155FCCFF, 0x6AA8FFFF},
	theme.ColorNameScrollBar:           {0x17202A40, 0xE6EBF040},
	theme.ColorNameScrollBarBackground: {0x00000000, 0x00000000},
	theme.ColorNameSelection:           {0x155FCC40, 0x6AA8FF50},
	theme.ColorNameSeparator:           {0xE3E8EDFF, 0x232B34FF},
	// Fyne fades the edges of a scroll area with this one; ours have none.
	theme.ColorNameShadow:  {0x00000000, 0x00000000},
	theme.ColorNameSuccess: {0x2FB36BFF, 0x2FB36BFF},
	theme.ColorNameWarning: {0xE7A93BFF, 0xE7A93BFF},
}

var sizes = map[fyne.ThemeSizeName]float32{
	theme.SizeNameText:            TextBody,
	theme.SizeNameCaptionText:     TextTime,
	theme.SizeNameHeadingText:     TextHeading,
	theme.SizeNameSubHeadingText:  TextTitle,
	theme.SizeNameInlineIcon:      IconSize,
	theme.SizeNameInnerPadding:    8,
	theme.SizeNameInputBorder:     1,
	theme.SizeNameInputRadius:     FieldRadius,
	theme.SizeNameButtonRadius:    FieldRadius,
	theme.SizeNameCardRadius:      CardRadius,
	theme.SizeNameDialogRadius:    CardRadius,
	theme.SizeNamePopupRadius:     FieldRadius,
	theme.SizeNameMenuRadius:      FieldRadius,
	theme.SizeNamePadding:         4,
	theme.SizeNameLineSpacing:     3,
	theme.SizeNameScrollBar:       8,
	theme.SizeNameScrollBarSmall:  4,
	theme.SizeNameScrollBarRadius: 4,

	theme.SizeNameSelectionRadius:    3,
	theme.SizeNameSeparatorThickness: LineWidth,
	theme.SizeNameSplitThickness:     LineWidth,
	theme.SizeNameModalBlurRadius:    0,
}

// Palette gives the value of a colour of Linnet's theme. It knows the names of
// this package and those of Fyne; ok is false for any other, and the caller
// falls back to Fyne's default theme. Any variant but dark counts as light.
func Palette(name fyne.ThemeColorName, variant fyne.ThemeVariant) (c color.Color, ok bool) {
	s, ok := palette[name]
	if !ok {
		return nil, false
	}
	v := s.light
	if variant == theme.VariantDark {
		v = s.dark
	}
	return color.NRGBA{R: uint8(v >> 24), G: uint8(v >> 16), B: uint8(v >> 8), A: uint8(v)}, true
}

// Size gives the value of one of Fyne's size names in Linnet's theme, in dp;
// ok is false for a name that is left to Fyne's default theme.
func Size(name fyne.ThemeSizeName) (dp float32, ok bool) {
	dp, ok = sizes[name]
	return dp, ok
}
