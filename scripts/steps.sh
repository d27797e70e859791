# Sourced by the other scripts: named steps that say how long they took, and one way to fail.
# shellcheck shell=bash

cd "$(dirname "${BASH_SOURCE[0]}")/.."

# step NAME COMMAND...: runs the command, prints its duration, passes its failure on.
step() {
  local name=$1 started=$SECONDS status=0
  shift
  printf '== %s\n' "$name"
  "$@" || status=$?
  printf '== %s: %s after %d s\n' "$name" "$([ "$status" = 0 ] && echo done || echo FAILED)" "$((SECONDS - started))"
  return "$status"
}

# fail MESSAGE: says what is wrong and ends the script.
fail() {
  printf 'error: %s\n' "$1" >&2
  exit 1
}
