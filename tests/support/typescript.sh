#!/bin/sh
# typescript.sh FOLDER: the TypeScript compiler and Supabase's client in FOLDER, from npm where they are not there yet.
set -eu
folder=$1
[ -x "$folder/node_modules/.bin/tsc" ] && [ -d "$folder/node_modules/@supabase/supabase-js" ] && exit 0
mkdir -p "$folder"
npm install --silent --no-fund --no-audit --prefix "$folder" typescript@5.9.3 @supabase/supabase-js@2.49.4
