#!/bin/sh
# Installs the packages named as arguments with apt, as root, and leaves no
# system-wide server running or enabled that was not on the machine before: the
# tests start servers of their own, from throw-away directories.
set -eu

# Units that the packages we ask for bring along.
services='prosody ejabberd epmd'
policy=/usr/sbin/policy-rc.d
kept=$policy.before-linnet
mark='Linnet is installing packages'

has_unit() {
	[ -e "/lib/systemd/system/$1.service" ] || [ -e "/usr/lib/systemd/system/$1.service" ] || [ -e "/etc/init.d/$1" ]
}

# dpkg asks policy-rc.d whether it may start a service; 101 means no.
hold_services() {
	if [ -e "$policy" ] && ! grep -q "$mark" "$policy"; then
		mv "$policy" "$kept"
	fi
	printf '#!/bin/sh\n# %s: no service is started meanwhile.\nexit 101\n' "$mark" >"$policy"
	chmod 755 "$policy"
}

release_services() {
	if [ -e "$kept" ]; then
		mv "$kept" "$policy"
	elif grep -qs "$mark" "$policy"; then
		rm -f "$policy"
	fi
}

# disable_new stops services that came with this installation from being
# started at the next boot. Those that were there before are left as they were.
disable_new() {
	for s in $services; do
		case " $before " in *" $s "*) continue ;; esac
		has_unit "$s" || continue
		if command -v systemctl >/dev/null; then
			systemctl --quiet disable "$s.service" >/dev/null 2>&1 || true
			if [ "$s" = epmd ]; then
				systemctl --quiet disable epmd.socket >/dev/null 2>&1 || true
			fi
		fi
		if [ -e "/etc/init.d/$s" ] && command -v update-rc.d >/dev/null; then
			update-rc.d "$s" disable >/dev/null 2>&1 || true
		fi
		echo "deps: the system-wide service $s is installed but neither started nor enabled"
	done
}

before=
for s in $services; do
	if has_unit "$s"; then before="$before $s"; fi
done

trap release_services EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
hold_services

export DEBIAN_FRONTEND=noninteractive
# A package list that is missing or out of date is the usual cause of a failed
# installation: fetch it first when there is none, else only after a failure.
if ! apt-cache show "$1" >/dev/null 2>&1; then
	echo "deps: fetching the package lists"
	apt-get update -q
fi
if ! apt-get install -qq -y --no-install-recommends "$@" >/dev/null; then
	echo "deps: that failed; fetching the package lists and trying once more"
	apt-get update -q
	apt-get install -q -y --no-install-recommends "$@"
fi
disable_new
