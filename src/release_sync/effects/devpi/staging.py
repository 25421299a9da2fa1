"""The stages of a devpi-server: each is an index of whoever uploads, and is named by a seal."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from packaging.version import Version

from release_sync.effects.devpi.login import devpi_login
from release_sync.effects.devpi.server import DevpiServer, is_missing
from release_sync.effects.index.package_index import PackageIndex
from release_sync.effects.index.time_out import time_out
from release_sync.effects.uv.credentials import PASSWORD, TOKEN, USERNAME
from release_sync.errors import Problem, Refused, Taken
from release_sync.seals.fields import printable
from release_sync.steps.observed import Observed, to_nobody

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from release_sync.effects.index.address import Address
    from release_sync.effects.uv.commands import Uv
    from release_sync.seals.artifact import Artifact

PREFIX = "rs-"
LENGTH = 16
"""How much of a seal's object name is in that of its stage."""

_PATH = 2
"""The components that name an index: its owner's name, and its own."""

_LOGGED_IN = "ok"
_WITHOUT_LOGIN = (401, 403)


class _Named(NamedTuple):
    """Where a server is, and the name of an index on it: ``USER/INDEX``."""

    server: str
    name: str


class DevpiStaging:
    """The stages beside the index of an address. Implements the port ``Staging``.

    Nothing is asked, and no login is looked for, before the first use: most indexes are no devpi's.
    """

    def __init__(self, address: Address, uv: Uv, folder: Path) -> None:
        """Hold the address of the target; ``uv`` runs in ``folder``."""
        self.address = address
        self.uv = uv
        self.folder = folder
        self.why = ""
        self._stages: dict[str, PackageIndex] = {}

    def name(self, seal: str) -> str:
        """Return ``USER/rs-…``; without the user, as long as none is known."""
        user = self.__dict__.get("user")
        return f"{user}/{_called(seal)}" if user else _called(seal)

    def look_up(self, seal: str, artifact: Artifact) -> Observed:
        """Compare what the stage serves; who is refused or not answered knows nothing."""
        try:
            stage = self._stage(seal)
        except Problem as problem:
            self.why = problem.sentence
            return Observed.UNKNOWN
        stage.why = ""
        found = stage.look_up(artifact)
        self.why = stage.why
        return found

    def make(self, seal: str) -> None:
        """Make it: volatile, so that it can be deleted, and with the target as its base."""
        config = {"type": "stage", "volatile": True, "bases": [self._target.name]}
        try:
            self._server.tell("PUT", self._url(seal), config)
        except Taken:
            return  # it is there: by its name it is this seal's

    def upload(
        self, seal: str, files: Sequence[Path], begun: Callable[[str], None] = to_nobody
    ) -> None:
        """Upload with uv, as to any index."""
        self._stage(seal).upload(files, begun)

    def install(
        self, seal: str, versions: Sequence[tuple[str, str]], *, builds: bool = False
    ) -> None:
        """Resolve and install them; what is not of the release comes from the user's indexes."""
        stage = self._stage(seal)
        # Under the target's name: it stands in its place, also for the login that it is read with.
        index = replace(stage.address, name=self.address.name).as_uv_index
        requires = {stage.requires_python(*one) for one in versions}
        new = [member for member, _ in versions]
        wheels = [f"--only-binary={member}" for member in new] if builds else ["--no-build"]
        what = [f"{member}=={version}" for member, version in versions]
        with TemporaryDirectory(prefix="release-sync-") as folder:
            environment = Path(folder, "environment")
            self.uv.make_environment(environment, ",".join(sorted(filter(None, requires))))
            self.uv.install(environment, [*wheels, *what], self.folder, index, new)

    def promote(self, seal: str, member: str, version: str) -> None:
        """Push one release (devpi's word): both files, in one transaction."""
        normal = str(Version(version))  # as backends write it into what they build
        asked = {"name": member, "version": normal, "targetindex": self._target.name}
        self._server.tell("POST", self._url(seal), asked)

    def delete(self, seal: str) -> bool:
        """Delete it. devpi says of what is not there that it is forbidden: so it looks first.

        Raises Refused where it is another user's, who uploaded before.
        """
        if is_missing(self._server.ask("GET", f"{self._url(seal)}?no_projects=")):
            for other in self._others(seal):
                raise Refused(
                    f"it is {other}/{_called(seal)}: {other}, or root, can run `devpi index"
                    f" --delete {other}/{_called(seal)}`"
                )
            return False
        self._server.tell("DELETE", self._url(seal))
        return True

    def _others(self, seal: str) -> Iterator[str]:
        """Yield the users that have a stage of this name, as the server lists them."""
        for user, told in self._server.ask("GET", f"{self._target.server}/").result.items():
            indexes = told.get("indexes") if isinstance(told, dict) else None
            if isinstance(indexes, dict) and _called(seal) in indexes:
                yield printable(user)

    def problem(self, *, uploads: bool = True) -> Problem | None:
        """Return why nothing can be staged here; asks the server, and changes nothing.

        Who does not upload may have no login: then only whether it has stages at all is said.
        """
        try:
            answer = self._server.ask("GET", f"{self._target_url}?no_projects=")
            if not uploads and answer.status in _WITHOUT_LOGIN:
                return None
            if not answer.is_devpi or is_missing(answer) or answer.result.get("type") != "stage":
                return _no_devpi(self.address.name)
            if not uploads:
                return None
            allowed = answer.result.get("acl_upload", [])
            user = self.user
        except Problem as problem:
            return problem
        if user in allowed or user == "root" or any(str(one).startswith(":") for one in allowed):
            return None
        return Problem(
            f"user {user} may not upload to {self._target.name}",
            hint=f"its `acl_upload` has: {', '.join(map(str, allowed))}",
        )

    @cached_property
    def user(self) -> str:
        """Who is logged in, by the server's own word. Raises Refused, Unanswered."""
        answer = self._server.tell("GET", f"{self._target_url}/+api")
        said = answer.result.get("authstatus")
        if isinstance(said, list) and said[:1] == [_LOGGED_IN]:
            return str(said[1])
        who = f"user {self._login[0]}" if self._login else "who has no login"
        raise Refused(
            f"{self.address.name} refused {who}",
            hint="set UV_PUBLISH_USERNAME and UV_PUBLISH_PASSWORD to a user of that devpi-server",
        )

    @cached_property
    def _target(self) -> _Named:
        """Where the target is. Raises Refused when that is no address of a devpi index."""
        split = urlsplit(self.address.upload)
        parts = [part for part in split.path.split("/") if part]
        if len(parts) < _PATH:
            raise _no_devpi(self.address.name)
        netloc = split.netloc.rpartition("@")[2]
        before = "".join(f"/{part}" for part in parts[:-_PATH])
        return _Named(f"{split.scheme}://{netloc}{before}", "/".join(parts[-_PATH:]))

    @property
    def _target_url(self) -> str:
        return f"{self._target.server}/{self._target.name}"

    @cached_property
    def _login(self) -> tuple[str, str] | None:
        found = PackageIndex(self.address, self.uv, self.folder).login
        return None if found is None else devpi_login(found, self.address.upload, self.uv)

    @cached_property
    def _server(self) -> DevpiServer:
        address = self.address
        seconds = time_out(self.uv.environ)
        return DevpiServer(address.name, address.trust, seconds, self._login)

    def _url(self, seal: str) -> str:
        return f"{self._target.server}/{self.user}/{_called(seal)}"

    def _stage(self, seal: str) -> PackageIndex:
        """Return the stage as an index that is read and written as any other is."""
        if seal not in self._stages:
            url = self._url(seal)
            own = copy(self.uv)
            user, password = self._login or ("", "")
            # What a keyring or uv's store has is for the target's address, and not for this one.
            own.environ = {**self.uv.environ, USERNAME: user, PASSWORD: password, TOKEN: ""}
            address = replace(
                self.address, name=self.name(seal), simple=f"{url}/+simple/", upload=f"{url}/"
            )
            self._stages[seal] = PackageIndex(address, own, self.folder)
        return self._stages[seal]


def _called(seal: str) -> str:
    return f"{PREFIX}{seal[:LENGTH]}"


def _no_devpi(name: str) -> Refused:
    return Refused(
        f'`strategy = "staged"` needs an index of a devpi-server, and {name} is none',
        hint="its publish-url is that of the index (…/USER/INDEX/); or remove `strategy`",
    )
