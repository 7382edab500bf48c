#!/bin/sh
# The PostgreSQL that the tests use: server.sh start|stop FOLDER; and what happens to servers: kill, halt, and start_again
# with what was there; freeze and thaw; keep its data as a standby has it, stand_by with what was kept, and promote. With SERVER_DISK=SIZE its
# data, and with SERVER_WAL_DISK=SIZE its WAL, lies on a disk of that size (root only), which `grow` makes large. FOLDER/socket names the folder of its socket. The data lies in a short path of its own: socket paths are limited to
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
  for disk in "$home/data" "$home/wal"; do
    ! mountpoint -q "$disk" || umount -l "$disk"
  done
  rm -rf "$home" "$folder/socket"
}

# A disk of a size, for the server.
add_disk() {
  mkdir "$1"
  mount -t tmpfs -o "size=$2,mode=0700,uid=$(id -u nobody),gid=$(id -g nobody)" tmpfs "$1"
}

start_again() {
  # Blocks of 512 bytes in sh. The server ignores the signal, and its write is short.
  [ -z "${SERVER_FILE_LIMIT:-}" ] || ulimit -S -f "$((SERVER_FILE_LIMIT * 2))"
  as_server "$bin/pg_ctl" -D "$home/data" -l "$home/log" -w start >/dev/null || { cat "$home/log" >&2; exit 1; }
}

start() {
  stop
  mkdir -p "$folder"
  home=$(mktemp -d /tmp/engine-tests.XXXXXX)
  [ "$(id -u)" = 0 ] && chown nobody:nogroup "$home"
  chmod 755 "$home"
  cd "$home"
  [ -z "${SERVER_DISK:-}" ] || add_disk "$home/data" "$SERVER_DISK"
  [ -z "${SERVER_WAL_DISK:-}" ] || add_disk "$home/wal" "$SERVER_WAL_DISK"
  as_server "$bin/initdb" -D "$home/data" ${SERVER_WAL_DISK:+-X "$home/wal"} -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$folder/initdb.log" 2>&1 ||
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
  start_again
  psql -qX -h "$home" -U postgres -d postgres -c "CREATE ROLE with_password LOGIN PASSWORD 'correct-horse'"
  echo "$home" >"$folder/socket"
}

# As by the loss of its machine: all of its processes at once, none of which can tidy up.
kill_all() {
  postmaster=$(head -n 1 "$home/data/postmaster.pid")
  kill -STOP "$postmaster"
  processes="$postmaster $(cat "/proc/$postmaster/task/$postmaster/children")"
  kill -KILL $processes
  # The next start takes a process that nobody has reaped yet for a living one.
  for wait in $(seq 200); do
    left=
    for process in $processes; do
      [ ! -e "/proc/$process" ] || left=$process
    done
    [ -n "$left" ] || return 0
    sleep 0.01
  done
  rm -f "$home/data/postmaster.pid" "$home/.s.PGSQL.5432.lock"
}

# A machine that acknowledges and does nothing: all processes stopped, the postmaster first, so that it makes no more.
signal_all() {
  postmaster=$(head -n 1 "$home/data/postmaster.pid")
  [ "$1" = CONT ] || kill "-$1" "$postmaster"
  kill "-$1" $(cat "/proc/$postmaster/task/$postmaster/children") 2>/dev/null || true
  [ "$1" != CONT ] || kill "-$1" "$postmaster"
}

case $action in
  start) start ;;
  stop) stop ;;
  kill | halt | start_again | keep | stand_by | promote | grow | freeze | thaw)
    home=$(cat "$folder/socket")
    cd "$home"
    case $action in
      kill) kill_all ;;
      halt) as_server "$bin/pg_ctl" -D "$home/data" -m immediate -w stop >/dev/null ;;
      start_again) start_again ;;
      freeze) signal_all STOP ;;
      thaw) signal_all CONT ;;
      keep)
        # Nothing moves while it is copied, and no client notices.
        signal_all STOP
        cp -a "$home/data" "$home/kept"
        signal_all CONT
        rm "$home/kept/postmaster.pid"
        ;;
      stand_by)
        as_server "$bin/pg_ctl" -D "$home/data" -m immediate -w stop >/dev/null
        rm -rf "$home/data"
        mv "$home/kept" "$home/data"
        as_server touch "$home/data/standby.signal"
        start_again
        ;;
      promote) as_server "$bin/pg_ctl" -D "$home/data" -w promote >/dev/null ;;
      grow)
        for disk in "$home/data" "$home/wal"; do
          ! mountpoint -q "$disk" || mount -o remount,size=1g "$disk"
        done
        ;;
    esac
    ;;
  *) echo "usage: server.sh start|stop|kill|halt|start_again|freeze|thaw|keep|stand_by|promote|grow FOLDER" >&2; exit 2 ;;
esac
