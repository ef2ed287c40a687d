"""Recipients that a platform encrypts, kept as it wrote them: how their parts stand in one value.

Both platforms give the regions in plain and encrypt the rest; a ciphertext begins with an index
between two marks (`#BzrK#…`) that is the same for the same text, by which it can be searched.
"""

from collections.abc import Sequence

from core.values import Concealed

_BREAK = "\n"
_INDEX = 6  # `#BzrK#`: a mark, four characters, the mark again


def concealed(
    regions: Sequence[str], name: str, phone: str, detail: str, mark: str = ""
) -> Concealed | None:
    """Return the recipient as the platform encrypted it, None where part of it is missing.

    `mark` is the platform's own mark of the recipient, where it gives one.
    """
    if not (name and phone and detail):
        return None
    address = f"{' '.join(filter(None, regions))}{_BREAK}{detail}"
    indices = "|".join(_index(one) for one in (detail, name, phone))
    return Concealed(name, phone, address, same=mark or indices)


def address_parts(address: str) -> tuple[str, str]:
    """Split a concealed address into its regions in plain and the ciphertext of the rest."""
    regions, _, cipher = address.rpartition(_BREAK)
    return regions, cipher


def _index(cipher: str) -> str:
    """What of a ciphertext is the same for the same text: all of it, where it has no index."""
    index = cipher[:_INDEX]
    marked = len(index) == _INDEX and index[0] == index[-1] and not index[0].isalnum()
    return index if marked else cipher
