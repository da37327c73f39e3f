# Part of tools/fresh-machine.sh --install: installs the package on the bare machine as docs/operators/install.md says, and
# judges what comes of it. The blocks of the page are taken from the page and run in their order, each line as it stands
# there; those marked "sqlite" in the first round alone, those marked "postgresql" in the second. systemd is the first process
# of the machine, so the units run as they are, sandbox included. The machine has a network of its own without a way out, so
# that ports 80, 443 and 5432 are free and names such as login.example.org lead to it.
#
# Around it stand, from Debian: pebble as the authority of certificates, aiosmtpd as the mail server.
# BUILD=DIR has the programs (build/release); they must be able to run on Debian 12. BEFORE=DIR has the package of the release
# before with its SHA256SUMS, as tools/dist.sh of that release makes it in its build/dist.
#
# shellcheck shell=bash disable=SC2154

page=docs/operators/install.md
for program in dpkg-shlibdeps objdump python3; do command -v $program >/dev/null || fail "$program is missing"; done

cp -a "$root" "$work/bare"

# Without BEFORE the version before is made of the same programs: what is tried is the package, with data in it.
mkdir -p "$root/root/old" "$root/root/new"
before=${BEFORE:-$work/old}
[ -n "${BEFORE:-}" ] || tools/dist.sh --build "${BUILD:-build/release}" --version 0.0.9 --out "$before" >> "$work/log" 2>&1 ||
  { tail "$work/log" >&2; fail "no package"; }
