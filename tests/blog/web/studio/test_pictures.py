"""The picture library: uploading with and without scripts, describing, finding what lacks words, deleting."""

import hashlib
import io
import re

import pytest

from blog.accounts.roles import RoleName
from blog.images.kinds import KINDS, TAKEN
from tests.blog.images.drawing import png
from tests.blog.web.staff import Client, Studio
from tests.blog.web.studio.test_manuscripts import manuscript

JSON = {"Accept": "application/json"}


@pytest.fixture
def client(studio: Studio) -> Client:
    return studio.as_a(RoleName.EDITOR)


def files(*named: tuple[str, bytes]) -> dict[str, object]:
    return {"file": [(io.BytesIO(data), name) for name, data in named]}


def test_an_upload_answers_the_picture_and_the_same_again_that_it_is_here(client: Client) -> None:
    first = client.post("/studio/pictures", files(("ring.png", png(40, 20))), headers=JSON)
    assert first.status_code == 201
    made = first.json
    assert made and (made["width"], made["height"], made["filename"], made["alt"]) == (40, 20, "ring.png", "")
    assert made["thumb"].startswith("/media/")
    again = client.post("/studio/pictures", files(("other.png", png(40, 20))), headers=JSON)
    assert again.status_code == 200
    assert again.json and again.json["duplicate"] and again.json["id"] == made["id"]


def test_a_file_that_is_no_picture_is_refused_with_a_sentence(client: Client) -> None:
    for name, data in (
        ("page.jpg", b"<html>"),
        ("empty.png", b""),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ):
        answer = client.post("/studio/pictures", files((name, data)), headers=JSON)
        assert answer.status_code == 422
        assert answer.json and answer.json["error"].endswith(".")


def test_an_upload_without_a_file_is_told_to_choose_one(client: Client) -> None:
    answer = client.post("/studio/pictures", {}, headers=JSON)
    assert (answer.status_code, answer.json and answer.json["error"]) == (422, "Choose a picture first.")


def test_without_scripts_many_files_come_in_and_a_bad_one_keeps_no_other_out(client: Client) -> None:
    sent = files(("one.png", png(8, 8)), ("bad.png", b"nothing"), ("two.png", png(9, 9)))
    assert client.post("/studio/pictures", sent).headers["Location"] == "/studio/pictures"
    page = client.get("/studio/pictures").text
    assert "one.png is here" in page and "two.png is here" in page
    assert "bad.png: " in page


def test_too_large_an_upload_is_told_so(client: Client) -> None:
    answer = client.post("/studio/pictures", files(("huge.png", bytes(320_000))), headers=JSON)
    assert answer.status_code == 413
    assert answer.json and "too large" in answer.json["error"]


def test_the_library_finds_by_words_and_by_what_is_missing(studio: Studio, client: Client) -> None:
    studio.picture("aa", alt="The Crab nebula", credit="ESO")
    studio.picture("bb")
    found = client.get("/studio/pictures.json?q=crab").json
    assert found and [one["alt"] for one in found["pictures"]] == ["The Crab nebula"]
    assert (found["page"], found["pages"]) == (1, 1)
    assert "The Crab nebula" not in client.get("/studio/pictures?missing=alt").text
    assert "Clear filters" in client.get("/studio/pictures?q=nothing+of+the+kind").text


def test_the_library_finds_the_pictures_that_nobody_uses(studio: Studio, client: Client) -> None:
    used, spare = studio.picture("aa", alt="Saturn"), studio.picture("bb", alt="A spare comet")
    post = client.post("/studio/posts", {"title": "Rings"}).headers["Location"]
    client.post(f"{post}/manuscript", json=manuscript(lead_image=used))
    page = client.get("/studio/pictures?missing=unused").text
    assert f"/studio/pictures/{spare}" in page and f"/studio/pictures/{used}" not in page
    assert "Unused <b>1</b>" in page and "No credit <b>2</b>" in page and "No description <b>0</b>" in page
    assert "Unused</a>" in client.get("/studio/pictures").text, (
        "every draft is looked through only when asked"
    )


