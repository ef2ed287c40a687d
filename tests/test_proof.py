"""What harnesses saw is written down part by part, and a failure is not hidden."""

from pathlib import Path

from tests.proof import Proof, Proving


def test_a_part_that_ran_again_is_rewritten_and_the_others_stand(tmp_path: Path) -> None:
    page = tmp_path / "reliability.md"
    first = Proof(full=True, titles={"kills": "Killed", "seeds": "Seeded"})
    Proving(first, "kills").saw("orders lost", 0, "0")
    Proving(first, "seeds").saw("seeds", 10_000)
    first.write(page)
    again = Proof(full=True, titles={"kills": "Killed"})
    Proving(again, "kills").saw("orders lost", 1, "0")
    again.fails("kills", "test_nothing_is_lost")
    again.write(page)
    text = page.read_text("utf-8")
    assert "| orders lost | 1 | 0 | yes |" in text
    assert "| orders lost | 0 |" not in text
    assert "| test nothing is lost | the test failed |  | **no** |" in text
    assert "| seeds | 10000 |  | yes |" in text
    assert text.count("## Killed") == 1


def test_a_run_that_saw_nothing_leaves_the_page_alone(tmp_path: Path) -> None:
    page = tmp_path / "reliability.md"
    Proof(full=True).write(page)
    assert not page.exists()
