"""Markdown as the project's documents use it, to HTML: headings, paragraphs, lists, tables, code, pictures, links, emphasis."""

from __future__ import annotations

import html
import re

__all__ = ["headings", "slug", "to_html"]

HEADING = re.compile(r"^(#{1,6}) (.+)$")
ITEM = re.compile(r"^( *)(?:[-*]|\d+\.) (.+)$")
FENCE = "```"
CODE = re.compile(r"(`[^`]+`)")
INLINE = (
    (re.compile(r"!\[([^\]]*)\]\(([^)]+)\)"), r'<img alt="\1" src="\2">'),
    (re.compile(r"\[([^\]]+)\]\(([^):#]+)\.md(#[^)]*)?\)"), r'<a href="\2.html\3">\1</a>'),
    (re.compile(r"\[([^\]]+)\]\(([^)]+)\)"), r'<a href="\2">\1</a>'),
    (re.compile(r"\*\*(.+?)\*\*"), r"<strong>\1</strong>"),
    (re.compile(r"(?<![*\w])\*(\S|\S.*?\S)\*(?![*\w])"), r"<em>\1</em>"),
)


def headings(text: str) -> list[str]:
    """The texts of a document's headings, in order."""
    return [match.group(2) for match in map(HEADING.match, text.splitlines()) if match]


def slug(heading: str) -> str:
    """A heading's anchor, as code hosts make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def to_html(text: str) -> str:
    """The body of a page."""
    return "".join(_block(block) + "\n" for block in _blocks(text))


def _blocks(text: str) -> list[list[str]]:
    """The document's lines in groups: those that no empty line, heading or fence parts."""
    blocks: list[list[str]] = [[]]
    is_code = False
    for line in text.splitlines():
        if line.startswith(FENCE):
            is_code = not is_code
            blocks.append([line]) if is_code else blocks.append([])
        elif is_code:
            blocks[-1].append(line)
        elif HEADING.match(line):
            blocks += [[line], []]
        elif line.strip():
            blocks[-1].append(line)
        else:
            blocks.append([])
    return [block for block in blocks if block]


def _block(lines: list[str]) -> str:
    heading = HEADING.match(lines[0])
    if heading:
        level = len(heading.group(1))
        return '<h%d id="%s">%s</h%d>' % (level, slug(heading.group(2)), _inline(heading.group(2)), level)
    if lines[0].startswith(FENCE):
        return "<pre>%s</pre>" % html.escape("\n".join(lines[1:]))
    if lines[0].startswith("    "):
        return "<pre>%s</pre>" % html.escape("\n".join(line[4:] for line in lines))
    if lines[0].startswith("|"):
        return _table(lines)
    if ITEM.match(lines[0]):
        return _list(lines)
    return "<p>%s</p>" % _inline(" ".join(lines))


def _table(lines: list[str]) -> str:
    rows = [line.strip().strip("|").split(" | ") for line in lines if not set(line) <= set("|-: ")]
    return "<table>%s</table>" % "".join(_row(row, "td" if number else "th") for number, row in enumerate(rows))


def _row(cells: list[str], tag: str) -> str:
    return "<tr>%s</tr>" % "".join("<%s>%s</%s>" % (tag, _inline(cell.strip()), tag) for cell in cells)


def _list(lines: list[str]) -> str:
    """One level: an item within an item follows it."""
    items: list[str] = []
    for line in lines:
        match = ITEM.match(line)
        if match:
            items.append(match.group(2))
        else:
            items[-1] += " " + line.strip()
    tag = "ol" if lines[0].lstrip()[0].isdigit() else "ul"
    return "<%s>%s</%s>" % (tag, "".join("<li>%s</li>" % _inline(item) for item in items), tag)


def _inline(text: str) -> str:
    parts = CODE.split(text)
    return "".join("<code>%s</code>" % html.escape(part[1:-1]) if CODE.fullmatch(part) else _marked(part) for part in parts)


def _marked(text: str) -> str:
    text = html.escape(text, quote=False)
    for pattern, replacement in INLINE:
        text = pattern.sub(replacement, text)
    return text
