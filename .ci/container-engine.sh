#!/usr/bin/env bash
# A container engine of its own in a folder, with images of Postgres, where a machine has none and can pull none.
# Usage: bash .ci/container-engine.sh start FOLDER [MAJOR...]   then: . FOLDER/env; default majors: 15 18
#        bash .ci/container-engine.sh stop FOLDER               ends this engine and no other, and removes the folder
# Needs root on Debian. What it says is in FOLDER/log. A second start in the same folder does only what is missing.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
action=${1:?start or stop}
folder=${2:?the folder of the engine}
shift 2

fail() { echo "container engine: $*" >&2; exit 1; }
# The last words of what failed, beside where the rest is.
explain() { tail -5 "$folder/log" >&2; fail "$1 (log: $folder/log)"; }

# The engine of this folder, and not whoever got its number after it ended.
engine_pid() {
  local pid
  pid=$(cat "$folder/dockerd.pid" 2>/dev/null) || return 1
  tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF -- "--data-root $folder/data " || return 1
  echo "$pid"
}

answers() { timeout 5 docker version --format '{{.Server.Version}}' >>"$folder/log" 2>&1; }

install_engine() {
  if command -v dockerd >/dev/null && command -v docker >/dev/null; then return; fi
  command -v apt-get >/dev/null || fail 'there is neither dockerd nor apt-get here'
  # The gate installs other packages at the same time.
  DEBIAN_FRONTEND=noninteractive timeout 300 apt-get -o DPkg::Lock::Timeout=240 install -y -q \
    --no-install-recommends docker.io $(apt-cache show docker-cli >/dev/null 2>&1 && echo docker-cli) </dev/null
}

start_engine() {
  if answers; then return; fi
  if engine_pid >/dev/null; then fail "the engine of $folder runs and does not answer: stop it first"; fi
  [ -e /sys/class/net/docker0 ] || : >"$folder/bridge-is-ours"
  # On loopback only, and without rules of a firewall: its own proxy serves the ports, and nothing is left of them.
  setsid dockerd --data-root "$folder/data" --exec-root "$folder/exec" --pidfile "$folder/dockerd.pid" \
    -H "$DOCKER_HOST" --ip 127.0.0.1 --iptables=false --ip-forward=false --ip-masq=false \
    </dev/null >>"$folder/log" 2>&1 &
  local deadline=$((SECONDS + 60))
  until answers; do
    [ "$SECONDS" -lt "$deadline" ] || explain 'dockerd did not answer within 60 s'
    sleep 0.5
  done
}

start() {
  [ "$(id -u)" = 0 ] || fail 'only root can start one'
  mkdir -p "$folder"
  folder=$(cd "$folder" && pwd)
  export DOCKER_HOST=unix://$folder/docker.sock
  install_engine >>"$folder/log" 2>&1 || explain 'docker.io could not be installed'
  start_engine
  local images=() major
  [ "$#" -gt 0 ] || set -- 15 18
  for major in "$@"; do
    timeout 600 bash "$here/postgres-image/build.sh" "$major" >>"$folder/log" 2>&1 || explain "no image of Postgres $major"
    images+=("postgres:$major-local")
  done
  # The reaper's image cannot be had where no image can be pulled. And ports are served on loopback: in a machine that is
  # itself a container, Testcontainers would look for them at the bridge.
  cat >"$folder/env" <<ENV
export DOCKER_HOST=$DOCKER_HOST
export TESTCONTAINERS_RYUK_DISABLED=true
export TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1
export KUNREN_POSTGRES_IMAGE=$(IFS=,; echo "${images[*]}")
ENV
}

stop() {
  [ -d "$folder" ] || return 0
  folder=$(cd "$folder" && pwd)
  local pid deadline=$((SECONDS + 30)) mount
  if pid=$(engine_pid); then
    # It ends its containers and its containerd before itself.
    kill "$pid"
    while engine_pid >/dev/null; do
      [ "$SECONDS" -lt "$deadline" ] || kill -9 "$pid"
      sleep 0.2
    done
  fi
  awk -v under="$folder/" 'index($2, under) == 1 { print $2 }' /proc/mounts | sort -r | while read -r mount; do
    umount "$mount" || umount -l "$mount"
  done
  if [ -e "$folder/bridge-is-ours" ]; then ip link delete docker0 2>/dev/null || true; fi
  rm -rf "$folder"
}

case "$action" in
  start) start "$@" ;;
  stop) stop ;;
  *) fail "no such action: $action" ;;
esac
