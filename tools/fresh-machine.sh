#!/bin/bash
# Proves the README's two commands on a bare Debian 12, as root: makes one in a temporary folder, clones the current
# commit into it, runs `make demo`, logs in at the portal, and ends the demonstration as Ctrl-C does.
#   tools/fresh-machine.sh          the demonstration
#   tools/fresh-machine.sh --test   then `make test` as well
#   tools/fresh-machine.sh --install  instead: the package, as docs/operators/install.md says (tools/fresh-install.sh)
# Work that is not committed is not tested. The packages come from this machine's own Debian sources (bookworm,
# bookworm-updates, bookworm-security), npm's packages from the registry that this machine uses. The new machine has its
# own processes and mounts and shares the network. Nothing of it stays, even after a failure or an interruption.
#
# JOBS=N compiles with N processes (2); TMPDIR=DIR is the folder of the machine (about 5 GB); KEEP_LOG=FILE keeps all
# output in a file.
set -euo pipefail
cd "$(dirname "$0")/.."

suites="bookworm bookworm-updates bookworm-security"
jobs=${JOBS:-2}
test=no install=no bare=()
case "${1:-}" in
  --test) test=yes ;;
  --install) install=yes bare=(--include=systemd,systemd-sysv,dbus) ;;
  "") ;;
  *) echo "usage: tools/fresh-machine.sh [--test | --install]" >&2; exit 2 ;;
esac

fail() {
  echo "tools/fresh-machine.sh: $*" >&2
  exit 1
}

[ "$(id -u)" -eq 0 ] || fail "run it as root; it makes a file system and mounts"
for program in mmdebstrap curl git pgrep; do
  command -v $program >/dev/null ||
    { apt-get update -q && apt-get -o DPkg::Lock::Timeout=600 install -q -y --no-install-recommends mmdebstrap curl git procps; } >&2
done

work=$(mktemp -d "${TMPDIR:-/tmp}/chancery-machine-XXXXXX")
root=$work/root
machine="" first=""
# All mounts are in the namespace of the machine's first process and all its processes below it: they end with it.
remove_machine() {
  if [ -n "$machine" ]; then
    kill -KILL "$machine" 2>/dev/null || true
    wait "$machine" 2>/dev/null || true
    while [ -n "$first" ] && [ -e "/proc/$first" ]; do sleep 0.1; done
  fi
  [ -z "${KEEP_LOG:-}" ] || cp "$work/log" "$KEEP_LOG" 2>/dev/null || true
  rm -rf --one-file-system "$work"
}
trap remove_machine EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
: > "$work/log"

# --- What the new machine takes from this one: package sources, proxies, certificates, npm's registry ---

list_sources() {
  local uri release component
  # A third party may give a suite the name of one of Debian; the signed index names its origin.
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 'Origin: Debian' |
    while read -r uri release component; do
      case " $suites " in
        *" $release "*) echo "deb $uri $release $component" ;;
      esac
    done | sort -u
}
[ "$(list_sources | awk '{ print $3 }' | sort -u | wc -l)" -eq 3 ] || apt-get update -q >&2
list_sources > "$work/sources.list"
for suite in $suites; do
  grep -q " $suite main$" "$work/sources.list" || fail "this machine's package sources lack $suite; add it to /etc/apt"
done

# How packages are fetched: proxies, retries, whether dates are checked.
apt-config dump Acquire |
  grep -E '^Acquire::(https?::[A-Za-z:.-]*Proxy[A-Za-z-]*|Retries|https?::Timeout|Check-Valid-Until|Check-Date)[: ]' > "$work/apt.conf" || true

# Certificates of a proxy that reads TLS.
authorities=/etc/ssl/certs/ca-certificates.crt
in_machine=(PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 TERM="${TERM:-dumb}")
if [ -e $authorities ]; then
  in_machine+=(NODE_EXTRA_CA_CERTS=/etc/machine-authorities.pem npm_config_cafile=/etc/machine-authorities.pem)
  echo 'Acquire::https::CaInfo "/etc/machine-authorities.pem";' >> "$work/apt.conf"
