#!/bin/sh
# The whole story on a real package, in a scratch directory that is removed at the end.
set -eu

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM
cd "$scratch"

# Quiet, and without building the optional native parts that nothing here runs.
export npm_config_audit=false npm_config_fund=false npm_config_update_notifier=false npm_config_loglevel=error
export npm_config_ignore_scripts=true npm_config_omit=optional

bold= plain=
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
  bold=$(printf '\033[1m') plain=$(printf '\033[0m')
fi

step() {
  printf '\n%s== %s%s\n' "$bold" "$1" "$plain"
}

run() {
  printf '%s$ %s%s\n' "$bold" "$*" "$plain"
  "$@"
}

step 'A project with Socket.IO 0.9.13, as npm installs it'
echo '{ "name": "demo", "version": "1.0.0", "private": true }' > package.json
run npm install socket.io@0.9.13
before=$(cksum < node_modules/socket.io/lib/manager.js)

step 'What is wrong with it?'
run sio-patch status

step 'What would change?'
run sio-patch diff node_modules/socket.io

step 'Repair it'
run sio-patch apply node_modules/socket.io

step 'A second time: nothing to do'
run sio-patch apply node_modules/socket.io

step 'And back again'
run sio-patch revert node_modules/socket.io

if [ "$before" = "$(cksum < node_modules/socket.io/lib/manager.js)" ] && [ ! -e node_modules/socket.io/.sio-patch.json ]; then
  printf '\nlib/manager.js is byte for byte what npm had installed, and no receipt is left.\n'
else
  printf '\nlib/manager.js is not what npm had installed.\n' >&2
  exit 1
fi
