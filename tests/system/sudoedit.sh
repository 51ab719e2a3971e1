#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# sudoedit, with the real one: the files are what is judged, not the editor, and nothing else is an edit.
. "$(dirname "$0")/../../tools/world.sh"

make_daypass_host 'role["rules"] += [{"id": "conf", "edit": {"files": ["/etc/app.conf", "/etc/app.d/more.conf"]}}]'
mkdir /etc/app.d
for file in /etc/app.conf /etc/app.d/more.conf /etc/other.conf; do echo old > "$file"; done
make_editor() { # make_editor PATH: adds a line to each file that it is given
  printf '#!/bin/sh\necho "%s" >> /run/world/ran\nfor file; do [ -w "$file" ] && echo new >> "$file"; done\nexit 0\n' \
    "$1" > "$1"
  chmod 755 "$1"
}
rm -f /usr/bin/editor
make_editor /usr/bin/editor
make_editor /home/alice/ed
make_grant first
expect_taken first
lines() { wc -l < "$1"; }
expect_untouched() { # expect_untouched FILE LINES
  expect_equal "$2" "$(lines "$1")" "lines of $1"
}

# SC-19: the allowed file, also by another spelling; both; with a file that is not among them; another one.
expect_allowed alice -e /etc/app.conf
expect_untouched /etc/app.conf 2
expect_allowed alice -e /etc/../etc/app.conf
expect_allowed alice -e /etc/app.conf /etc/app.d/more.conf
expect_untouched /etc/app.conf 4
expect_untouched /etc/app.d/more.conf 2
expect_denied alice wrong_file -e /etc/app.conf /etc/other.conf
expect_denied alice wrong_file -e /etc/other.conf
expect_denied alice wrong_file -e /etc/shadow
expect_denied alice path_unsafe -e /etc/app.conf/../shadow # not a folder
expect_untouched /etc/app.conf 4
expect_untouched /etc/other.conf 1

# SC-19: an editor that brings a file of its own (CVE-2023-22809). sudo refuses it, or we do; nobody edits the file.
cp /etc/shadow /run/world/shadow
for editor in '/home/alice/ed -- /etc/shadow' '/home/alice/ed /etc/shadow' 'ed -- /etc/other.conf --'; do
  as alice EDITOR="$editor" SUDO_EDITOR="$editor" sudo -n -e /etc/app.conf > "$logs/editor" 2>&1 || true
done
cmp /etc/shadow /run/world/shadow || fail "/etc/shadow was edited"
expect_untouched /etc/other.conf 1

# SC-20: an editor of the user's own is his business, as it runs as him; and one that a rule of commands names makes no
# other file an allowed one.
edited=$(lines /etc/app.conf)
as alice EDITOR=/home/alice/ed sudo -n -e /etc/app.conf > "$logs/editor" 2>&1 ||
  fail "an editor of alice's should do: $(cat "$logs/editor")"
expect_untouched /etc/app.conf "$((edited + 1))"
tail -n 1 "$ran" | has -x /home/alice/ed || fail "alice's editor should have run"
mark
as alice EDITOR='/usr/bin/systemctl restart nginx' sudo -n -e /etc/other.conf > "$logs/editor" 2>&1 &&
  fail "another file should not be edited, whatever the editor"
expect_event '^decision.denied wrong_file$' DAYPASS_EVENT DAYPASS_REASON

# SC-22: only sudo -e is an edit. An editor by its name is a command, and so is sudoedit run by sudo.
expect_denied alice wrong_command editor /etc/app.conf
expect_denied alice wrong_command /usr/bin/editor /etc/app.conf
expect_denied alice option_refused -s editor /etc/app.conf
before=$(lines /etc/app.conf)
expect_refused alice /usr/bin/sudoedit /etc/other.conf
expect_refused alice sudoedit /etc/other.conf
expect_refused alice -u postgres -e /etc/app.conf
expect_untouched /etc/app.conf "$before"
expect_untouched /etc/other.conf 1
# And a rule of commands is no leave to edit the program.
expect_denied alice wrong_file -e /usr/bin/systemctl
expect_allowed alice -e /etc/app.conf
