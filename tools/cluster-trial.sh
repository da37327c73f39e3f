#!/bin/bash
# Follows docs/operators/cluster.md on one machine, as root: a network namespace for each machine of the page, its files as
# they are printed there, etcd, Patroni, HAProxy and nginx from Debian. Then, under logins: both nodes are stopped and
# started again one after the other behind each proxy, the database is switched over, and its primary is killed. It
# fails if a login fails, an acknowledged one has no event, or the audit log is not intact. Nothing of it stays.
#   tools/cluster-trial.sh [BUILD]    BUILD: a folder with the built program (build/release)
# The limits of waiting end a trial that hangs; they are long enough for a busy machine and promise nothing about speed.
set -euo pipefail
cd "$(dirname "$0")/.."
[ "$(id -u)" -eq 0 ] || { echo "tools/cluster-trial.sh: run it as root; it makes network namespaces" >&2; exit 2; }
build=$(realpath "${1:-build/release}")
[ -x "$build/chancery" ] || { echo "tools/cluster-trial.sh: $build/chancery is not built" >&2; exit 2; }

packages="patroni python3-etcd etcd-server haproxy nginx-light postgresql iproute2 util-linux curl openssl"
missing=""
for package in $packages; do
  case $package in nginx-light) command -v nginx >/dev/null && continue ;; esac
  dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
# The packages' own services stay off: this machine is only borrowed.
[ -z "$missing" ] || { apt-get update -q && RUNLEVEL=1 apt-get -o DPkg::Lock::Timeout=600 install -q -y --no-install-recommends $missing; } >&2

# Everything below is in namespaces of its own: names of networks, mounts and processes end with this script.
if [ -z "${CLUSTER_TRIAL:-}" ]; then
  exec env CLUSTER_TRIAL=1 unshare --net --mount --pid --fork --kill-child --mount-proc "$PWD/tools/cluster-trial.sh" "$build"
fi
work=$(mktemp -d /tmp/chancery-cluster-XXXXXX)
chmod 755 "$work"
# The namespaces of this script hide what it makes below /run; the folder of the work is removed at the end.
trap 'code=$?; [ $code -eq 0 ] || tail -n 20 "$work"/*.log >&2; kill $(jobs -p) 2>/dev/null; pkill -KILL -f "$work" 2>/dev/null; sleep 1; rm -rf "$work"; exit $code' EXIT
mount -t tmpfs tmpfs /run
mkdir -p /run/netns /run/postgresql
chmod 777 /run/postgresql
page=$PWD/docs/operators/cluster.md

# block LANGUAGE NAME: the text of the page's block with this file name.
block() {
  awk -v open="^\`\`\`$1 $2\$" '$0 ~ open { inside = 1; next } /^```$/ { if (inside) exit } inside' "$page"
}
# One machine does here what nine do there. What fails over by time has a machine of its own there, and goes first here.
first=(nice -n -8)
say() { printf '%s  %s\n' "$(date +%T)" "$*"; }

# --- The network ---
ip link set lo up
ip link add lan type bridge
ip link set lan up
machine() {  # NAME ADDRESS
  ip netns add "$1"
  ip link add "$1" type veth peer name eth0 netns "$1"
  ip link set "$1" master lan up
  ip -n "$1" addr add "$2/24" dev eth0
  ip -n "$1" link set eth0 up
  ip -n "$1" link set lo up
}
on() { local name=$1; shift; ip netns exec "$name" "$@"; }
machine etcd 10.77.0.10
machine db1 10.77.0.11
machine db2 10.77.0.12
machine node1 10.77.0.21
machine node2 10.77.0.22
machine proxy 10.77.0.31
machine people 10.77.0.41

# --- Certificates: of the database as the page makes it, of the nodes and the proxy by an authority of this trial ---
mkdir "$work/tls" "$work/patroni"
(cd "$work/tls" && eval "$(block sh certificates)") 2>/dev/null
(
  cd "$work/tls"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=Trial" -keyout ca.key -out ca.pem
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=login.example.org" -keyout key.pem -out node.csr
  printf 'subjectAltName=DNS:login.example.org\n' > node.names
  openssl x509 -req -in node.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile node.names -out chain.pem
  cat chain.pem key.pem > login.pem
) 2>/dev/null
install -d -o postgres -g postgres "$work/patroni"
for file in db.pem db.key; do install -o postgres -g postgres -m 600 "$work/tls/$file" "$work/patroni/$file"; done

# --- The database ---
say "etcd and Patroni start"
ip netns exec etcd "${first[@]}" etcd --data-dir "$work/etcd" --listen-client-urls http://10.77.0.10:2379 --advertise-client-urls http://10.77.0.10:2379 \
  > "$work/etcd.log" 2>&1 &
