"""What an index told of a project: the page, or why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from packaging.version import Version

from release_sync.steps.uploading.served import Reply

if TYPE_CHECKING:
    from pypi_simple import DistributionPackage, ProjectPage


class Told(NamedTuple):
    """The kind of an answer, with the page where it is one; and why there is no answer."""

    reply: Reply
    page: ProjectPage | None = None
    why: str = ""

    @property
    def files(self) -> tuple[DistributionPackage, ...] | None:
        """The files that are there; None where nobody knows."""
        if self.page is not None:
            return tuple(self.page.packages)
        return () if self.reply is Reply.NOT_FOUND else None


def version_of(file: DistributionPackage) -> Version | None:
    """Return the version in a file's name; None for a name without one."""
    return parsed(file.version or "")


def parsed(text: str) -> Version | None:
    """Return a version (PEP 440); None for what is none."""
    try:
        return Version(text)
    except ValueError:  # InvalidVersion, or more digits than Python makes a number of
        return None