fi
for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
  [ -z "${!name:-}" ] || in_machine+=("$name=${!name}")
done
# Single settings and not the file, because an npmrc may hold a password.
for setting in registry proxy https-proxy noproxy strict-ssl; do
  value=$(npm config get "$setting" 2>/dev/null || true)
  case "$value" in
    "" | null | undefined) ;;
    *) in_machine+=("npm_config_${setting//-/_}=$value") ;;
  esac
done

# --- The machine ---

# Elapsed time, and the processor time of all commands that have ended, which tells more on a busy machine.
report="" begun=0 used=0 elapsed=0
# In $processors; not in a shell of its own, whose children would be none.
processor_seconds() {
  times > "$work/times"
  processors=$(awk 'NR == 2 { n = split($1 "m" $2, part, /[ms]+/); print int(60 * (part[1] + part[3]) + part[2] + part[4]) }' "$work/times")
}
begin() {
  echo "== $1"
  begun=$(date +%s)
  processor_seconds
  used=$processors
}
stop_clock() {
  elapsed=$(($(date +%s) - begun))
}
took() {
  processor_seconds
  report="$report$(printf '%6d s, of the processors %6d s  %s' "$elapsed" $((processors - used)) "$1")"$'\n'
}

begin "a bare Debian 12"
mmdebstrap --quiet --variant=minbase --mode=root --aptopt="$work/apt.conf" "${bare[@]}" \
  --setup-hook="[ ! -e $authorities ] || cp $authorities \"\$1/etc/machine-authorities.pem\"" \
  bookworm "$root" "$work/sources.list" >> "$work/log" 2>&1 || { tail -n 40 "$work/log" >&2; fail "mmdebstrap failed"; }
stop_clock
took "mmdebstrap"
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
printf '127.0.0.1 localhost\n::1 localhost\n' > "$root/etc/hosts"
if [ $install = yes ]; then
  . tools/fresh-install.sh
  exit 0
fi
git -c safe.directory='*' bundle create --quiet "$root/root/commit.bundle" HEAD
commit=$(git -c safe.directory='*' rev-parse HEAD)

# The first process of the machine makes its mounts, all in its own namespace.
cat > "$work/init" <<'INIT'
set -eu
cd "$1"
mount -t proc proc proc
mount --rbind /sys sys
mount -t tmpfs -o mode=755 tmpfs dev
for device in null zero full random urandom tty; do
  : > "dev/$device"
  mount --bind "/dev/$device" "dev/$device"
