#!/bin/sh
# Hold what is staged, pushed or received in lockstep; this file's name says which of them.
# For `git config core.hooksPath hooks`, or to be copied into a repository's own hooks.
stage=${0##*/}
stage=${stage%.legacy} # pre-commit and prek rename a hook that they find, and call it

find_hook() {
    # In a linked worktree the environment is beside the main one's git directory; on Windows the
    # programs of an environment are in Scripts.
    ls .venv/bin/release-sync-hook 2>/dev/null ||
        ls .venv/Scripts/release-sync-hook 2>/dev/null ||
        ls "$(git rev-parse --git-common-dir)/../.venv/bin/release-sync-hook" 2>/dev/null ||
        ls "$(git rev-parse --git-common-dir)/../.venv/Scripts/release-sync-hook" 2>/dev/null ||
        command -v release-sync-hook ||
        below
}

below() {
    # A workspace in a folder of the repository has its environment there.
    for hook in */.venv/*/release-sync-hook */*/.venv/*/release-sync-hook; do
        [ -x "$hook" ] && echo "$hook" && return
    done
    return 1
}

if ! hook=$(find_hook); then
    echo "error: release-sync-hook was found neither in .venv nor on PATH: $stage was not checked" >&2
    echo "hint: install release-sync (in its own repository: make environment)" >&2
    exit 1
fi
case $hook in
    */Scripts/*) exec "${hook%/*}/python.exe" "$hook" "$stage" ;; # there no script starts by itself
esac
exec "$hook" "$stage"
