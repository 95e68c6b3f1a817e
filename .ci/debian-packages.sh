# Sourced. Packages of any Debian release, unpacked into a folder: nothing is installed on this machine, and no script
# of a package runs, so that it takes seconds and asks for no root.

# The Debian release that carries a major version of Postgres: each release carries one.
debian_release_of_postgres() {
  case "$1" in
    15) echo bookworm ;;
    17) echo trixie ;;
    18) echo forky ;;
    *) echo "No Debian release known here carries Postgres $1: name 15, 17 or 18." >&2; return 1 ;;
  esac
}

# The mirror that this machine's own apt uses: the first of Debian that is not for security or updates only.
debian_mirror() {
  local found
  found=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' 'Origin: Debian' |
    awk '$2 !~ /-/ { print $1; exit }')
  [ -n "$found" ] || { echo 'apt knows no mirror of Debian: run apt-get update first.' >&2; return 1; }
  echo "$found"
}

# unpack_debian RELEASE FOLDER PACKAGE...: these packages and all that they depend on.
unpack_debian() {
  local release=$1 folder=$2 state mirror
  shift 2
  mirror=$(debian_mirror) || return 1
  # Of its own, so that it neither changes what this machine's apt knows nor waits for its lock.
  state=$(mktemp -d)
  mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
  : >"$state/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $release main" >"$state/sources.list"
  cat >"$state/apt.conf" <<CONF
Dir::State "$state";
Dir::State::status "$state/status";
Dir::Cache "$state/cache";
Dir::Etc::sourcelist "$state/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
Acquire::Retries "3";
CONF
  local status=0
  fetch_and_unpack "$state" "$folder" "$@" || status=$?
  rm -rf "$state"
  return "$status"
}

fetch_and_unpack() {
  local state=$1 folder=$2 deb
  shift 2
  APT_CONFIG="$state/apt.conf" timeout 180 apt-get update -q || return 1
  APT_CONFIG="$state/apt.conf" timeout 300 apt-get install -y -q --no-install-recommends --download-only "$@" || return 1
  # Of releases in which /bin and its like are links, made by a script that does not run here.
  mkdir -p "$folder"/usr/{bin,sbin,lib,lib64}
  for deb in bin sbin lib lib64; do ln -sfn "usr/$deb" "$folder/$deb"; done
  for deb in "$state"/cache/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink -C "$folder" || return 1
  done
}