def test_the_pictures_words_are_changed_by_the_page_and_by_the_editor(studio: Studio, client: Client) -> None:
    image = studio.picture()
    words = {"alt": "A nebula", "credit": "ESO", "licence": "CC BY 4.0", "focal_x": "20", "focal_y": "80"}
    assert client.post(f"/studio/pictures/{image}", words).status_code == 302
    told = client.post(f"/studio/pictures/{image}.json", json={"caption": "North is up."}).json
    assert told and (told["alt"], told["credit"], told["caption"]) == ("A nebula", "ESO", "North is up.")
    assert 'value="20"' in client.get(f"/studio/pictures/{image}").text


def test_a_fault_in_the_words_stands_beside_its_field_and_nothing_typed_is_lost(
    studio: Studio, client: Client
) -> None:
    image = studio.picture()
    bad = {"alt": "Kept words", "source_url": "javascript:alert(1)", "focal_x": "50", "focal_y": "50"}
    answer = client.post(f"/studio/pictures/{image}", bad)
    assert answer.status_code == 422
    assert "Kept words" in answer.text and "Give a whole web address" in answer.text
    outside = client.post(f"/studio/pictures/{image}", {"focal_x": "101", "focal_y": "x"})
    assert outside.status_code == 422
    told = client.post(f"/studio/pictures/{image}.json", json={"source_url": "javascript:alert(1)"})
    assert told.json and told.json["fields"]["source_url"]


@pytest.mark.parametrize("sent", ['"words"', "[]", "null", "{"])
def test_words_that_are_no_object_are_the_senders_fault(studio: Studio, client: Client, sent: str) -> None:
    answer = client.post(f"/studio/pictures/{studio.picture()}.json", sent, content_type="application/json")
    assert answer.status_code in (400, 422)
    assert answer.json and answer.json["error"]


def test_a_picture_in_use_is_kept_and_its_page_tells_where_it_stands(studio: Studio, client: Client) -> None:
    image = studio.picture(alt="Saturn", credit="NASA", licence="Public domain")
    post = client.post("/studio/posts", {"title": "Rings"}).headers["Location"]
    client.post(f"{post}/manuscript", json=manuscript(lead_image=image))
    assert "Rings" in client.get(f"/studio/pictures/{image}").text
    assert client.post(f"/studio/pictures/{image}/removal").status_code == 409
    client.post(f"{post}/manuscript", json=manuscript(version=2))
    assert client.post(f"/studio/pictures/{image}/removal").headers["Location"] == "/studio/pictures"
    assert client.get(f"/studio/pictures/{image}").status_code == 404


def test_a_picture_that_is_not_there_is_not_found(client: Client) -> None:
    for number in (7, 2**63 - 1, 2**70):
        assert client.get(f"/studio/pictures/{number}").status_code == 404
        assert client.post(f"/studio/pictures/{number}.json", json={"alt": "x"}).status_code == 404


def test_the_pages_name_the_kinds_of_pictures_that_are_taken_and_no_other(studio: Studio) -> None:
    client = studio.as_a(RoleName.EDITOR)
    client.post("/studio/posts")
    for path in ("/studio/pictures", "/studio/authors/1"):
        page = client.get(path).text
        accepted = re.search(r'accept="([^"]*)"', page)
        assert accepted and set(accepted[1].split(",")) == {kind.media_type for kind in KINDS}
        assert TAKEN in page and "heic" not in page.lower()


def test_where_a_picture_stands_names_nobody_elses_draft(studio: Studio) -> None:
    image, editor = (
        studio.picture(alt="Saturn", credit="NASA", licence="Public domain"),
        studio.as_a(RoleName.EDITOR),
    )
    post = editor.post("/studio/posts", {"title": "A secret"}).headers["Location"]
    editor.post(f"{post}/manuscript", json=manuscript(title="A secret", lead_image=image))
    client = studio.as_a(RoleName.CONTRIBUTOR)
    page = client.get(f"/studio/pictures/{image}").text
    assert (
        "A secret" not in page and "a draft of somebody else&#39;s" in page and f'href="{post}"' not in page
    )
    editor.publish(post)
    assert re.search(r'href="/\d{4}/\d\d/a-secret">A secret<', client.get(f"/studio/pictures/{image}").text)
    assert f'href="{post}">A secret<' in editor.get(f"/studio/pictures/{image}").text


