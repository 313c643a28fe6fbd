"""Settings are read strictly, and secrets never show."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lms_toolkit.config import Secret, load_config
from lms_toolkit.errors import ConfigError

SITE = '[sites.staging]\nplatform = "moodle"\nurl = "https://moodle.example.org/"\n'


@pytest.fixture
def written(tmp_path):
    def write(text: str):
        path = tmp_path / "lms-toolkit.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_site_takes_its_token_from_the_environment(written):
    config = load_config(written(SITE), {"LMS_TOOLKIT_STAGING_TOKEN": " abc \n"})
    assert config.site("staging").token.reveal() == "abc"
    assert config.site("staging").url == "https://moodle.example.org"


def test_a_site_takes_its_token_from_a_file_beside_the_settings(written, tmp_path):
    (tmp_path / "token").write_text("from-file\n")
    config = load_config(written(SITE + 'token_file = "token"\n'), {})
    assert config.site("staging").token.reveal() == "from-file"


def test_a_token_in_the_settings_file_is_refused(written):
    with pytest.raises(ConfigError, match=r"sites\.staging\.token: secrets do not belong in this file"):
        load_config(written(SITE + 'token = "abc"\n'), {})


def test_no_repr_shows_a_secret(written):
    config = load_config(written(SITE), {"LMS_TOOLKIT_STAGING_TOKEN": "s3cr3t"})
    assert "s3cr3t" not in repr(config) + str(config.site("staging").token)
    assert Secret("a") == Secret("a") != Secret("b")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[sites.x]\nurl = 'ftp://a'\n", "sites.x.url must be the http"),
        ("[sites.x]\nurl = 'https://a'\ncolour = 1\n", r"unknown setting sites\.x\.colour"),
        ("[shop]\n", "unknown setting shop"),
        ("[store]\nfile = 'x'\n", r"unknown setting store\.file"),
        ("sites = 3\n", "must be a table"),
        ("[sites]\nx = 3\n", "must be a table"),
        ("[plugins]\ndisabled = 'moodle'\n", "plugins.disabled must be a list of texts"),
        ("[courses]\nfolders = 'x'\n", "courses.folders must be a list of texts"),
        ("[store\n", "is not valid TOML"),
        ("[pull]\nrepair_hours = -1\n", "pull.repair_hours must be a number of hours"),
        ("[pull]\nrepair_hours = nan\n", "pull.repair_hours must be a number of hours"),
        ("[pull]\nrepair_hours = 1e300\n", "pull.repair_hours must be a number of hours up to 87,600"),
        ('[sites.s]\nurl = "https://s.example.org"\nread_timeout = nan\n', "sites.s.read_timeout must be a number"),
        ('[sites.s]\nurl = "https://s.example.org"\nconnect_timeout = 1e300\n', "no more than 86,400"),
        ("[pull]\nhours = 1\n", r"unknown setting pull\.hours"),
        ("[sites.x]\nurl = 'https://a'\nread_timeout = 0\n", "seconds above 0"),
        ("[sites.x]\nurl = 'https://a'\ntoken_file = 'nowhere'\n", "cannot be read"),
    ],
)
def test_a_faulty_file_gets_one_line_with_its_name(written, text, message):
    with pytest.raises(ConfigError, match=message) as caught:
        load_config(written(text), {})
    assert "lms-toolkit.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_utf_8_is_named(tmp_path):
    (tmp_path / "lms-toolkit.toml").write_bytes(b"[store]\nurl = '\xe9'\n")
    with pytest.raises(ConfigError, match="is not UTF-8"):
        load_config(tmp_path / "lms-toolkit.toml", {})


def test_a_token_file_that_is_no_text_is_named_without_what_it_holds(written, tmp_path):
    (tmp_path / "token").write_bytes(b"s3cr3t\xff")
    with pytest.raises(ConfigError, match=r"sites\.s\.token_file: .*token is no text in UTF-8") as caught:
        load_config(written('[sites.s]\nurl = "https://s.example.org"\ntoken_file = "token"\n'), {})
    assert caught.value.__cause__ is None and caught.value.__suppress_context__


def test_the_database_comes_from_the_environment_first(written):
    config = load_config(written("[store]\nurl = 'sqlite:///a.db'\n"), {"LMS_TOOLKIT_DATABASE_URL": "sqlite:///b.db"})
    assert config.database_url == "sqlite:///b.db"


def test_a_database_address_never_shows_its_password(written):
    config = load_config(written("[store]\nurl = 'postgresql://u:hunter2@db/x'\n"), {})
    assert "hunter2" not in repr(config)


def test_disabled_plugins_add_up_from_file_and_environment(written):
    config = load_config(written("[plugins]\ndisabled = ['moodle']\n"), {"LMS_DISABLED_PLUGINS": "sure, sandbox"})
    assert config.disabled_plugins == {"moodle", "sure", "sandbox"}


@pytest.mark.parametrize(("text", "hours"), [("", 24), ("[pull]\nrepair_hours = 1.5\n", 1.5)])
def test_everything_is_pulled_again_once_a_day_or_as_said(written, text, hours):
    assert load_config(written(text), {}).repair_after == timedelta(hours=hours)


def test_everything_need_never_be_pulled_again(written):
    assert load_config(written("[pull]\nrepair_hours = 0\n"), {}).repair_after is None


def test_an_unknown_site_names_the_known_ones(written):
    with pytest.raises(ConfigError, match=r"no site is named 'prod' \(known: staging\)"):
        load_config(written(SITE), {}).site("prod")


def test_the_nearest_file_upwards_is_found(written, tmp_path, monkeypatch):
    path = written(SITE)
    (tmp_path / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a" / "b")
    assert load_config(env={}).path == path
