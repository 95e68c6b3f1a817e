#!/usr/bin/env bash
# An image of Postgres made of Debian's packages, for machines that can pull none: it behaves like the official one.
# Usage: bash .ci/postgres-image/build.sh MAJOR   gives postgres:MAJOR-local in the engine of DOCKER_HOST
# Needs root on Debian: the owners of files in an image are kept. A second call does nothing.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../debian-packages.sh"
major=${1:?a major version of Postgres}
image=postgres:$major-local

if docker image inspect "$image" >/dev/null 2>&1; then exit 0; fi
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 755 "$root"
# The essential packages that the entry point, Postgres's archive commands and Testcontainers' checks of ports use.
unpack_debian "$(debian_release_of_postgres "$major")" "$root" \
  base-files bash coreutils dash findutils gzip mawk sed tar util-linux "postgresql-$major"

# What scripts of the packages would have done.
printf 'root:x:0:0:root:/root:/bin/bash\npostgres:x:999:999::/var/lib/postgresql:/bin/bash\n' >"$root/etc/passwd"
printf 'root:x:0:\npostgres:x:999:\n' >"$root/etc/group"
ln -sf mawk "$root/usr/bin/awk"
rm -rf "$root/var/run"
ln -s /run "$root/var/run"
echo "listen_addresses = '*'" >>"$root/usr/share/postgresql/$major/postgresql.conf.sample"
install -d -m 1777 "$root/tmp"
install -d -o 999 -g 999 -m 0755 "$root/run/postgresql" "$root/var/lib/postgresql"
install -D -m 0755 "$here/entrypoint.sh" "$root/usr/local/bin/docker-entrypoint.sh"
# Documents and Perl's library, a third of the whole; no program in use needs them.
rm -rf "$root"/usr/share/{doc,man,locale,perl} "$root"/usr/lib/*/perl*

tar -C "$root" -c . | docker import \
  --change "ENV PATH=/usr/lib/postgresql/$major/bin:/usr/local/bin:/usr/bin:/usr/sbin" \
  --change "ENV PGDATA=/var/lib/postgresql/$major/docker" \
  --change 'ENV LANG=C.UTF-8' \
  --change 'ENTRYPOINT ["docker-entrypoint.sh"]' \
  --change 'CMD ["postgres"]' \
  --change 'EXPOSE 5432' \
  - "$image"
