"""Tells in the job's summary, and in one comment of the pull request, what was found: for action.yml.

Trouble with the comment is a warning, as a pull request from a fork may not have one.
Source: GitHub REST API, version 2022-11-28, issue comments.
"""

from __future__ import annotations

import hashlib
import json
import os
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_AUTHOR = "github-actions[bot]"
_MOST_OF_COMMENT, _MOST_OF_SUMMARY = 65_536 // 4, 1_000_000 // 4
"""Characters, none of which has more than four bytes."""
_PAGE, _MOST_PAGES = 100, 30
_TIMEOUT_S = 30


def main() -> None:
    """Tell what the environment says was found."""
    said = os.environ
    text = message(said["CONFORMS"], said["LAYOUT"], said["REPORT"], said["DIFF"])
    with Path(said["GITHUB_STEP_SUMMARY"]).open("a", encoding="utf-8") as summary:
        summary.write(shortened(text, _MOST_OF_SUMMARY) + "\n")
    if not said["PULL_REQUEST"]:
        return
    mark = f"<!-- kg {hashlib.sha256(said['ROOT'].encode()).hexdigest()[:12]} -->\n"
    comments = Comments(said["GITHUB_API_URL"], said["GITHUB_REPOSITORY"], said["GITHUB_TOKEN"])
    is_news = said["CHANGED"] == "true" or said["CONFORMS"] != "true" or said["LAYOUT"] == "false"
    try:
        comments.put(int(said["PULL_REQUEST"]), mark, shortened(mark + text, _MOST_OF_COMMENT), may_be_new=is_news)
    except (OSError, ValueError) as error:  # what urllib raises is an OSError
        print(f"::warning::The comment could not be written: {_escaped(str(error))}")


def message(conforms: str, layout: str, report: str, diff: str) -> str:
    """What was found, as Markdown.

    report, diff  paths; empty where there is none
    """
    lines = ["## Knowledge graph", "", f"{'✅' if conforms == 'true' else '❌'} {verdict(report)}"]
    if layout:
        laid_out = "All Turtle files are laid out as `kg fmt` does it." if layout == "true" else "Run `kg fmt`."
        lines += ["", f"{'✅' if layout == 'true' else '❌'} {laid_out}"]
    if diff:
        lines += ["", Path(diff).read_text(encoding="utf-8").strip()]
    return "\n".join(lines)


def verdict(report: str) -> str:
    """How many findings of each severity there are."""
    if not report:
        return "Could not be checked. The log of the job says why."
    found = json.loads(Path(report).read_text(encoding="utf-8"))["findings"]
    severities = [f["severity"] for f in found]
    counts = {name: severities.count(name) for name in ("error", "violation", "warning", "info")}
    told = ", ".join(f"{n} {name}{'s' if n > 1 else ''}" for name, n in counts.items() if n)
    return f"{told}. They stand at their lines." if told else "Conforms."


def shortened(text: str, most: int) -> str:
    """The text, or its first lines and a note."""
    if len(text) <= most:
        return text
    note = "\n\n…\n\nThis is not all. `kg diff` tells the rest."
    start = text[: most - len(note) - len("</details>")].rpartition("\n")[0]
    if start.count("<details>") > start.count("</details>"):
        start += "\n</details>"
    return start + note


class Comments:
    """The comments of a repository's pull requests."""

    def __init__(self, api: str, repository: str, token: str) -> None:
        self._folder = f"{api}/repos/{repository}/issues"
        self._token = token

    def put(self, number: int, mark: str, body: str, *, may_be_new: bool) -> None:
        """Change our comment that begins with the mark; write one if there is none and that is wanted."""
        mine = next(self._mine(number, mark), None)
        if mine is not None:
            self._ask("PATCH", f"comments/{mine}", {"body": body})
        elif may_be_new:
            self._ask("POST", f"{number}/comments", {"body": body})

    def _mine(self, number: int, mark: str) -> Iterator[int]:
        for page in range(1, _MOST_PAGES + 1):
            found = self._ask("GET", f"{number}/comments?per_page={_PAGE}&page={page}")
            for comment in found:
                if comment["user"]["login"] == _AUTHOR and comment["body"].startswith(mark.strip()):
                    yield int(comment["id"])
            if len(found) < _PAGE:
                return

    def _ask(self, method: str, path: str, body: dict[str, str] | None = None) -> Any:
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {self._token}",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self._folder}/{path}", data, headers, method=method)  # noqa: S310
        with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as answer:  # noqa: S310  GitHub says where its API is
            return json.load(answer)


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


if __name__ == "__main__":
    main()
