#!/bin/sh
# Installs what this machine lacks to build Linnet, to show the demo and to run
# the tests. Says what it does, and does nothing when nothing is missing.
#
#   deps.sh build   a C compiler, the headers Fyne needs, and those of Opus
#   deps.sh demo    the same, and Prosody
#   deps.sh test    the same, and all that the tests use (the default)
#   deps.sh soak    the same, and databases for the servers (Debian and its kin)
set -eu
here=$(dirname "$0")
scope=${1:-test}
case $scope in
build | demo | test | soak) ;;
*)
	echo "deps.sh: unknown scope '$scope': build, demo, test or soak" >&2
	exit 2
	;;
esac

say() { echo "deps: $*"; }
fail() {
	say "$*" >&2
	exit 1
}

# The Go command reads the wanted version from go.mod, and one of 1.21 or later
# may fetch that version by itself, so ask it where go.mod is.
check_go() {
	want=$(sed -n 's/^go \([0-9]*\.[0-9]*\).*/\1/p' "$here/../../go.mod")
	command -v go >/dev/null ||
		fail "Go is not on the PATH. Linnet needs Go $want or newer: install it, then run this again."
	have=$(cd "$here" && go env GOVERSION 2>/dev/null) || have=
	have=${have#go}
	major=${have%%.*}
	minor=${have#*.}
	minor=${minor%%[!0-9]*}
	[ "${major:-0}" -gt "${want%.*}" ] || {
		[ "${major:-0}" -eq "${want%.*}" ] && [ "${minor:-0}" -ge "${want#*.}" ]
	} || fail "Linnet needs Go $want or newer, and this machine has $(GOTOOLCHAIN=local go env GOVERSION 2>/dev/null || echo 'an older one'): install a newer Go, then run this again."
}

# names picks the packages of the scope: $1 for build, $2 for demo, $3 for test, $4 for soak.
names() {
	case $scope in
	build) echo "$1" ;;
	demo) echo "$1 $2" ;;
	test) echo "$1 $2 $3" ;;
	soak) echo "$1 $2 $3 ${4:-}" ;;
	esac
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		fail "this needs root, and there is no sudo: run as root: $*"
	fi
}

# install asks the package manager for what is missing, or says that nothing is.
install_missing() {
	missing=$1
	shift
	[ -n "$missing" ] || return 0
	say "installing:$missing"
	# shellcheck disable=SC2086
	as_root "$@" $missing
	say "done"
}

with_apt() {
	wanted=$(names \
		"gcc pkg-config libgl1-mesa-dev xorg-dev libwayland-dev libxkbcommon-dev libopus-dev" \
		"prosody lua-event" \
		"ejabberd python3-slixmpp profanity tmux xvfb xdotool openbox imagemagick xclip dbus gnome-keyring libgl1-mesa-dri fonts-noto-core tzdata" \
		"lua-dbi-sqlite3 erlang-p1-sqlite3 sqlite3")
	# shellcheck disable=SC2086
	present=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null) || true
	missing=
	for p in $wanted; do
		case "
$present
" in
		*"
installed $p
"*) ;;
		*) missing="$missing $p" ;;
		esac
	done
	install_missing "$missing" sh "$here/deps-apt.sh"
}

with_dnf() {
	wanted=$(names \
		"gcc pkgconf-pkg-config mesa-libGL-devel libX11-devel libXcursor-devel libXrandr-devel libXinerama-devel libXi-devel libXxf86vm-devel wayland-devel libxkbcommon-devel opus-devel" \
		"prosody" \
		"ejabberd python3-slixmpp profanity tmux xorg-x11-server-Xvfb xdotool openbox ImageMagick xclip dbus-daemon gnome-keyring mesa-dri-drivers google-noto-sans-fonts")
	missing=
	for p in $wanted; do
		rpm -q --quiet --whatprovides "$p" || missing="$missing $p"
	done
	# Fedora starts no service because its package was installed.
	install_missing "$missing" dnf install -y
}

with_pacman() {
	wanted=$(names \
		"gcc pkgconf libglvnd libx11 libxcursor libxrandr libxinerama libxi libxxf86vm wayland libxkbcommon opus" \
		"prosody" \
		"ejabberd python-slixmpp profanity tmux xorg-server-xvfb xdotool openbox imagemagick xclip dbus gnome-keyring mesa noto-fonts")
	# shellcheck disable=SC2086
	missing=$(pacman -T $wanted | sed 's/^/ /' | tr -d '\n') || true
	# Arch starts no service because its package was installed.
	install_missing "$missing" pacman -S --needed --noconfirm
}

# On macOS the compiler comes from Apple, and there is no X11 run.
with_brew() {
	xcode-select -p >/dev/null 2>&1 ||
		fail "the command line tools of Xcode are missing: run 'xcode-select --install', then this again."
	missing=
	for p in $(names "pkgconf opus" "prosody" "ejabberd"); do
		brew list --versions "$p" >/dev/null || missing="$missing $p"
	done
	[ -n "$missing" ] || return 0
	say "installing:$missing"
	# brew refuses to run as root.
	# shellcheck disable=SC2086
	brew install $missing
	say "done"
}

check_go
if command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; then
	with_apt
elif command -v dnf >/dev/null; then
	with_dnf
elif command -v pacman >/dev/null; then
	with_pacman
elif command -v brew >/dev/null; then
	with_brew
else
	say "no apt, dnf, pacman or brew here: README.md lists what Linnet needs."
fi