done
ln -s /proc/self/fd dev/fd
for stream in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/${stream%%:*}" "dev/${stream##*:}"; done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=666,mode=620 devpts dev/pts
ln -s pts/ptmx dev/ptmx
mount -t tmpfs -o mode=1777 tmpfs dev/shm
mount -t tmpfs -o mode=755 tmpfs run
: > "$2"
exec sleep infinity
INIT
unshare --mount --pid --ipc --uts --fork --kill-child -- bash "$work/init" "$root" "$work/ready" >> "$work/log" 2>&1 &
machine=$!
until [ -e "$work/ready" ]; do
  kill -0 "$machine" 2>/dev/null || { tail -n 40 "$work/log" >&2; fail "the mounts of the machine cannot be made"; }
  sleep 0.1
done
first=$(pgrep -P "$machine")

enter=(nice -n "${NICE:-10}" nsenter --target "$first" --mount --pid --ipc --uts --
  chroot "$root" /usr/bin/env -i "${in_machine[@]}" /bin/bash -c)
inside() {
  local status=0
  "${enter[@]}" "$1" < /dev/null >> "$work/log" 2>&1 &
  wait $! || status=$?  # in the background, because bash handles a signal only after a command in the foreground
  [ "$status" -eq 0 ] || { tail -n 80 "$work/log" >&2; fail "'$1' ended with $status"; }
}

begin "apt-get install -y git make"
inside "apt-get update && apt-get install -y git make"
stop_clock
took "apt-get install -y git make"
inside "cd && git clone -q commit.bundle chancery"
[ "$(git -c safe.directory='*' -C "$root/root/chancery" rev-parse HEAD)" = "$commit" ] || fail "the clone is not at $commit"

# --- The demonstration ---

is_free() {
  ! (: < "/dev/tcp/127.0.0.1/$1") 2>/dev/null
}
find_port_base() {
  local base offset free
  for base in $(shuf -i 110-310 -n 50); do
    free=yes
    for offset in 25 26 80 90 91 443 944; do is_free $((100 * base + offset)) || free=no; done
    [ $free = no ] || { echo $((100 * base)); return; }
  done
  fail "no free range of ports was found"
}

# Starts the demonstration and waits until the portal answers. It leads a process group of its own, as in a terminal.
start_demo() {
  setsid "${enter[@]}" "cd ~/chancery && exec make demo JOBS=$jobs ARGS='--port-base $base'" < /dev/null >> "$work/log" 2>&1 &
  demo=$!
  until curl -sf -o "$work/page" "$portal/"; do
    kill -0 $demo 2>/dev/null || { tail -n 80 "$work/log" >&2; fail "make demo ended before the portal answered"; }
    sleep 0.2
  done
}

# Ctrl-C reaches every process of the group. In a background job bash lets make ignore it, so that the status is the
# demonstration's own.
stop_demo() {
  kill -INT -- -$demo
  local status=0
  wait $demo || status=$?
  [ "$status" -eq 0 ] || { tail -n 80 "$work/log" >&2; fail "after Ctrl-C make demo ended with $status"; }
  is_free $((base + 80)) || fail "after Ctrl-C something still listens on port $((base + 80))"
}

# curl as a browser that keeps cookies and follows redirects. The page is in $work/page, its address in $address.
ask() {
  curl -sS --fail-with-body -b "$work/cookies" -c "$work/cookies" -H 'Accept: text/html' -H 'Accept-Language: en' \
    -H 'Sec-Fetch-Mode: navigate' -H 'Sec-Fetch-Dest: document' -o "$work/page" "$@" ||
    { cat "$work/page" >&2; fail "no page came from ${*: -1}"; }
}
browse() {
  address=$(ask -L -w '%{url_effective}' "$1")
}
# Sends the form with the action $1: its hidden fields, and the further arguments as fields.
submit() {
  local action=$1 origin=${address%/"${address#*://*/}"} form field fields=() next
  shift
  form=$(tr '\n' ' ' < "$work/page" | grep -oE "<form[^>]* action=\"$action\".*") ||
    { cat "$work/page" >&2; fail "there is no form for $action on $address"; }
  form=${form%%</form>*}
  while read -r field; do
    fields+=("$(sed -E 's/.* name="([^"]*)".* value="([^"]*)".*/\1=\2/; s/&amp;/\&/g' <<< "$field")")
  done < <(grep -oE '<input[^>]* type="hidden"[^>]*>' <<< "$form")
  next=$(ask -H "Origin: $origin" -w '%{redirect_url}' $(printf ' --data-urlencode %s' "${fields[@]}" "$@") "$origin$action")
  [ -z "$next" ] || browse "$next"
}
log_in() {
  rm -f "$work/cookies"
  browse "$portal/login"
  submit /login/password login=anna.kowalska password=Meadow-Violet-2026
  submit /login/context context=user
  [[ $address == "$portal"/* ]] || fail "the login ended at $address and not at the portal"
  grep -q "Anna Kowalska" "$work/page" || { cat "$work/page" >&2; fail "the portal does not say who is logged in"; }
}

base=$(find_port_base)
portal=http://localhost:$((base + 90))
begin "make demo"
start_demo
stop_clock
log_in
stop_demo
took "make demo, until the portal answers"
begin "make demo again"
start_demo
stop_clock
log_in
stop_demo
took "make demo again, until the portal answers"

# --- The tests ---

if [ $test = yes ]; then
  begin "make test"
  inside "cd ~/chancery && make test JOBS=$jobs"
  stop_clock
  took "make test"
  tail -n 3 "$work/log"
  echo "node $("${enter[@]}" 'node --version')"
fi

echo "commit ${commit:0:8} on a bare Debian 12, $jobs compiler processes:"
printf '%s' "$report"
