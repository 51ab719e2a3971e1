#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# SC-13: a hundred variables that bend programs and a PATH of the user's own, with sudoers as generous as can be: only
# what is harmless passes, whichever way the rest comes, and it is denied by name.
. "$(dirname "$0")/../../tools/world.sh"

generous() { # generous DEFAULTS: what whoever writes sudoers may allow
  printf 'Defaults %s\nALL ALL=(ALL:ALL) NOPASSWD: SETENV: ALL\n' "$1" > /etc/sudoers.d/daypass
}

# A hundred: the loader's, the shells', the languages', the pagers' and editors', and as many with odd names.
mapfile -t odd < <(
  for name in LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT LD_DEBUG LD_BIND_NOW LD_ORIGIN_PATH GCONV_PATH HOSTALIASES LOCPATH \
    NLSPATH RES_OPTIONS RESOLV_HOST_CONF TMPDIR GETCONF_DIR MALLOC_TRACE LOCALDOMAIN BASH_ENV ENV SHELLOPTS BASHOPTS PS4 \
    IFS CDPATH GLOBIGNORE PROMPT_COMMAND FPATH ZDOTDIR PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONINSPECT PERL5LIB \
    PERL5OPT PERLLIB PERL5DB RUBYLIB RUBYOPT NODE_OPTIONS NODE_PATH LUA_PATH LUA_INIT TCLLIBPATH JAVA_TOOL_OPTIONS \
    CLASSPATH GEM_PATH PAGER MANPAGER SYSTEMD_PAGER GIT_PAGER LESS LESSOPEN LESSCLOSE LESSEDIT EDITOR VISUAL \
    SUDO_EDITOR SUDO_ASKPASS SYSTEMD_EDITOR BROWSER GIT_SSH_COMMAND GIT_EXTERNAL_DIFF GIT_EDITOR TAR_OPTIONS GZIP \
    TERMCAP TERMINFO TERMPATH DBUS_SYSTEM_BUS_ADDRESS DBUS_SESSION_BUS_ADDRESS XDG_CONFIG_HOME XDG_RUNTIME_DIR \
    SSH_AUTH_SOCK http_proxy https_proxy OPENSSL_CONF SSL_CERT_FILE CURL_HOME SYSTEMD_UNIT_PATH NOTIFY_SOCKET; do
    echo "$name=/home/alice/x"
  done
  for number in $(seq 21); do echo "odd.${number}-=/home/alice/x"; done
)
expect_equal 100 "${#odd[@]}" "a hundred odd variables"

make_daypass_host
cat > /usr/bin/systemctl << 'STAND_IN'
#!/bin/sh
echo "systemctl $*" >> /run/world/ran
tr '\0' '\n' < /proc/$$/environ > /run/world/environment
STAND_IN
make_grant first
expect_taken first

with() { # with VARIABLE...: alice's sudo -E with these in her environment; -H, as her HOME alone is denied
  as alice env "$@" sudo -n -E -H systemctl restart nginx
}
denied_with() { # denied_with WHAT VARIABLE...
  local before
  before=$(runs)
  mark
  with "${@:2}" > "$logs/with" 2>&1 && fail "$1: should be denied"
  expect_equal "$before" "$(runs)" "$1: nothing ran"
  expect_event '^decision.denied environment$' DAYPASS_EVENT DAYPASS_REASON
  say "denied (environment): $1"
}

# As it is set up: NOSETENV, so that sudo itself refuses -E.
with LANG=C > "$logs/with" 2>&1 && fail "sudo -E with NOSETENV should be refused by sudo"

generous 'env_reset, setenv'
with -u LESS LANG=C TZ=Europe/Vienna > /dev/null || fail "the control: sudo -E with harmless variables"
say "allowed: sudo -E with harmless variables"
expect_denied alice environment -E systemctl restart nginx # her HOME
denied_with "a hundred odd variables" "${odd[@]}"
# One by one too: each alone is denied, by its name, or else it never reaches the command, as the loader or sudo drops it.
dropped=0
for variable in "${odd[@]}"; do
  before=$(runs)
  if with "$variable" > "$logs/with" 2>&1; then
    has -F "${variable%%=*}=" /run/world/environment && fail "$variable reached the command"
    dropped=$((dropped + 1))
  else
    expect_equal "$before" "$(runs)" "$variable: nothing ran"
    has -F "(${variable%%=*})" "$logs/with" || fail "$variable: not named: $(cat "$logs/with")"
  fi
done
[ "$dropped" -lt 50 ] || fail "$dropped of a hundred odd variables were dropped: what is left shows too little"
with ODD=1 && fail "a variable that nobody knows should be denied"
say "denied by name: $((100 - dropped)) of a hundred; the others never reached the command"

# Without -E, where sudoers keeps the environment as it is.
generous '!env_reset'
denied_with "sudoers that reset nothing" "${odd[@]}"

# PATH=.: the command that was found there is not the one that is allowed, and the PATH itself does not pass either.
as alice cp /usr/bin/systemctl /home/alice/systemctl
sed -i '/secure_path/d' /etc/sudoers
generous 'env_reset, !secure_path'
path_denied() { # path_denied PATH COMMAND...
  local before
  before=$(runs)
  mark
  as alice env "PATH=$1" /usr/bin/sudo -n "${@:2}" > "$logs/path" 2>&1 && fail "PATH=$1 $2 should be denied"
  expect_equal "$before" "$(runs)" "PATH=$1: nothing ran"
  expect_event '^decision.denied (path_unsafe|environment)$' DAYPASS_EVENT DAYPASS_REASON
  say "denied: PATH=$1 sudo ${*:2}"
}
path_denied .:/usr/bin systemctl restart nginx
path_denied /home/alice:/usr/bin systemctl restart nginx
path_denied .:/usr/bin /usr/bin/systemctl restart nginx
path_denied '' ./systemctl restart nginx
as alice env PATH=/usr/bin:/bin sudo -n systemctl restart nginx > /dev/null || fail "the control: a PATH of the system's folders"
expect_allowed alice systemctl restart nginx
