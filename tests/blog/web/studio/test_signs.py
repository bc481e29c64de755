"""The Signs page, and what visitors see of it."""

from flask.testing import FlaskClient

from blog.accounts.roles import RoleName
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
