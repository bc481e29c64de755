"""A story goes to the editors through the studio's pages; those concerned get a mail."""

import pytest

from blog.accounts.roles import RoleName
from tests.blog.web.staff import Client, Studio
from tests.blog.web.studio.test_manuscripts import manuscript


@pytest.fixture
def writer(studio: Studio) -> Client:
    return studio.as_a(RoleName.CONTRIBUTOR, "Cleo Brandt")


@pytest.fixture
def editor(studio: Studio) -> Client:
    return studio.as_a(RoleName.EDITOR, "Edda Moreau")


@pytest.fixture
def post(editor: Client, writer: Client) -> str:
    """The address of a contributor's story."""
    post = writer.post("/studio/posts").headers["Location"]
    writer.post(f"{post}/manuscript", json=manuscript())
    return str(post)


def test_a_contributors_story_goes_to_an_editor_and_back_with_a_mail_each_way(
    studio: Studio, writer: Client, editor: Client, post: str
) -> None:
    assert 'id="publish-link" href="/studio/posts/' in writer.get(post).text
    writer.post(f"{post}/review", {"note": "Fresh from the telescope."})
    (to_editor,) = studio.mails
    assert to_editor[0] == "edda.moreau@example.org" and "Fresh from the telescope." in to_editor[2]
    assert "1" in editor.get("/studio/posts?state=review").text
    page = editor.get(f"{post}/review").text
    assert "Waits for an editor" in page and "Fresh from the telescope." in page
    editor.post(f"{post}/review/changes", {"version": "2", "note": "Name the telescope."})
    assert studio.mails[-1][:2] == ("cleo.brandt@example.org", "Changes wanted: Rings")
    assert "Name the telescope." in writer.get(f"{post}/review").text
    writer.post(f"{post}/review", {"note": ""})
    editor.post(f"{post}/review/approval", {"version": "2", "note": ""})
    assert studio.mails[-1][:2] == ("cleo.brandt@example.org", "Approved: Rings")
    assert "Publish or schedule…" in editor.get(f"{post}/review").text
    assert "approved it" in editor.get("/studio/activity").text


def test_what_stands_in_the_way_of_an_answer_is_said_and_the_words_are_kept(
    editor: Client, writer: Client, post: str
) -> None:
    writer.post(f"{post}/review", {"note": ""})
    empty = editor.post(f"{post}/review/changes", {"version": "2", "note": ""})
    assert empty.status_code == 422 and "Say what should change." in empty.text
    writer.post(f"{post}/manuscript", json=manuscript(version=2, title="Other rings"))
    late = editor.post(f"{post}/review/approval", {"version": "2", "note": "Lovely."})
    assert late.status_code == 409 and "Lovely." in late.text and "Read it again." in late.text
    assert writer.post(f"{post}/review", {"note": "x" * 2001}).status_code == 422


def test_a_word_to_the_editors_is_not_lost_where_nothing_can_be_submitted(editor: Client, post: str) -> None:
    editor.publish(post)
    late = editor.post(f"{post}/review", {"note": "Look at the second part."})
    assert late.status_code == 409
    assert "Look at the second part." in late.text and "nothing to review" in late.text
