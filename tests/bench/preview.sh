#!/bin/sh
# How long a preview of many tables takes, beside `pg_dump -s | psql` of the same schema in the same run:
#   preview.sh ENGINE [TABLES…]       20, 200 and 2000 unless told
# Each table has a primary key, a foreign key with its index, a check, a trigger, a policy and fifty rows; the plan touches one of
# them. The goals are those of this kind of machine (2 cores) when it has nothing else to do.
set -eu
engine=$1
shift
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d /tmp/engine-bench.XXXXXX)
"$here/../support/server.sh" start "$folder/server"
socket=$(cat "$folder/server/socket")
trap '"$here/../support/server.sh" stop "$folder/server"; rm -rf "$folder"' EXIT
export PGHOST="$socket" PGUSER=postgres PGOPTIONS="-c client_min_messages=warning"

schema() {
  cat <<'SQL'
CREATE SCHEMA app;
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at = now(); RETURN NEW; END $$;
CREATE TABLE app.t0 (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text);
SQL
  for i in $(seq "$1"); do
    cat <<SQL
CREATE TABLE app.t$i (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), parent uuid REFERENCES app.t$((i - 1)), title text NOT NULL,
  kind text CHECK (kind <> ''), data jsonb DEFAULT '{}', created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now());
CREATE INDEX ON app.t$i (parent);
CREATE TRIGGER touch BEFORE UPDATE ON app.t$i FOR EACH ROW EXECUTE FUNCTION app.touch();
ALTER TABLE app.t$i ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON app.t$i USING (parent IS NOT NULL);
INSERT INTO app.t$i (title) SELECT 't' || n FROM generate_series(1, 50) n;
SQL
  done
}

cat >"$folder/plan.lua" <<'LUA'
return plan "Bench" {
  step "Add" {
    run      = sql [[ ALTER TABLE app.t5 ADD COLUMN note text; UPDATE app.t5 SET note = 'x' WHERE title = 'none' ]],
    rollback = sql [[ ALTER TABLE app.t5 DROP COLUMN note ]],
  },
}
LUA

seconds() { # of a command; its output goes to a file
  from=$(date +%s%N)
  "$@" >"$folder/output" 2>&1 || { cat "$folder/output" >&2; exit 1; }
  awk -v from="$from" -v to="$(date +%s%N)" 'BEGIN { printf "%.2f", (to - from) / 1e9 }'
}

dump_and_load() { pg_dump -s "$1" | psql -qX -d "$2"; }

# The first shadow of a machine makes the template that later ones are copies of.
createdb warm
psql -qX -d warm -c "CREATE SCHEMA app; CREATE TABLE app.t5 (id int PRIMARY KEY, title text)"
cd "$folder"
seconds "$engine" preview plan.lua -d "host=$socket user=postgres dbname=warm" --fail-on never >/dev/null

printf '%8s %12s %18s %8s %8s\n' tables "preview (s)" "pg_dump|psql (s)" ratio "goal (s)"
for tables in ${*:-20 200 2000}; do
  case $tables in 20) goal=1.5 ;; 200) goal=5 ;; 2000) goal=30 ;; *) goal=- ;; esac
  createdb "from_$tables"
  createdb "to_$tables"
  { echo 'BEGIN;'; schema "$tables"; echo 'COMMIT; ANALYZE;'; } | psql -qX -v ON_ERROR_STOP=1 -d "from_$tables"
  beside=$(seconds dump_and_load "from_$tables" "to_$tables")
  took=$(seconds "$engine" preview plan.lua -d "host=$socket user=postgres dbname=from_$tables" --fail-on never)
  awk -v n="$tables" -v a="$took" -v b="$beside" -v g="$goal" 'BEGIN { printf "%8d %12.2f %18.2f %8.1f %8s\n", n, a, b, a / b, g }'
done
