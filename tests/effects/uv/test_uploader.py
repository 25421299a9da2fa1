"""How it is said who was refused, of what, and what is known of the login."""

from __future__ import annotations

from dataclasses import replace

import pytest

from release_sync.effects.uv.upload_answer import upload_problem
from release_sync.effects.uv.uploader import Uploader, package
from release_sync.errors import Partly, Refused, Unanswered

NIA = Uploader("company", "user nia", "see that UV_PUBLISH_PASSWORD is right")
BOTH = replace(NIA, accepted=("devclikit", "middle"))


STRANGER = "The user 'nia' isn't allowed to upload to project 'middle'."
ACCEPTED = "this login was accepted for devclikit, and may not upload middle"
NOT_YOURS = "see who may upload middle there, and that it is not archived"


PYPISERVERS = """<html><head><title>Error: {0}</title></head><body>
    <h1>Error: {0}</h1>
    <p>Sorry, the requested URL <tt>&#039;http://there/&#039;</tt>
       caused an error:</p>
    <pre>{1}</pre>
</body></html>"""


def said(answer: str, begun: str = "Uploading middle-1.0.tar.gz (1KiB)") -> str:
    """Return what uv prints (measured with uv 0.13.9)."""
    path = ".git/release-sync/sending-1/middle-1.0.tar.gz"
    return f"{begun}\nerror: Failed to publish `{path}` to `http://there/`\n  cause: {answer}\n"


def status(number: str, words: str = "") -> str:
    """Return what uv prints of an answer."""
    return said(f"Server returned status code {number} Reason. Server says: {words}")


@pytest.mark.parametrize(
    ("words", "by", "message", "hint"),
    [
        (status("403"), NIA, "company refused user nia (403)", NIA.hint),
        (status("401", "Who?"), NIA, "company refused user nia (401): Who?", NIA.hint),
        (
            status(
                "403",
                "<title>403</title><h1>Error: 403 Forbidden</h1>\n<p>No.</p>\n\n  <i>Go</i> away",
            ),
            NIA,
            "company refused user nia (403)\n    No.\n    Go away",
            NIA.hint,
        ),
        (
            status("403", PYPISERVERS.format("403 Forbidden", "None")),
            NIA,
            "company refused user nia (403)",
            NIA.hint,
        ),
        (
            status("403", "Forbidden"),
            BOTH,
            f"company refused user nia (403): {ACCEPTED}\n    Forbidden",
            NOT_YOURS,
        ),
        (
            status("403", STRANGER),
            NIA,
            f"company refused user nia (403): this login may not upload middle\n    {STRANGER}",
            NOT_YOURS,
        ),
        (
            status("422", "Not to our taste"),
            BOTH,
            "company refused middle-1.0.tar.gz (422): Not to our taste",
            "see what the index says",
        ),
    ],
)
def test_a_refusal_is_of_whom_or_of_what_it_is(
    words: str, by: Uploader, message: str, hint: str
) -> None:
    problem = upload_problem(words, by)
    assert type(problem) is Refused
    assert (problem.message, problem.hint) == (message, hint)


def test_of_a_page_what_says_something_is_repeated() -> None:
    page = PYPISERVERS.format("409 Conflict", "Package &#039;app&#039; already exists!")
    problem = upload_problem(status("409", page), NIA)
    assert problem.message == (
        "company refused middle-1.0.tar.gz (409): Package 'app' already exists!"
    )


def test_a_refusal_after_a_file_was_taken_is_said_as_any() -> None:
    begun = "Uploading middle-1.0-py3-none-any.whl (1KiB)\nUploading middle-1.0.tar.gz (1KiB)"
    problem = upload_problem(
        status("403").replace("Uploading middle-1.0.tar.gz (1KiB)", begun), NIA
    )
    assert type(problem) is Partly
    assert problem.message == "company refused user nia (403)"


def test_what_was_not_answered_says_the_last_cause_first() -> None:
    causes = "Failed to send POST request\n  cause: tcp connect error\n  cause: Connection refused"
    problem = upload_problem(said(causes), NIA)
    assert type(problem) is Unanswered
    sentence, *below = problem.message.split("\n")
    assert sentence == "the upload of middle-1.0.tar.gz to company failed: Connection refused"
    assert "    cause: tcp connect error" in below
    problem = upload_problem(status("503", "down"), NIA)
    assert problem.message == "company answered 503 to middle-1.0.tar.gz: down"


def test_a_package_is_read_off_its_files() -> None:
    files = ("a_b-1.0-py3-none-any.whl", "a_b-1.0.tar.gz", "what is this")
    assert [package(file) for file in files] == ["a-b", "a-b", "what is this"]
