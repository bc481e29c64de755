"""The Signs page, and what visitors see of it."""

from dataclasses import replace
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert

from blog.accounts.roles import RoleName
from blog.signs import signposts
from blog.signs.model import Signpost
from blog.web import wiring
from tests.blog.web.staff import Studio


def test_an_announcement_stands_over_every_page_but_refusals(studio: Studio) -> None:
    editor, reader = studio.as_a(RoleName.EDITOR), studio.app.test_client()
    assert "announcement" not in reader.get("/").text
    form = {"words": "The eclipse, live <now>", "link": "/sky", "until": "2999-01-01T10:00"}
    assert editor.post("/studio/signs/announcement", form).status_code == 302
    bar = '<a href="/sky">The eclipse, live &lt;now&gt;</a>'
    assert bar in reader.get("/").text and bar in reader.get("/topics").text
    assert bar not in reader.get("/nowhere").text
    page = editor.get("/studio/signs").text
    assert 'value="2999-01-01T10:00"' in page and 'value="/sky"' in page
    editor.post("/studio/signs/announcement", {"words": ""})
    assert bar not in reader.get("/").text


def test_a_signpost_leads_on_where_no_page_is(studio: Studio) -> None:
    editor, reader = studio.as_a(RoleName.EDITOR), studio.app.test_client()
    for path, target in (
        ("/old.php", "/news"),
        ("/2019/05/lost", "https://example.org/lost"),
        ("/topics", "/"),
    ):
        assert editor.post("/studio/signs/signposts", {"path": path, "target": target}).status_code == 302
    assert lead(reader, "/old.php") == (301, "/news")
    assert lead(reader, "/2019/05/lost") == (301, "https://example.org/lost")
    assert lead(reader, "/topics") == (200, None), "a page that is there comes first"
    assert reader.post("/old.php").status_code == 404
    editor.post("/studio/signs/signposts/removal", {"path": "/old.php"})
    assert lead(reader, "/old.php") == (404, None)


def lead(reader: FlaskClient, path: str) -> tuple[int, str | None]:
    answer = reader.get(path)
    return answer.status_code, answer.location


def test_what_is_wrong_with_a_sign_stands_beside_it_and_nothing_is_lost(studio: Studio) -> None:
    editor = studio.as_a(RoleName.EDITOR)
    answer = editor.post("/studio/signs/announcement", {"words": "Kept words", "link": "nowhere"})
    assert answer.status_code == 422 and "That is no address." in answer.text and "Kept words" in answer.text
    answer = editor.post("/studio/signs/announcement", {"words": "Kept words", "until": "soon"})
    assert answer.status_code == 422 and "Kept words" in answer.text
    answer = editor.post("/studio/signs/signposts", {"path": "old", "target": "/news"})
    assert answer.status_code == 422 and 'value="old"' in answer.text


@pytest.mark.parametrize("until", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_a_moment_at_the_end_of_all_calendars_is_no_fault_of_ours(studio: Studio, until: str) -> None:
    editor = studio.as_a(RoleName.EDITOR)
    for zone in ("Pacific/Auckland", "America/Anchorage"):
        house = replace(studio.house, settings=studio.house.settings.model_copy(update={"timezone": zone}))
        wiring.install(studio.app, house)
        form = {"words": "Kept words", "until": until}
        answer = editor.post("/studio/signs/announcement", form)
        assert answer.status_code in (302, 422)


def test_a_signpost_too_many_is_refused_beside_what_was_typed(studio: Studio, noon: datetime) -> None:
    with studio.db.transaction() as s:
        rows = [{"path": f"/{n}", "target": "/news", "created_at": noon} for n in range(signposts.MOST)]
        s.execute(insert(Signpost), rows)
    form = {"path": "/one-more", "target": "/news"}
    answer = studio.as_a(RoleName.EDITOR).post("/studio/signs/signposts", form)
    assert answer.status_code == 409 and "Take some away first." in answer.text
    assert 'value="/one-more"' in answer.text
