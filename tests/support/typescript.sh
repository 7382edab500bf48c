#!/bin/sh
# typescript.sh FOLDER: the TypeScript compiler and Supabase's client in FOLDER, from npm where they are not there yet.
set -eu
folder=$1
[ -x "$folder/node_modules/.bin/tsc" ] && [ -d "$folder/node_modules/@supabase/supabase-js" ] && exit 0
mkdir -p "$folder"
# Node trusts a list of its own; behind a company's proxy only the system's knows who signs.
bundle=/etc/ssl/certs/ca-certificates.crt
[ -n "${NODE_EXTRA_CA_CERTS:-}" ] || [ ! -f $bundle ] || export NODE_EXTRA_CA_CERTS=$bundle
npm install --silent --fetch-retries=2 --fetch-timeout=30000 --no-fund --no-audit --prefix "$folder" typescript@5.9.3 @supabase/supabase-js@2.49.4
