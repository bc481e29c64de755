"""A topic's place and its picks, set in the studio and seen by readers."""

from blog.accounts.roles import RoleName
from blog.posts import topics
from tests.blog.posts.building import story
from tests.blog.web.staff import Studio


def test_an_editor_arranges_a_topic_and_readers_see_it(studio: Studio) -> None:
    who = studio.hire(RoleName.EDITOR)
    editor, reader = studio.signed_in(who), studio.app.test_client()
    planets, mars = topics.create(studio.db, "Planets"), topics.create(studio.db, "Mars")
    story(studio.db, who, "Dust", topic_ids=(mars,))
    address = f"/studio/topics/{mars}/arrangement"
    assert address in editor.get("/studio/topics").text
    answer = editor.post(address, {"parent": str(planets), "picks": "/2026/11/dust\n/2026/11/nothing"})
    assert answer.status_code == 422 and "No public story lives at /2026/11/nothing." in answer.text
    assert editor.post(address, {"parent": "99"}).status_code == 422
    assert editor.post(address, {"parent": str(planets), "picks": "/2026/11/dust"}).status_code == 302
    assert "selected" in editor.get(address).text and "/2026/11/dust</textarea>" in editor.get(address).text
    page = reader.get("/topics/mars").text
    assert "Start here" in page and '<a href="/topics/planets">Planets</a>' in page
    assert 'href="/topics/mars">Mars' in reader.get("/topics/planets").text
