"""Settings come from the environment and from a file beside the data; what is wrong is told at once and all together."""

from pathlib import Path

import pytest

from blog.secret import secret_key
from blog.settings import SettingsError, build, load


def test_the_defaults_make_a_working_publication(tmp_path: Path) -> None:
    settings = load({"PERIJOVE_DATA": str(tmp_path)})
    assert settings.database == f"sqlite:///{tmp_path}/perijove.db"
    assert settings.site == "http://localhost:8000"
    assert settings.transport_url == "smtp://127.0.0.1:8025"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "perijove.env").write_text(
        "# ours\nPERIJOVE_PORT=8100\nPERIJOVE_SITE_NAME='The Daily Sky'\n\n"
    )
    settings = load({"PERIJOVE_DATA": str(tmp_path), "PERIJOVE_PORT": "8200"})
    assert (settings.port, settings.site_name) == (8200, "The Daily Sky")


def test_an_unknown_setting_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(
        SettingsError, match="PERIJOVE_SENDHOUR is not a setting; did you mean PERIJOVE_SEND_HOUR?"
    ):
        load({"PERIJOVE_DATA": str(tmp_path), "PERIJOVE_SENDHOUR": "7"})


def test_every_bad_value_is_told_in_one_go(tmp_path: Path) -> None:
    bad = {
        "PERIJOVE_PORT": "99999",
        "PERIJOVE_TIMEZONE": "Europe/Lodnon",
        "PERIJOVE_SITE_URL": "news.example.org/blog",
    }
    with pytest.raises(SettingsError) as refused:
        load({"PERIJOVE_DATA": str(tmp_path), **bad})
    told = str(refused.value)
    assert all(name in told for name in bad)
    assert "Europe/London" in told


def test_a_broken_line_in_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "perijove.env").write_text("PERIJOVE_PORT=8100\nand something else\n")
    with pytest.raises(SettingsError, match="line 2"):
        load({"PERIJOVE_DATA": str(tmp_path)})


@pytest.mark.parametrize("given", ["postgres://u@h/d", "postgresql://u@h/d"])
def test_a_plain_postgresql_address_gets_the_driver(given: str) -> None:
    assert build(database_url=given).database == "postgresql+psycopg://u@h/d"


def test_the_secret_key_is_made_once_and_kept_to_its_owner(tmp_path: Path) -> None:
    settings = build(data=tmp_path / "new")
    first = secret_key(settings)
    assert len(first) > 40
    assert secret_key(settings) == first
    assert (tmp_path / "new" / "secret.key").stat().st_mode & 0o077 == 0
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret.key"]


def test_a_key_that_was_set_is_the_one_used(tmp_path: Path) -> None:
    assert secret_key(build(data=tmp_path, secret_key="set by hand")) == "set by hand"


def test_settings_never_show_the_secret() -> None:
    assert "set by hand" not in repr(build(secret_key="set by hand"))
