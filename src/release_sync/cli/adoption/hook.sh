#!/bin/sh
# Hold what is staged, pushed or received in lockstep; this file's name says which of them.
# For `git config core.hooksPath hooks`, or to be copied into a repository's own hooks.
stage=${0##*/}

find_hook() {
    # In a linked worktree the environment is beside the main one's git directory.
    ls .venv/bin/release-sync-hook 2>/dev/null ||
        ls "$(git rev-parse --git-common-dir)/../.venv/bin/release-sync-hook" 2>/dev/null ||
        command -v release-sync-hook
}

if ! hook=$(find_hook); then
    echo "error: release-sync-hook was found neither in .venv nor on PATH: $stage was not checked" >&2
    echo "hint: install release-sync (in its own repository: make environment)" >&2
    exit 1
fi
exec "$hook" "$stage"
