#!/bin/bash
# demo.sh [--break agent|response|registration]: the main job, from nothing to an answer.
#
# Gets what is needed, builds, installs into a scratch prefix of its own (never yours)
# and there runs the enforcement client of examples/, step by step. --break breaks one
# link of the chain, to show that the demo then fails:
#   agent         the service is stopped and disabled before the client starts
#   response      one byte of the decision is changed on its way back
#   registration  the enforcement client is not registered
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/tools/wine-env.sh"

usage() { echo "demo.sh: unknown '$1'; usage: demo.sh [--break agent|response|registration]" >&2; exit 2; }

broken=""
case $#:${1:-} in
    0:) ;;
    2:--break) case $2 in agent | response | registration) broken=$2 ;; *) usage "$2" ;; esac ;;
    *) usage "$*" ;;
esac

"$root/tools/deps.sh" demo || exit 1
"$root/tools/build.sh" --no-tests win64 || exit 1
wine_env || exit 1
unset WINEPREFIX WINEDLLOVERRIDES

echo "demo.sh: making a scratch prefix"
trap 'drop_prefix' EXIT
trap 'exit 130' INT TERM
scratch_prefix || exit 1
"$root/tools/setup.sh" install --only-64-bit || exit 1

# The steps, each with what it must show. $broken says which link to break.
