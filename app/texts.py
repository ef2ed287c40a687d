"""Collecting the bot's texts into the Chinese catalogue (`make texts`), with Babel.

English message ids stand in the code, so English needs no catalogue. New ids arrive untranslated
and a test fails until they are translated; ids no longer used are dropped.
"""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent / "bot"
CHINESE = ROOT / "locales" / "zh_CN" / "LC_MESSAGES" / "bot.po"
# `t(…)` and `t.plain(…)` take one message, `t.n(…)` takes singular and plural.
KEYWORDS = {"t": None, "plain": None, "n": (1, 2)}


def messages() -> Iterator[str | tuple[str, ...]]:
    """Yield every message id of the bot; singular and plural come as a pair."""
    found = extract_from_dir(str(ROOT), [("**.py", "python")], keywords=KEYWORDS)
    for _file, _line, message, _comments, _context in found:
        yield message


def collected() -> Catalog:
    """Return the Chinese catalogue brought up to date with the code, not yet written."""
    template = Catalog(charset="utf-8")
    for message in messages():
        template.add(message)
    with CHINESE.open("rb") as file:
        chinese = read_po(file, locale="zh_CN")
    chinese.update(template, no_fuzzy_matching=True, update_creation_date=False)
    chinese.obsolete.clear()
    for entry in chinese:
        if isinstance(entry.string, tuple | list):
            # The template counts plurals as English does; Chinese has one form.
            entry.string = tuple(entry.string[: chinese.num_plurals])
    return chinese


def main() -> None:
    """Write the catalogue; without line numbers, so that it changes only when a text does."""
    catalog = collected()
    with CHINESE.open("wb") as file:
        write_po(file, catalog, omit_header=False, no_location=True, sort_output=True, width=0)


if __name__ == "__main__":
    main()
