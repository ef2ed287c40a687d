"""The quick start as a page beside the documentation: the same files that stand in `docs/`.

A stranger who was given nothing but the interface's address finds it there.
"""

from functools import cache
from html import escape
from pathlib import Path
from typing import Final, Literal

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, PlainTextResponse
from markdown_it import MarkdownIt

from api.problem_list import table

Lang = Literal["zh_CN", "en"]

_DOCS: Final = Path(__file__).parents[1] / "docs"
GUIDES: Final[dict[Lang, Path]] = {
    "zh_CN": _DOCS / "api" / "quickstart.zh.md",
    "en": _DOCS / "api" / "quickstart.en.md",
}
EXAMPLE: Final = _DOCS / "examples" / "print_client.py"
# Where what the files point to stands among the pages.
_PLACES: Final = {
    "quickstart.zh.md": "quickstart",
    "quickstart.en.md": "quickstart?lang=en",
    "../examples/print_client.py": "print_client.py",
}
_PAGE: Final = """<!doctype html>
<html lang="{lang}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #1d2129; background: #fff;
  font: 16px/1.7 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; }}
h2 {{ margin-top: 2.5rem; }} h3 {{ margin-top: 2rem; }}
pre {{ overflow-x: auto; padding: .8rem 1rem; border-radius: 6px; background: #f3f4f6; }}
code {{ font: 14px/1.5 ui-monospace, Menlo, Consolas, monospace; }}
pre:has(> .language-json), pre:has(> .language-http) {{ background: #eef6f0; }}
table {{ border-collapse: collapse; }}
th, td {{ padding: .4rem .7rem; border: 1px solid #d8dbe0; text-align: left; vertical-align: top; }}
a {{ color: #0b57d0; }}
</style>
{body}
</html>
"""


def guide() -> APIRouter:
    """Return the pages of the quick start, the client it ends with, and every problem's code."""
    router = APIRouter(prefix="/docs", include_in_schema=False)

    @router.get("/quickstart", response_class=HTMLResponse)
    async def quickstart(lang: Lang = "zh_CN") -> str:
        return page(lang)

    @router.get("/problems", response_class=HTMLResponse)
    async def problems() -> str:
        return _PAGE.format(lang="en", title="daifa · Problems", body=table())

    @router.get("/print_client.py", response_class=PlainTextResponse)
    async def print_client() -> str:
        return EXAMPLE.read_text("utf-8")

    return router


@cache
def page(lang: Lang) -> str:
    """Return a guide as a page that loads nothing."""
    text = GUIDES[lang].read_text("utf-8")
    for place, at in _PLACES.items():
        text = text.replace(f"]({place})", f"]({at})")
    title = text.partition("\n")[0].removeprefix("# ")
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    if lang == "zh_CN":  # the end of a line within a paragraph is no space between words
        markdown.add_render_rule("softbreak", lambda *_: "")
    body = markdown.render(text)
    return _PAGE.format(lang=lang.replace("_", "-"), title=escape(f"daifa · {title}"), body=body)