for n in 1 2; do
  block yaml patroni.yml | sed -e "s/name: db1/name: db$n/" -e "s/10\.77\.0\.11/10.77.0.1$n/g" \
    -e "s#/var/lib/postgresql/chancery#$work/db$n#" -e "s#/etc/patroni#$work/patroni#" > "$work/patroni$n.yml"
  # The two share one file system here, so that the sockets need folders of their own.
  install -d -o postgres -g postgres "$work/socket$n" "$work/db$n"
  chmod 700 "$work/db$n"
  sed -i "s#^  parameters:#  parameters:\n    unix_socket_directories: $work/socket$n#" "$work/patroni$n.yml"
done
start_patroni() {
  ip netns exec "db$1" setpriv --reuid=postgres --regid=postgres --init-groups env HOME=/var/lib/postgresql PGPASSFILE="$work/db$1.pass" \
    "${first[@]}" patroni "$work/patroni$1.yml" >> "$work/patroni$1.log" 2>&1 &
  echo $! > "$work/patroni$1.pid"
}
role_of() { on people curl -s -o /dev/null -w '%{http_code}' --max-time 2 "http://10.77.0.1$1:8008/$2" || true; }
limit=900
wait_for() {  # SECONDS WHAT COMMAND...
  local end=$(($(date +%s) + $1)) what=$2
  shift 2
  until "$@"; do
    [ "$(date +%s)" -lt "$end" ] || { echo "this did not happen: $what" >&2; return 1; }
    sleep 0.5
  done
}
is_role() { [ "$(role_of "$1" "$2")" = 200 ]; }
start_patroni 1
wait_for $limit "db1 is the primary" is_role 1 primary
start_patroni 2
wait_for $limit "db2 is the synchronous standby" is_role 2 sync
say "db1 is the primary, db2 its synchronous standby"

# --- The roles of the page, with passwords, and the tables ---
sql() { on db1 setpriv --reuid=postgres --regid=postgres --init-groups psql -q -v ON_ERROR_STOP=1 -h "$work/socket1" -U postgres "$@"; }
awk '/^```sql$/ { inside = 1; next } /^```$/ { if (inside) exit } inside' "$page" > "$work/roles.sql"
sql -f "$work/roles.sql"
sql -c "ALTER ROLE chancery_schema PASSWORD 'password'" -c "ALTER ROLE chancery PASSWORD 'password'"
(cd "$work" && eval "$(block sh master-key)")
# What the page has below /etc and /var is in the folder of this trial.
for n in 1 2; do
  mkdir -m 700 "$work/node$n"
  cp "$work/master.key" "$work/node$n/"
  block toml chancery.toml | sed -e "s/10\.77\.0\.21/10.77.0.2$n/" -e "s#/var/lib/chancery#$work/node$n#" \
    -e "s#/etc/chancery/tls#$work/tls#" > "$work/node$n.toml"
  chmod 600 "$work/node$n.toml"
done
chmod 600 "$work/tls/key.pem"
command() { local n=$1; shift; on "node$n" "$build/chancery" "$@" --config "$work/node$n.toml"; }
# The page's two ways to say it: to one server of a database, and to this cluster.
for way in migrate schema; do
  on node1 env PATH="$build:$PATH" CHANCERY_CONFIG="$work/node1.toml" bash -euc "$(block sh $way | sed -e "s#db.example.org#10.77.0.11#" -e "s#/etc/chancery/tls#$work/tls#")"
done
echo Meadow-Violet-2026 | command 1 account create trial --given Tri --family Al --email trial@example.org --verified --no-must-change --password-stdin

# --- Nodes and proxies ---
start_node() {
  ip netns exec "node$1" "$build/chancery" serve --config "$work/node$1.toml" >> "$work/node$1.log" 2>&1 &
  echo $! > "$work/node$1.pid"
}
is_ready() { [ "$(on people curl -s -o /dev/null -w '%{http_code}' --max-time 2 --cacert "$work/tls/ca.pem" --resolve "login.example.org:8443:10.77.0.2$1" https://login.example.org:8443/readyz)" = 200 ]; }
for n in 1 2; do start_node $n; done
for n in 1 2; do wait_for $limit "node$n is ready" is_ready $n; done
block haproxy haproxy.cfg | sed -e "s#/etc/haproxy/login.pem#$work/tls/login.pem#" -e "s#/etc/haproxy/node-ca.pem#$work/tls/ca.pem#" \
  -e "s#^global\$#global\n  stats socket $work/haproxy.sock#" > "$work/haproxy.cfg"
block nginx nginx.conf | sed -e "s#/etc/nginx/login.pem#$work/tls/chain.pem#" -e "s#/etc/nginx/login.key#$work/tls/key.pem#" -e "s#/etc/nginx/node-ca.pem#$work/tls/ca.pem#" \
  -e "s#^http {#http {\n  access_log off;\n  client_body_temp_path $work/nginx-body; proxy_temp_path $work/nginx-proxy; fastcgi_temp_path $work/nginx-fcgi; uwsgi_temp_path $work/nginx-uwsgi; scgi_temp_path $work/nginx-scgi;#" > "$work/nginx.conf"
