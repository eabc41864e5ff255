"""A page that is opened while somebody listens."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import ConsoleMessage, Page, Request


@dataclass
class Visit:
    """A page, the requests that were made for it, and what the browser complained of."""

    page: Page
    requests: list[Request] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, url: str) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("requestfailed", lambda request: self.complaints.append(f"{request.url} failed"))
        self.page.on("request", lambda request: self.requests.append(request))  # noqa: PLW0108 (Playwright wants a function)
        self.page.goto(url)

    def _hear(self, message: ConsoleMessage) -> None:
        is_status_of_page = (
            message.text.startswith("Failed to load resource") and message.location["url"] == self.page.url
        )
        if message.type in ("error", "warning") and not is_status_of_page:
            self.complaints.append(message.text)