def test_a_script_asks_whether_a_file_is_here_before_it_sends_it(client: Client) -> None:
    data = png(40, 20)
    address = f"/studio/pictures/files/{hashlib.sha256(data).hexdigest()}.json"
    assert client.get(address).json == {"picture": None}
    made = client.post("/studio/pictures", files(("ring.png", data)), headers=JSON).json
    known = client.get(address).json
    assert made and known and known["picture"]["id"] == made["id"]


def test_a_picture_that_looks_like_another_is_told_when_it_comes_and_on_its_page(client: Client) -> None:
    def shade(x: int, y: int) -> tuple[int, int, int]:
        return (x * 3 % 256, y * 5 % 256, (x + y) % 256)

    first = client.post("/studio/pictures", files(("moon.png", png(64, 64, shade))), headers=JSON).json
    double = png(128, 128, lambda x, y: shade(x // 2, y // 2))
    second = client.post("/studio/pictures", files(("moon-2x.png", double)), headers=JSON).json
    assert first and second and first["alike"] == []
    assert second["alike"] == [{"id": first["id"], "filename": "moon.png"}]
    assert "moon-2x.png" in client.get(f"/studio/pictures/{first['id']}").text
    flash = client.post("/studio/pictures", files(("moon-3.png", png(64, 63, shade)))).headers["Location"]
    assert "It looks like moon" in client.get(flash).text


def test_words_of_the_file_are_marked_until_each_is_confirmed(studio: Studio, client: Client) -> None:
    image = studio.picture(
        credit="ESO", objects="M 42", ra=83.82, dec=-5.39, unconfirmed=["credit", "objects", "position"]
    )
    assert f"/studio/pictures/{image}" in client.get("/studio/pictures?missing=confirming").text
    page = client.get(f"/studio/pictures/{image}").text
    assert page.count('name="confirmed" value="') == 4 and "05h 35m 17s −05° 23′ 24″" in page
    words = {
        "credit": "ESO",
        "objects": "M 42",
        "position": "05h 35m 17s −05° 23′ 24″",
        "focal_x": "50",
        "focal_y": "50",
    }
    client.post(f"/studio/pictures/{image}", words | {"confirmed": "credit"})
    assert client.get(f"/studio/pictures/{image}").text.count('name="confirmed" value="') in (2, 3)
    client.post(f"/studio/pictures/{image}", words | {"confirmed": "all"})
    assert 'name="confirmed"' not in client.get(f"/studio/pictures/{image}").text
    assert "No picture matches" in client.get("/studio/pictures?missing=confirming").text


def test_the_editor_confirms_and_places_a_picture_too(studio: Studio, client: Client) -> None:
    image = studio.picture(credit="ESO", unconfirmed=["credit"])
    sent = {"confirmed": ["credit", 7], "position": "83.82 -5.39", "objects": "M 42"}
    told = client.post(f"/studio/pictures/{image}.json", json=sent).json
    assert told and (told["unconfirmed"], told["position"]) == ([], "05h 35m 17s −05° 23′ 24″")
    wrong = client.post(f"/studio/pictures/{image}.json", json={"position": "over there"})
    assert wrong.status_code == 422 and wrong.json and wrong.json["fields"]["position"]


def test_pictures_are_found_by_their_tags(studio: Studio, client: Client) -> None:
    tagged, other = studio.picture("aa", alt="One"), studio.picture("bb", alt="Another")
    client.post(f"/studio/pictures/{tagged}", {"tags": "Nebula, winter", "focal_x": "50", "focal_y": "50"})
    page = client.get("/studio/pictures?tag=nebula").text
    assert f'/studio/pictures/{tagged}"' in page and f'/studio/pictures/{other}"' not in page
    assert "winter (1)" in page
    assert [one["id"] for one in (client.get("/studio/pictures.json?q=WINTER").json or {})["pictures"]] == [
        tagged
    ]


def test_a_picture_gets_another_file_and_keeps_its_words(studio: Studio, client: Client) -> None:
    made = client.post("/studio/pictures", files(("ring.png", png(40, 20))), headers=JSON).json
    assert made
    page = f"/studio/pictures/{made['id']}"
    client.post(f"{page}.json", json={"alt": "A ring"})
    answer = client.post(f"{page}/file", files(("better.png", png(80, 40))))
    assert answer.headers["Location"] == page
    shown = client.get(page).text
    assert "better.png" in shown and "A ring" in shown and "80 × 40" in shown
    assert client.post(f"{page}/file", {}).status_code == 422
    assert client.post(f"{page}/file", files(("bad.png", b"no"))).status_code == 422


def test_staff_may_send_larger_files_than_visitors(studio: Studio, client: Client) -> None:
    studio.app.config["LARGEST_PICTURE"] = 400_000
    for who, status in ((client, 422), (studio.visitor(), 413)):
        answer = who.post("/studio/pictures", files(("huge.png", bytes(320_000))), headers=JSON)
        assert answer.status_code == status


@pytest.mark.parametrize("address", ["pictures?tag=%00", "pictures?q=%00", "pictures/files/%00.json"])
def test_what_no_database_takes_finds_nothing(studio: Studio, address: str) -> None:
    assert studio.as_a(RoleName.AUTHOR).get(f"/studio/{address}").status_code == 200


def test_two_who_describe_a_picture_at_once_hear_of_each_other_and_lose_nothing(client: Client) -> None:
    client.post("/studio/pictures", files(("ring.png", png(40, 20))))

    def opened() -> str:
        found = re.search(r'name="stand" type="hidden" value="(\w+)"', client.get("/studio/pictures/1").text)
        assert found
        return found[1]

    seen = opened()
    first = {"credit": "NASA", "licence": "CC0 1.0", "stand": seen}
    assert client.post("/studio/pictures/1", first).status_code == 302
    second = {"credit": "ESA", "licence": "CC0 1.0", "alt": "A ring", "stand": seen}
    refused = client.post("/studio/pictures/1", second)
    assert refused.status_code == 422 and "Here it says: “NASA”." in refused.text and "A ring" in refused.text
    assert opened() in refused.text
    assert client.post("/studio/pictures/1", second | {"stand": opened()}).status_code == 302
    assert "ESA" in client.get("/studio/pictures/1").text


def test_several_pictures_get_the_same_words_and_it_is_said_what_came_of_it(
    studio: Studio, client: Client
) -> None:
    bare, own = studio.picture(key="a", credit=""), studio.picture(key="b", credit="ESO")
    sent = {"picture": [bare, own, 99], "credit": "NASA", "tags": "dome, Night"}
    answer = client.post("/studio/pictures/labels?missing=credit", sent)
    assert answer.headers["Location"] == "/studio/pictures?missing=credit"
    page = client.get("/studio/pictures").text
    assert "2 pictures described." in page and "Kept a credit or licence of their own: nebula.jpg." in page
    assert "Picture 99: This picture is no longer there." in page
    assert 'value="NASA"' in client.get(f"/studio/pictures/{bare}").text
    assert "dome, night" in client.get(f"/studio/pictures/{own}").text


def test_nothing_chosen_keeps_what_was_typed(studio: Studio, client: Client) -> None:
    image = studio.picture()
    answer = client.post("/studio/pictures/labels", {"credit": "NASA", "shown": [image]})
    assert answer.status_code == 422 and "Choose at least one picture." in answer.text
    assert 'value="NASA"' in answer.text and '<details class="labels" open>' in answer.text
    long = client.post("/studio/pictures/labels", {"credit": "N" * 501, "shown": [image], "all": "all"})
    assert long.status_code == 422 and "See the marked fields." in long.text and "checked" in long.text
