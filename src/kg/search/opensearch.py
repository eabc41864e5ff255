"""How a browser learns to search here. Source: OpenSearch 1.1, draft 6."""

from __future__ import annotations

from xml.sax.saxutils import escape

_SHORT_NAME = 16
_LONG_NAME = 48


def description(title: str, about: str, root: str, language: str) -> str:
    """The OpenSearch description of a site.

    title  its name
    about  what can be found
    root   where the client reached it, without the last slash
    """
    short = title if len(title) <= _SHORT_NAME else "".join(word[0] for word in title.split())[:_SHORT_NAME]
    links = (
        ("text/html", "results", f"{root}/search?q={{searchTerms}}"),
        ("application/json", "results", f"{root}/search.json?q={{searchTerms}}"),
        ("application/x-suggestions+json", "suggestions", f"{root}/suggest?q={{searchTerms}}"),
        ("application/opensearchdescription+xml", "self", f"{root}/opensearch.xml"),
    )
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">',
        f"<ShortName>{escape(short)}</ShortName>",
        f"<LongName>{escape(title[:_LONG_NAME])}</LongName>",
        f"<Description>{escape(about)}</Description>",
        f"<Language>{escape(language)}</Language>",
        "<InputEncoding>UTF-8</InputEncoding>",
        "<OutputEncoding>UTF-8</OutputEncoding>",
        f'<Image width="16" height="16" type="image/svg+xml">{escape(root)}/static/mark.svg</Image>',
        *(
            f'<Url type="{type_}" rel="{rel}" template="{escape(href, {chr(34): "&quot;"})}"/>'
            for type_, rel, href in links
        ),
        "</OpenSearchDescription>",
    ]
    return "\n".join(lines) + "\n"
