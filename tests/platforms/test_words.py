"""Whatever a platform refuses for good is told in words of its own: what to mend must be clear."""

import pytest

from bot.screens.platform_words import platform_why
from bot.texts import translator
from platforms.teller import FINAL


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_every_refusal_has_its_own_words(lang: str) -> None:
    t = translator(lang)
    said = {why: str(platform_why(t, why)) for why in FINAL - {"refused"}}
    assert platform_why(t, "refused") not in said.values()
    assert len(set(said.values())) == len(said)
