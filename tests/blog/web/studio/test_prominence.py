"""Featuring and pinning in the studio, and what readers see of it."""

from datetime import timedelta

from blog import clock
from blog.accounts.roles import RoleName
from blog.posts import topics
from tests.blog.web.staff import Studio
from tests.blog.web.studio.test_manuscripts import manuscript


def test_an_editor_features_and_pins_a_story(studio: Studio) -> None:
    editor, reader = studio.as_a(RoleName.EDITOR), studio.app.test_client()
    topic = topics.create(studio.db, "Rings")
    for title in ("Old rings", "New rings"):
        post = editor.post("/studio/posts", {"title": title}).headers["Location"]
        editor.post(f"{post}/manuscript", json=manuscript(title=title, topic_ids=[topic]))
        editor.post(f"{post}/publication", {"version": "2", "what": "site", "when": "now"})
    old = "/studio/posts/1"
    assert "Feature or pin" in editor.get(old).text
    day = (clock.now() + timedelta(days=3)).date()
    answer = editor.post(f"{old}/prominence", {"featured": "y", "pinned_until": day.isoformat()})
    assert answer.status_code == 302
    assert 'value="' + day.isoformat() + '"' in editor.get(f"{old}/prominence").text
    home, page = reader.get("/").text, reader.get("/topics/rings").text
    assert home.index("Old rings") < home.index("New rings")
    assert page.index("Old rings") < page.index("New rings") and page.count(">Pinned<") == 1
    listed = editor.get("/studio/posts").text
    assert "Leads the home page" in listed and "Pinned until" in listed
    editor.post(f"{old}/prominence", {})
    assert reader.get("/").text.index("New rings") < reader.get("/").text.index("Old rings")


def test_a_day_that_is_none_is_told_beside_it(studio: Studio) -> None:
    editor = studio.as_a(RoleName.EDITOR)
    post = editor.post("/studio/posts", {"title": "Rings"}).headers["Location"]
    for wrong in ("soon", "2001-01-01"):
        answer = editor.post(f"{post}/prominence", {"featured": "y", "pinned_until": wrong})
        assert answer.status_code == 422 and "field__error" in answer.text and "checked" in answer.text


def test_authors_see_no_way_to_it(studio: Studio) -> None:
    author = studio.as_a(RoleName.AUTHOR)
    post = author.post("/studio/posts", {"title": "Mine"}).headers["Location"]
    assert "Feature or pin" not in author.get(post).text
    assert author.post(f"{post}/prominence", {"featured": "y"}).status_code == 403
