"""What other tools call a command or an option, and what it is here."""

from __future__ import annotations

INSTEAD = {
    "version": "`release-sync publish minor` makes a new version and releases it; `release-sync"
    " status` shows the present ones, `release-sync -V` the program's own",
    "release": "`release-sync publish`",
    "deploy": "`release-sync publish`",
    "upload": "`release-sync publish`; what is pending `release-sync resume` uploads",
    "build": "`release-sync prepare` builds and seals; `uv build --all-packages` only builds",
    "tag": "`release-sync publish` tags what it has released",
    "lint": "`release-sync check`",
    "validate": "`release-sync check`",
    "fix": "`release-sync check --fix`",
    "diff": "`release-sync plan`",
    "dry-run": "`release-sync plan`",
    "continue": "`release-sync resume`",
    "undo": "`release-sync abort`",
    "rollback": "`release-sync abort`",
    "yank": "an index yanks on its own site; `release-sync abort --abandon` gives up a release"
    " that is uploaded in part",
    "install": "`release-sync init --pre-commit` or `release-sync init --git-hooks`",
    "rules": "`release-sync explain`",
    "list": "`release-sync status`",
    "--level": "the level has no option: `release-sync change minor`, `publish minor`",
    "--json": "it goes after the name of a command that reports: `release-sync plan --json`",
    **dict.fromkeys(
        ("-n", "--dry-run"),
        "it goes after the name of a command that does something: `release-sync publish -n`",
    ),
    **dict.fromkeys(
        ("-y", "--yes"),
        "it goes after the name of a command that asks: `release-sync publish -y`",
    ),
    "--sign": "the tag is signed where git signs tags (`tag.gpgSign`)",
    "--no-confirm": "`-y` doesn't ask",
    "--no-input": "`-y` doesn't ask",
    "--execute": "`release-sync publish` asks, and then does it; `-n` only shows it",
    "--skip-publish": "`release-sync prepare` does all but upload, and `resume` finishes it",
    "--no-publish": "`release-sync prepare` does all but upload, and `resume` finishes it",
    "--skip-existing": "what is on the index already is compared with what was sealed",
    "--no-push": "`--land none` uploads, and pushes neither branch nor tag",
    "--no-tag": "`--land none` uploads, and pushes neither branch nor tag",
    "--no-verify": "nothing is uploaded that was not verified",
    "--allow-dirty": "a release is made of the commit; what is not committed is left alone",
    "--patch": "`patch`, `minor` and `major` stand without dashes",
    "--minor": "`patch`, `minor` and `major` stand without dashes",
    "--major": "`patch`, `minor` and `major` stand without dashes",
    **dict.fromkeys(
        ("--repo", "--rev"), "`--source URL@REV` names both the repository and the revision"
    ),
    "--force": "nothing here is forced: see what stands in the way with `release-sync plan`",
}
"""What other tools call a command or an option, and the hint for who types it here."""