version_before=$(dpkg-deb -f "$before"/*.deb Version)
tools/dist.sh --build "${BUILD:-build/release}" --out "$work/new" >> "$work/log" 2>&1 || { tail "$work/log" >&2; fail "no package"; }
cp "$before"/{*.deb,SHA256SUMS} "$root/root/old/"
cp "$work"/new/{*.deb,SHA256SUMS} "$root/root/new/"
version=$(dpkg-deb -f "$work"/new/*.deb Version)
dpkg --compare-versions "$version_before" lt "$version" || fail "$version_before is not before $version"

# blocks FILE WORD: the shell blocks of a page whose info string is "sh" alone or "sh WORD", one script. A line that
# announces each block shows in the log where it was.
blocks() {
  awk -v word="$2" '
    /^ *```/ && open { open = 0; next }
    /^ *```sh/ && !open { open = 1; sub(/^ *```sh */, ""); take = $0 == "" || $0 == word; if (take) print "echo \"== " FILENAME ":" FNR "\" >&2"; next }
    /^ *```/ && !open { open = 1; take = 0; next }
    open && take { sub(/^   /, ""); print }' "$1"
}

begin "packages of the page and of its surroundings"
# In the machine the page's own apt-get finds them in the cache.
wanted=$(blocks $page postgresql | sed -nE 's/^ *apt-get install -y ([a-z][a-z0-9 -]*)$/\1/p' | tr '\n' ' ')
depends=$(dpkg-deb -f "$work"/new/*.deb Depends Recommends | sed -E 's/^[A-Za-z]+: //; s/\([^)]*\)//g; s/[,|]/ /g' | tr '\n' ' ')
bare_run() {
  chroot "$root" /usr/bin/env -i "${in_machine[@]}" DEBIAN_FRONTEND=noninteractive /bin/bash -c "$1" < /dev/null >> "$work/log" 2>&1 ||
    { tail -n 40 "$work/log" >&2; fail "'$1' failed"; }
}
printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
bare_run "apt-get update"
bare_run "apt-get install -y --no-install-recommends pebble python3-aiosmtpd curl openssl ca-certificates sqlite3 man-db iproute2"
bare_run "apt-get install -y --download-only $wanted $depends"
rm "$root/usr/sbin/policy-rc.d"
stop_clock
took "packages"

# --- The container's recipe, without a container's program ---

# What podman or docker would do with packaging/container: the commands of RUN on a bare Debian, then the server as the
# recipe's user, on a root file system that cannot be written, without any capability, until the health check is content.
begin "the container's recipe"
image=$work/image recipe=packaging/container/Containerfile
cp -a "$work/bare" "$image"
cp "$work"/new/*.deb "$image/tmp/"
sed -n '/^RUN /,/[^\\]$/p' $recipe | sed '1s/^RUN //' > "$image/root/recipe.sh"
cp -L /etc/resolv.conf "$image/etc/resolv.conf"
chroot "$image" /usr/bin/env -i "${in_machine[@]}" DEBIAN_FRONTEND=noninteractive /bin/sh -e /root/recipe.sh < /dev/null >> "$work/log" 2>&1 ||
  { tail -n 40 "$work/log" >&2; fail "the commands of RUN fail"; }
cp packaging/container/chancery.toml "$image/etc/chancery/chancery.toml"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=login.example.org \
  -addext subjectAltName=DNS:login.example.org -keyout "$image/etc/chancery/tls/key.pem" -out "$image/etc/chancery/tls/chain.pem" 2>> "$work/log"
chgrp 64443 "$image/etc/chancery/tls/key.pem"
chmod 640 "$image/etc/chancery/tls/key.pem"
mkdir "$work/data"
chown 64443:64443 "$work/data"
# A line of JSON after CMD, as the recipe has it.
words_of() {
  python3 -c 'import json, re, sys; print("\0".join(json.loads(re.findall(r"(?m)^ *" + sys.argv[2] + r" (\[.*\])$", open(sys.argv[1]).read())[int(sys.argv[3])])), end="\0")' $recipe "$1" "$2"
}
mapfile -d '' -t command < <(words_of ENTRYPOINT 0; words_of CMD -1)
mapfile -d '' -t health < <(words_of CMD 0)
cat > "$work/contain" <<'CONTAIN'
set -eu
image=$1 data=$2
shift 2
mount --bind "$image" "$image"
cd "$image"
mount -t tmpfs -o mode=755 tmpfs dev
for device in null zero random urandom; do : > "dev/$device"; mount --bind "/dev/$device" "dev/$device"; done
mount -t proc proc proc
mount -t tmpfs tmpfs tmp
mount --bind "$data" var/lib/chancery
mount -o remount,bind,ro "$image"
ip link set lo up
exec chroot . /usr/bin/setpriv --reuid 64443 --regid 64443 --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all \
  /usr/bin/env -i PATH=/usr/bin:/bin CHANCERY_ISSUER=https://login.example.org "$@"
CONTAIN
unshare --mount --pid --net --ipc --uts --fork --kill-child -- bash "$work/contain" "$image" "$work/data" "${command[@]}" >> "$work/log" 2>&1 &
machine=$!
until first=$(pgrep -P "$machine" -x chancery); do kill -0 "$machine" 2>/dev/null || { tail "$work/log" >&2; fail "the container's server does not start"; }; sleep 0.1; done
healthy() {
  nsenter --target "$first" --mount --net --pid --root --wd -- /usr/bin/setpriv --reuid 64443 --regid 64443 --clear-groups "${health[@]}"
}
for _ in $(seq 6000); do ! healthy 2>> "$work/log" || break; sleep 0.1; done
healthy || { tail -n 40 "$work/log" >&2; fail "not so: the health check of the recipe is content"; }
echo "   the health check of the recipe is content"
grep -q "^CapBnd:.0000000000000000$" "/proc/$first/status" && [ "$(stat -c %u "/proc/$first")" = 64443 ] || fail "not so: the server in the container has no right"
! nsenter --target "$first" --mount --root -- /usr/bin/touch /usr/x 2>> "$work/log" || fail "not so: the root file system cannot be written"
echo "   it runs without a right on a root file system that cannot be written"
kill -TERM "$first"
wait "$machine" || fail "not so: the server in the container ends in order"
machine="" first=""
! grep -q "PRIVATE KEY" -r "$work/data" || fail "not so: nothing but the database is in the volume"
echo "   it ends in order at SIGTERM, and wrote only into its volume"
stop_clock
took "the container's recipe"

# --- The machine, with systemd ---

for host in login mail db; do echo "127.0.0.1 $host.example.org"; done >> "$root/etc/hosts"
cat > "$work/init" <<'INIT'
set -eu
mount --bind "$1" "$1"
cd "$1"
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
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
mkdir -p .old
pivot_root . .old
umount -l /.old
rmdir /.old
exec env -i container=chancery PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd < /dev/null
INIT
begin "systemd"
unshare --mount --pid --ipc --uts --net --cgroup --fork --kill-child -- bash "$work/init" "$root" >> "$work/log" 2>&1 &
machine=$!
until first=$(pgrep -P "$machine" -x systemd); do
  kill -0 "$machine" 2>/dev/null || { tail -n 40 "$work/log" >&2; fail "systemd does not start"; }
  sleep 0.1
done

# run SCRIPT: in the machine, with its log. In it "not COMMAND" demands that it fails (bash's "!" would not end the script), and
# "soon COMMAND" that it succeeds by and by (the limit ends a trial that hangs; it is long enough for a busy machine).
run() {
  local status=0 words='not() { ! "$@" || return 1; }
    soon() { local i; for i in $(seq 6000); do ! "$@" || return 0; sleep 0.1; done; return 1; }'
  nsenter --target "$first" --all /usr/bin/env -i "${in_machine[@]}" http_proxy= https_proxy= DEBIAN_FRONTEND=noninteractive /bin/bash -euo pipefail -c "$words; cd /root; $1" \
    < /dev/null >> "$work/log" 2>&1 &
  wait $! || status=$?
  return $status
}
# must WHAT SCRIPT, must_not WHAT SCRIPT: a sentence, and whether it is so.
must() {
  if ! run "$2"; then
    tail -n 60 "$work/log" >&2
    run "journalctl -u chancery -n 30 --no-pager; systemctl status chancery --no-pager" || true
    tail -n 40 "$work/log" >&2
    fail "not so: $1"
  fi
  echo "   $1"
}
must_not() {
  ! run "$2" || { tail -n 40 "$work/log" >&2; fail "not so: $1"; }
  echo "   $1"
}
# It does not answer at once; "degraded" is an answer, too.
until run 'state=$(systemctl is-system-running --wait) || [ "$state" = degraded ]'; do sleep 0.2; done
must "every unit of the bare machine has started" '[ -z "$(systemctl --failed --plain --no-legend)" ] || { systemctl --failed; false; }'

# --- Its surroundings: an authority of certificates, and a mail server with a certificate of another one ---

run 'mkdir -p /srv/world/mail && cd /srv/world
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj "/CN=Authority of the surroundings" \
  -keyout ca.key -out ca.pem
for host in mail.example.org localhost; do
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=$host -keyout $host.key -out $host.csr
  openssl x509 -req -in $host.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -out $host.pem \
    -extfile <(printf "subjectAltName=DNS:%s" $host)
done
cp ca.pem /usr/local/share/ca-certificates/surroundings.crt
update-ca-certificates
cat > pebble.json <<END
{"pebble": {"listenAddress": "127.0.0.1:14000", "managementListenAddress": "127.0.0.1:15000", "certificate": "/srv/world/localhost.pem",
 "privateKey": "/srv/world/localhost.key", "httpPort": 80, "tlsPort": 443, "ocspResponderURL": "", "externalAccountBindingRequired": false}}
END
systemd-run --unit=pebble --setenv=PEBBLE_VA_NOSLEEP=1 --setenv=PEBBLE_WFE_NONCEREJECT=0 pebble -config /srv/world/pebble.json
systemd-run --unit=mailserver --working-directory=/srv/world aiosmtpd -n -l mail.example.org:587 \
  --tlscert mail.example.org.pem --tlskey mail.example.org.key -c aiosmtpd.handlers.Mailbox /srv/world/mail/box
until curl -sf -o /srv/world/root.pem https://localhost:15000/roots/0; do sleep 0.2; done
cp /srv/world/root.pem /usr/local/share/ca-certificates/pebble.crt
update-ca-certificates
mkdir -p /root/.config/letsencrypt
printf "server = https://localhost:14000/dir\n" > /root/.config/letsencrypt/cli.ini' || { tail -n 60 "$work/log" >&2; fail "the surroundings do not start"; }
stop_clock
took "systemd and surroundings"

cp tools/fresh-browser.py "$root/srv/world/browser.py"

follow_page() {
  local word=$1 folder=$2
  { echo "set -x; cd /root/$folder; exec 2>&1"; blocks $page "$word"; } > "$root/srv/world/page.sh"
  must "every block of install.md for $word succeeds" "bash -euo pipefail /srv/world/page.sh"
}
judge_installation() {
  must "the server runs with the sandbox of its unit, as chancery, without a capability" '
    pid=$(systemctl show -P MainPID chancery)
    grep -q "^CapEff:.0000000000000000$" /proc/$pid/status && grep -q "^CapBnd:.0000000000000000$" /proc/$pid/status
    grep -q "^Seccomp:.2$" /proc/$pid/status && [ "$(stat -c %U /proc/$pid)" = chancery ]'
  must "units are enabled for the next start" "systemctl is-enabled chancery.socket chancery.service"
  must "exposure of the running unit is below 2.0" "systemd-analyze security --threshold=20 chancery.service"
  must "others can read neither the configuration nor the data" '
    [ "$(stat -c "%U:%G %a" /etc/chancery/chancery.toml)" = "root:chancery 640" ]
    [ "$(stat -c "%U:%G %a" /var/lib/chancery)" = "chancery:chancery 700" ]
    [ -z "$(find /var/lib/chancery ! -user chancery)" ]'
  must "the test mail has arrived, over STARTTLS" 'grep -rqi "^To: .*it@example.org" /srv/world/mail/box'
  must "the administrator follows the mailed link, chooses a password and logs in" "python3 /srv/world/browser.py invite /srv/world/mail/box ada@example.org Lantern-Harbour-2026"
  must "what the checklist asks for is so: doctor finds no fault, a renewal would succeed" '
    chancery doctor; certbot renew --dry-run --non-interactive --no-random-sleep-on-renew
    [ "$(systemctl is-enabled chancery.socket chancery | sort -u)" = enabled ]'
  must "renewal: the new certificate is served, and the server was not restarted" '
    serial() { openssl s_client -connect login.example.org:443 -servername login.example.org </dev/null 2>/dev/null | openssl x509 -noout -serial; }
    before=$(serial) pid=$(systemctl show -P MainPID chancery)
    certbot renew --force-renewal --non-interactive --no-random-sleep-on-renew
    is_new() { [ "$(serial)" != "$before" ]; }
    soon is_new; [ "$(systemctl show -P MainPID chancery)" = "$pid" ]'
}
logs_in='python3 /srv/world/browser.py login admin Lantern-Harbour-2026'
ready='curl -sf https://login.example.org/readyz'

# --- The first round: SQLite, the version before, then the new one ---

begin "install.md on SQLite"
must "the package says what to do first, starts nothing, and its template names no installation" '
  apt-get install -y ./old/chancery_*.deb > said 2>&1 || { cat said; false; }
  grep -q "chancery: set issuer in /etc/chancery/chancery.toml" said
  not systemctl is-active chancery.service; not systemctl is-active chancery.socket
  not chancery check-config 2>refused; cat refused; grep -q issuer refused
  not systemctl start chancery.service; systemctl stop chancery; [ -z "$(ls -A /var/lib/chancery)" ]'
follow_page sqlite old
judge_installation
must "man, completion and documents are there" '
  man -w chancery chancery-account chancery.toml chancery-client >/dev/null
  bash -c "source /usr/share/bash-completion/completions/chancery && complete -p chancery" && ls /usr/share/doc/chancery/operators/install.md'
must "logs rotate and the server writes to the new file" '
  printf "\n[log]\nfile = \"/var/log/chancery/server.log\"\n" >> /etc/chancery/chancery.toml
  chancery check-config; systemctl restart chancery; soon test -s /var/log/chancery/server.log
  logrotate -f /etc/logrotate.d/chancery && ls -l /var/log/chancery && test -e /var/log/chancery/server.log.1
  [ "$(stat -c "%U:%G %a" /var/log/chancery/server.log.1)" = "chancery:chancery 640" ]
  systemctl restart chancery; soon test -s /var/log/chancery/server.log'
must "a killed server is started again" 'old=$(systemctl show -P MainPID chancery); kill -KILL $old
  again() { [ "$(systemctl is-active chancery)" = active ] && [ "$(systemctl show -P MainPID chancery)" != "$old" ]; }; soon again; '"$ready"
must "a socket and a listener that differ are refused with a sentence" '
  sed -i "s/^port = 443/port = 8443/" /etc/chancery/chancery.toml; not systemctl restart chancery
  soon grep "is open on :: port 443" /var/log/chancery/server.log
  sed -i "s/^port = 8443/port = 443/" /etc/chancery/chancery.toml; systemctl restart chancery; '"$ready"
stop_clock
took "install.md on SQLite"

begin "upgrade, downgrade, remove, purge"
# The two blocks of upgrade.md: forward and back.
mapfile -t blocks_of_upgrade < <(blocks docs/operators/upgrade.md "" | grep -v '^echo')
[ ${#blocks_of_upgrade[@]} -eq 2 ] || fail "upgrade.md has other blocks than its two commands"
upgrade=${blocks_of_upgrade[0]} downgrade=${blocks_of_upgrade[1]}
must "upgrade.md: the new package restarts the server, data and sessions of accounts are there" '
  old=$(systemctl show -P MainPID chancery); cd new; '"$upgrade"'
  [ "$(dpkg-query -W -f "\${Version}" chancery)" = '"$version"' ] && [ "$(systemctl show -P MainPID chancery)" != "$old" ]; '"$ready; $logs_in; chancery audit verify"
must "connections wait while the server restarts: no request of an upgrade is refused" '
  (for i in $(seq 60); do curl -sf --retry 0 -o /dev/null https://login.example.org/healthz || echo refused; sleep 0.05; done > /srv/world/refused) & asking=$!
  sleep 0.5; apt-get install -y --reinstall ./new/chancery_*_amd64.deb; wait $asking; cat /srv/world/refused; [ ! -s /srv/world/refused ]'
must "an upgrade whose configuration the new program refuses leaves the old one running" '
  echo "no_such_key = 1" > /tmp/head; cat /tmp/head /etc/chancery/chancery.toml > /tmp/both; cp /etc/chancery/chancery.toml /tmp/good; cat /tmp/both > /etc/chancery/chancery.toml
  old=$(systemctl show -P MainPID chancery); apt-get install -y --reinstall ./new/chancery_*_amd64.deb > said 2>&1; cat said
  grep -q "still runs, because the new one refuses" said && [ "$(systemctl show -P MainPID chancery)" = "$old" ]
  cat /tmp/good > /etc/chancery/chancery.toml; '"$ready"
must "downgrade: the older program works on the same data" '
  cd old; '"$downgrade"'; [ "$(dpkg-query -W -f "\${Version}" chancery)" = '"$version_before"' ]; '"$ready; $logs_in"
must "downgrade to a program that the database is too new for: it refuses and changes nothing, and the new package again helps" '
  systemctl stop chancery; file=/var/lib/chancery/chancery.db
  runuser -u chancery -- sqlite3 $file "INSERT INTO schema_migration VALUES (9001, 0, 9001, 9001)"
  not systemctl start chancery; soon grep "needs a program of schema 9001" /var/log/chancery/server.log
  systemctl stop chancery; runuser -u chancery -- sqlite3 $file "DELETE FROM schema_migration WHERE step = 9001"
  apt-get install -y ./new/chancery_*_amd64.deb; systemctl start chancery; '"$ready; $logs_in"
must "remove stops the server and keeps configuration and data; installed again it goes on" '
  apt-get remove -y chancery; not pgrep -x chancery; not curl -sf https://login.example.org/healthz
  test -s /var/lib/chancery/master.key && test -s /etc/chancery/chancery.toml
  apt-get install -y ./new/chancery_*_amd64.deb; systemctl start chancery.socket chancery.service; '"$ready; $logs_in"
must "purge asks nothing, deletes configuration and logs, keeps the data and says so" '
  apt-get purge -y chancery > said 2>&1 < /dev/null; cat said; grep -q "/var/lib/chancery stays" said; grep -q "/etc/chancery stays" said
  [ "$(ls /etc/chancery)" = backup.pub ] && test ! -e /var/log/chancery && test ! -e /etc/systemd/system/multi-user.target.wants/chancery.service
  test -s /var/lib/chancery/master.key && test -s /var/lib/chancery/chancery.db && getent passwd chancery'
must "after the deletion of what it names nothing is left" '
  rm -r /var/lib/chancery /etc/chancery && userdel chancery; [ -z "$(find / -xdev -name "*chancery*" ! -path "/root/*" ! -path "/var/cache/*" ! -path "/var/log/*" ! -path "/var/lib/apt/*" ! -path "/srv/*" ! -path "/tmp/*")" ]'
stop_clock
took "upgrade, downgrade, remove, purge"

# --- The second round: PostgreSQL ---

begin "install.md on PostgreSQL"
# The mail server has made the folders of the box at its start and does not make them again.
run "certbot delete --non-interactive --cert-name login.example.org; find /srv/world/mail/box -type f -delete"
follow_page postgresql new
judge_installation
must "the connection to the database is encrypted and its role may do nothing beyond its tables" '
  [ "$(runuser -u postgres -- psql -tAc "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = '"'chancery'"'")" = t ]
  not grep -q "may do what the server never needs" <(journalctl -u chancery --no-pager)'
must "while the database is away the server waits for it and answers again by itself" '
  away() { [ "$(curl -s -o /dev/null -w "%{http_code}" https://login.example.org/readyz)" = 503 ]; }
  systemctl stop postgresql; soon away  # it returns before the last process of the database has ended
  systemctl start postgresql; soon '"$ready; $logs_in"
stop_clock
took "install.md on PostgreSQL"

echo "package $version on a bare Debian 12:"
printf '%s' "$report"
