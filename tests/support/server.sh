#!/bin/sh
# The PostgreSQL that the tests use: server.sh start|stop FOLDER
# FOLDER/socket names the folder of its socket. The data lies in a short path of its own: socket paths are limited to
# 107 bytes, and the server's user may not be able to reach the build folder.
set -eu
action=$1 folder=$2

bin=${PG_BIN:-}
if [ -z "$bin" ]; then
  for candidate in /usr/lib/postgresql/*/bin; do
    [ -x "$candidate/initdb" ] && bin=$candidate
  done
fi
[ -n "$bin" ] || { echo "no PostgreSQL server found: install postgresql or set PG_BIN" >&2; exit 1; }

# The server refuses to run as root.
as_server() {
  if [ "$(id -u)" = 0 ]; then
    setpriv --reuid=nobody --regid=nogroup --clear-groups -- "$@"
  else
    "$@"
  fi
}

stop() {
  [ -f "$folder/socket" ] || return 0
  home=$(cat "$folder/socket")
  [ -d "$home/data" ] && (cd "$home" && as_server "$bin/pg_ctl" -D "$home/data" -m immediate -w stop) >/dev/null 2>&1 || true
  rm -rf "$home" "$folder/socket"
}

start() {
  stop
  mkdir -p "$folder"
  home=$(mktemp -d /tmp/engine-tests.XXXXXX)
  [ "$(id -u)" = 0 ] && chown nobody:nogroup "$home"
  chmod 755 "$home"
  cd "$home"
  as_server "$bin/initdb" -D "$home/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$folder/initdb.log" 2>&1 ||
    { cat "$folder/initdb.log" >&2; exit 1; }
  as_server sh -c "cat >>'$home/data/postgresql.conf'" <<CONF
listen_addresses = ''
unix_socket_directories = '$home'
fsync = off
max_connections = 200
max_locks_per_transaction = 256
max_prepared_transactions = 5
wal_level = logical
log_min_messages = warning
CONF
  as_server sh -c "sed -i '1i local all with_password scram-sha-256' '$home/data/pg_hba.conf'"
  as_server "$bin/pg_ctl" -D "$home/data" -l "$home/log" -w start >/dev/null || { cat "$home/log" >&2; exit 1; }
  psql -qX -h "$home" -U postgres -d postgres -c "CREATE ROLE with_password LOGIN PASSWORD 'correct-horse'"
  echo "$home" >"$folder/socket"
}

case $action in
  start) start ;;
  stop) stop ;;
  *) echo "usage: server.sh start|stop FOLDER" >&2; exit 2 ;;
esac
