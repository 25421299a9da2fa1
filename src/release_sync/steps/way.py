"""The ways in which a release lands."""

from __future__ import annotations

from enum import Enum


class Way(Enum):
    """The ways of landing: what is pushed, beside the removal of the pending ref."""

    PUSH = "push"
    """The branch and the tag."""
    BRANCH = "branch"
    """A branch for a pull request, and the tag."""
    TAG = "tag"
    """The tag alone: the candidate is on the branch already, or never comes there."""
    NONE = "none"
    """Neither: the seal is kept beside the tags."""


def way_of(way: Way, *, commits: bool) -> Way:
    """Return the way in which a release lands that was to land in another one.

    One that makes no commit brings nothing to a branch, which has its commit already.
    """
    return way if commits or way is Way.NONE else Way.TAG


def pull_request_branch(tag: str) -> str:
    """Return the branch for a pull request that brings a release in."""
    return f"release/{tag}"
