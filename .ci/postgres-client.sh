#!/usr/bin/env bash
# psql and pg_dump of the twin's major version, which are older or absent on most machines: pg_dump refuses a newer server.
# Usage: bash .ci/postgres-client.sh FOLDER [MAJOR]   gives FOLDER/bin/psql and FOLDER/bin/pg_dump; default 18
# Needs Debian's apt-get, no root. A second call does nothing.
set -euo pipefail
. "$(dirname "$0")/debian-packages.sh"
mkdir -p "${1:?the folder to put it in}"
folder=$(cd "$1" && pwd)
major=${2:-18}

if [ ! -x "$folder/bin/pg_dump" ]; then
  root=$folder/root
  rm -rf "$root"
  unpack_debian "$(debian_release_of_postgres "$major")" "$root" "postgresql-client-$major" >"$folder/log" 2>&1 ||
    { tail -5 "$folder/log" >&2; exit 1; }
  loader=$(find "$root/usr/lib64" "$root/usr/lib" -maxdepth 1 -name 'ld-linux*.so.*' | head -1)
  libraries=$(dirname "$(find "$root/usr/lib" -name 'libpq.so.5' | head -1)")
  mkdir -p "$folder/bin.new"
  for program in psql pg_dump; do
    # With the libraries of its own release, its libc among them: this machine's may be older.
    printf '#!/bin/sh\nexec "%s" --library-path "%s" --argv0 %s "%s" "$@"\n' \
      "$loader" "$libraries" "$program" "$root/usr/lib/postgresql/$major/bin/$program" >"$folder/bin.new/$program"
    chmod 755 "$folder/bin.new/$program"
  done
  # Last and at once, so that a call that broke off is made again.
  mv "$folder/bin.new" "$folder/bin"
fi
"$folder/bin/psql" --version
"$folder/bin/pg_dump" --version
