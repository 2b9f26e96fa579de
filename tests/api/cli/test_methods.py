"""`methods check`: mistakes of files, each with its line."""

from pathlib import Path

from services.api.cli import DEPLOY
from tests.api.cli.conftest import invoke


def test_what_ships_is_in_order() -> None:
    files = sorted((DEPLOY / "methods").glob("*.yaml"))
    checked = invoke("methods", "check", *files)
    assert checked.exit_code == 0, checked.output
    assert checked.output.count(": ok") == len(files) > 5


def test_each_mistake_has_its_line(tmp_path: Path) -> None:
    sound = (DEPLOY / "methods" / "quality-of-results.yaml").read_text("utf-8")
    path = tmp_path / "wrong.yaml"
    path.write_text(sound.replace("version: 1", "version: one"), "utf-8")
    line = sound[: sound.index("version: 1")].count("\n") + 1
    checked = invoke("methods", "check", path)
    assert checked.exit_code == 1
    [mistake] = checked.output.splitlines()
    assert mistake.startswith(f"{path}:{line}: version: ")
    assert mistake.endswith("(«one»)")


def test_a_key_with_dots_is_found_where_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "dots.yaml"
    text = "kind: ranking\nprovenance:\n  comparability.same:\n    kind: guess\n"
    path.write_text(text, "utf-8")
    said = invoke("methods", "check", path).output
    assert f"{path}:4: provenance.comparability.same.kind: " in said
    assert f"{path}:3: provenance.comparability.same.source: " in said


def test_a_text_that_is_no_yaml_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("kind: ranking\ncode: [a\n", "utf-8")
    checked = invoke("methods", "check", path)
    assert checked.exit_code == 1
    assert f"{path}:3: " in checked.output
