"""The alias table as it is looked up in: names made comparable, the operator's among them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from core.text.plain import half_width, one_line
from platforms.sheets.aliases import ALIASES, ALSO_THERE, CORRECTIONS, Field, Platform

MoreNames = Mapping[Platform, Mapping[Field, Sequence[str]]]


def column_key(name: str) -> str:
    """A column's name as it is compared: half-width, no blanks, lower case."""
    return "".join(half_width(one_line(name)).split()).lower()


@dataclass(frozen=True)
class AliasTable:
    """Every name of every field of every platform, in the order in which they count."""

    fields: Mapping[Platform, Mapping[Field, tuple[str, ...]]]

    @cached_property
    def keys(self) -> dict[Platform, dict[Field, tuple[str, ...]]]:
        """The names of each field as they are compared."""
        return {
            platform: {field: tuple(map(column_key, names)) for field, names in fields.items()}
            for platform, fields in self.fields.items()
        }

    @cached_property
    def known(self) -> dict[Platform, frozenset[str]]:
        """Every name that tells whose file it is, as it is compared."""
        return {
            platform: frozenset(
                (*map(column_key, ALSO_THERE[platform]), *(k for keys in all_ for k in keys))
            )
            for platform, all_ in ((one, fields.values()) for one, fields in self.keys.items())
        }

    def usual(self, platform: Platform, field: Field) -> str:
        """The name by which a platform's column is asked for."""
        names = self.fields[platform][field]
        return next((name for name in names if name not in CORRECTIONS), names[0])

    def with_more(self, more: MoreNames) -> "AliasTable":
        """The table with these names behind its own."""
        return AliasTable(
            {
                platform: {
                    field: (*fields.get(field, ()), *more.get(platform, {}).get(field, ()))
                    for field in {**fields, **more.get(platform, {})}
                }
                for platform, fields in self.fields.items()
            }
        )


BUILT_IN = AliasTable(ALIASES)