start_proxy() {
  if [ "$1" = haproxy ]; then
    ip netns exec proxy haproxy -db -f "$work/haproxy.cfg" > "$work/haproxy.log" 2>&1 &
  else
    ip netns exec proxy nginx -e "$work/nginx.log" -c "$work/nginx.conf" -g "daemon off; pid $work/nginx.pid;" > "$work/nginx.out" 2>&1 &
  fi
  proxy=$!
  wait_for $limit "$1 answers" on people curl -s -o /dev/null --max-time 2 --cacert "$work/tls/ca.pem" --resolve login.example.org:443:10.77.0.31 https://login.example.org/
}
# What runs in the background is started with `ip netns exec` itself and not with `on`: it becomes the program, so that its
# number is that of the program and not of a shell around it.
stop() {
  kill -0 "$1"
  kill "$1"
  wait "$1" || true
}

begin_logins() {  # NAME PATIENCE in seconds: how long one login may be tried again
  : > "$work/stop-$1"
  phase=$1
  ip netns exec people env NODE_EXTRA_CA_CERTS="$work/tls/ca.pem" node tests/harness/cluster_logins.mjs "$work/stop-$1" "$2" > "$work/logins-$1.log" 2>&1 &
  logins=$!
  more_logins
}
# Waits for eight logins more: without them a machine that is slow enough would pass because nobody came.
count_logins() { cat "$work/stop-$phase.count" 2>/dev/null || echo 0; }
have_logged_in() {
  kill -0 "$logins" 2>/dev/null || { cat "$work/logins-$phase.log" >&2; exit 1; }
  [ "$(count_logins)" -ge "$1" ]
}
more_logins() { wait_for $limit "people log in" have_logged_in $(($(count_logins) + 8)); }
end_logins() {
  more_logins
  rm "$work/stop-$1"
  wait "$logins" || { cat "$work/logins-$1.log" >&2; echo "logins failed while: $2" >&2; exit 1; }
  say "$2: $(tail -n 1 "$work/logins-$1.log")"
}

# HAProxy's own word. nginx asks nobody: it leaves a node out for fail_timeout (2 s) after it did not answer.
has_seen_haproxy() {
  python3 -c 'import socket, sys
door = socket.socket(socket.AF_UNIX)
door.connect(sys.argv[1])
door.sendall(b"show stat\n")
rows = [line.split(",") for line in door.makefile().read().splitlines()]
sys.exit(not any(row[:2] == ["nodes", sys.argv[2]] and "UP" in row for row in rows))' "$work/haproxy.sock" "node$1"
}
has_seen_nginx() { sleep 3; }

for kind in haproxy nginx; do
  start_proxy $kind
  begin_logins "$kind" 0
  for n in 1 2; do
    stop "$(cat "$work/node$n.pid")"
    is_ready $n && { echo "node$n answers after its end" >&2; exit 1; }
    more_logins
    start_node $n
    wait_for $limit "node$n is ready again" is_ready $n
    wait_for $limit "$kind has seen it" has_seen_$kind $n
    more_logins
  done
  end_logins "$kind" "both nodes were restarted behind $kind"
  [ $kind = nginx ] || stop "$proxy"
done

patronictl() { on db1 env LC_ALL=C.UTF-8 patronictl -c "$work/patroni1.yml" "$@"; }
begin_logins switchover $limit
eval "$(grep -o 'patronictl -c patroni.yml switchover [a-z0-9 -]*--force' "$page" | sed 's/ -c patroni.yml//')" > "$work/switchover.log" 2>&1
wait_for $limit "db2 is the primary" is_role 2 primary
wait_for $limit "db1 is the synchronous standby" is_role 1 sync
end_logins switchover "the database was switched over"

begin_logins failover $limit
kill -KILL "$(cat "$work/patroni2.pid")"
pkill -KILL -f "postgres.*$work/db2" || true
wait_for $limit "db1 is the primary again" is_role 1 primary
end_logins failover "the primary was killed"

# --- What was acknowledged is there ---
acknowledged=$(cat "$work"/logins-*.log | sed -n 's/^\([0-9]*\) logins.*/\1/p' | paste -sd+ | bc)
recorded=$(command 1 audit export | grep -c '"type":"login","outcome":"success"')
[ "$recorded" -ge "$acknowledged" ] || { echo "$acknowledged logins were acknowledged, and $recorded are recorded" >&2; exit 1; }
command 1 audit verify
say "$acknowledged logins were acknowledged and are recorded; the audit log is intact"
for n in 1 2; do stop "$(cat "$work/node$n.pid")"; done
