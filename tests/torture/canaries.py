"""Made-up people and secrets, and the search for them in whatever a house leaves behind.

Each canary belongs to one way in, so that a hit names the way. A text is looked for as it may have
been written: in several encodings, escaped, in base64 at any place, in hex; a phone with gaps too.
"""

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import quote

_FAMILY = "欧阳司徒上官慕容皇甫令狐宇文尉迟"
_GIVEN = "晴岚映雪听竹望舒采薇若水知微沐辰鹿鸣清越怀瑾攸宁"
_STEP = 2


@dataclass(frozen=True)
class Person:
    """A consumer who does not exist."""

    name: str
    phone: str
    street: str

    @property
    def address(self) -> str:
        return f"浙江省金华市义乌市{self.street}"

    @property
    def whole(self) -> str:
        return f"{self.name} {self.phone} {self.address}"


@dataclass
class Canaries:
    """Who and what was sent in, by the way it went."""

    texts: dict[str, str] = field(default_factory=dict)
    _n: int = 0

    def person(self, way: str) -> Person:
        """Make somebody nobody else is."""
        self._n += 1
        names = [_FAMILY[i : i + _STEP] for i in range(0, len(_FAMILY), _STEP)]
        given = [_GIVEN[i : i + _STEP] for i in range(0, len(_GIVEN), _STEP)]
        family, called = names[self._n % len(names)], given[self._n // len(names) % len(given)]
        who = Person(
            f"{family}{called}", f"1395557{self._n:04d}", f"{called}{self._n}坊 77{self._n} 号"
        )
        self.texts |= {
            f"{way}: name": who.name, f"{way}: phone": who.phone, f"{way}: street": who.street,
        }  # fmt: skip
        return who

    def secret(self, way: str, text: str) -> str:
        """Look for this too."""
        self.texts[way] = text
        return text

    def hits(self, held: Mapping[str, bytes]) -> list[str]:
        """Return where something of it stands: `way in place, as form`."""
        everything = b"\n".join(held.values())
        return [
            f"{way} in {place}, {form}"
            for way, text in self.texts.items()
            for form, stands_in in forms(text)
            if stands_in(everything)
            for place, content in held.items()
            if stands_in(content)
        ]


def forms(text: str) -> Iterator[tuple[str, Callable[[bytes], bool]]]:
    """Yield the ways in which a text may have been written, and the search for each."""
    plain = text.encode()
    written = {
        plain: "utf-8", text.encode("utf-16-le"): "utf-16", text.encode("utf-16-be"): "utf-16be",
        text.encode("gb18030"): "gb18030", json.dumps(text)[1:-1].encode(): "json",
        quote(text).encode(): "url", quote(text).lower().encode(): "url, lower",
        repr(plain)[2:-1].encode(): "repr of bytes", plain.hex().encode(): "hex",
        plain.hex().upper().encode(): "HEX",
    }  # fmt: skip
    for skipped in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            # What stands before and after it changes the characters at its ends.
            cut = encode(b"\0" * skipped + plain)[(0, 2, 3)[skipped] :].rstrip(b"=")[:-1]
            written[cut] = "base64"
    for one, name in written.items():
        yield name, partial(_within, one)
    if text.isdigit():
        gaps = re.compile(rb"[ .-]?".join(plain[i : i + 1] for i in range(len(plain))))
        yield "with gaps", lambda content: gaps.search(content) is not None


def _within(part: bytes, content: bytes) -> bool:
    return part in content


def files_of(*folders: Path) -> dict[str, bytes]:
    """Return everything that stands in these folders."""
    found = {}
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file():
                found[str(path.relative_to(folder.parent))] = path.read_bytes()
    return found


def processes_of(root: int) -> dict[str, bytes]:
    """Return the arguments of a process and of all below it, and the environment of those below."""
    found: dict[str, bytes] = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((path / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if int(path.name) != root and parent != root:
                continue
            found[f"arguments of {path.name}"] = (path / "cmdline").read_bytes()
            if int(path.name) != root:
                found[f"environment of {path.name}"] = (path / "environ").read_bytes()
        except (OSError, ValueError):  # it has ended meanwhile
            continue
    return found
