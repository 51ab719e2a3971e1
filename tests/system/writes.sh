#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# AG-03: what the programs write outside of their stores survives a power cut, or is as it was before: each file is made
# under another name, synced, renamed, and its folder synced. strace watches them through all that writes; writes.py
# judges. The controls: writers that leave out one step each are found, and one that does all of it is not.
. "$(dirname "$0")/../../tools/world.sh"
. /source/tools/demo/show.sh
. /source/tools/demo/setup.sh

calls=openat,open,creat,write,pwrite64,writev,pwritev,ftruncate,fallocate,sendfile,copy_file_range,fsync,fdatasync
calls+=,rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,mkdir,mkdirat,rmdir
watched() { # watched TRACE COMMAND...
  strace -f -y -Y -qq --seccomp-bpf -s 0 -e "trace=$calls" -e signal=none -o "$1" "${@:2}"
}

# Everything that writes, in the life of a host. Without sudo, which must not be traced.
live() {
  set_up_server
  set_up_policy
  log_in admin
  works admin@laptop "daypass host token --name web-1"
  token=$(grep -oE 'dpj-[0-9a-f]+-[0-9a-f]+' <<< "$output" | head -n 1)
  works root@web-1 "daypass host enrol --server $server_url --ca /run/world/ca.pem --name web-1 \\
    --label env=demo --token $token --policy-digest $policy_digest"
  start_agent
  # The courier finds its certificate near its end.
  end=$(date -d "$(openssl x509 -noout -enddate -in /var/lib/daypass-sync/tls.pem | cut -d= -f2)" +%s)
  echo "$((end - $(date +%s) - 3600)) 1" > /run/world/clock
  cp /var/lib/daypass-sync/tls.pem /run/world/tls.pem
  launch courier setpriv --reuid daypass-sync --regid daypass-sync --init-groups --no-new-privs \
    env -i PATH=/usr/bin:/bin LD_PRELOAD=/build/tests/system/world_clock.so /usr/libexec/daypass/daypass-sync
  wait_until 20 "the certificate is renewed" eval '! cmp -s /var/lib/daypass-sync/tls.pem /run/world/tls.pem'
  stop_courier
  stop_agent
  # A store that is damaged, and a key that is not there.
  dd if=/dev/urandom of=/var/lib/daypass/agent.db bs=4096 count=1 conv=notrunc 2> "$logs/dd"
  rm /var/lib/daypass/host.key
  start_agent
  stop_agent
  stop_server
}

if [ "${1:-}" = live ]; then
  trap 'for name in courier agent server; do stop "$name"; done' EXIT # else strace waits for them
  live
  exit 0
fi

make_host
install_product
watched /run/world/trace timeout 60 bash "$0" live > "$logs/live" 2>&1 || { tail -n 20 "$logs/live" && fail "the life of a host"; }
python3 /source/tests/system/writes.py /run/world/trace daypass daypassd daypass-sync daypass-server > "$logs/writes" ||
  fail "not written durably: $(grep ^finding "$logs/writes")"
for file in /etc/daypass/host.toml /var/lib/daypass-sync/tls.pem /var/lib/daypass-sync/tls.key /var/lib/daypass/host.key agent.db.damaged \
  /var/lib/daypass-server/keys/ca.pem server.toml policy.envelope cli.toml token; do
  grep -q "^written .*$file\$" "$logs/writes" || fail "$file was not seen to be written, but: $(cat "$logs/writes")"
done
say "$(grep -c ^written "$logs/writes") files, each written durably"

# The controls.
plant() { # plant WHAT FINDING: a writer in Python; FINDING empty: none
  watched /run/world/planted python3 -c "
import os
def write(name, sync=True, flags=os.O_WRONLY | os.O_CREAT | os.O_EXCL):
    file = os.open(name, flags)
    os.write(file, b'x')
    if sync: os.fsync(file)
    os.close(file)
def sync_folder(): os.fsync(os.open('/etc/daypass', os.O_RDONLY))
at = '/etc/daypass/'.__add__
$1"
  local found
  found=$(python3 /source/tests/system/writes.py /run/world/planted python3 | sed -n 's/^finding //p' || true)
  if [ -z "$2" ]; then expect_equal "" "$found" "findings in what is right"; fi
  grep -q "$2" <<< "$found" || fail "the model does not find '$2': $found"
}
plant "write(at('.a')); os.rename(at('.a'), at('a')); sync_folder()" ""
plant "write(at('.b'), sync=False); os.rename(at('.b'), at('b')); sync_folder()" "renamed before it was synced"
plant "write(at('.c')); os.rename(at('.c'), at('c'))" "folder was never synced"
plant "write(at('d')); sync_folder()" "made under its own name"
plant "write(at('a'), flags=os.O_WRONLY)" "written in place"
plant "sync_folder(); os.unlink(at('a'))" "folder was never synced"
plant "os.mkdir(at('e'))" "folder was never synced"
