"""An author's picture: uploaded with the form, chosen from the library, or none."""

import io

import pytest

from blog.accounts.roles import RoleName
from blog.authors import profiles
from blog.images import library
from tests.blog.images.drawing import png
from tests.blog.web.staff import Client, Studio

MAREN = {"name": "Maren Solbakk"}


@pytest.fixture
def client(studio: Studio) -> Client:
    return studio.as_a(RoleName.EDITOR)


def upload(data: bytes, name: str = "maren.png") -> dict[str, object]:
    return {"file": (io.BytesIO(data), name)}


def portrait(studio: Studio) -> int | None:
    [entry] = profiles.list_all(studio.db)
    return entry.text.image_id


def test_a_picture_comes_with_a_new_author_and_its_words_are_asked_for_next(
    studio: Studio, client: Client
) -> None:
    answer = client.post("/studio/authors", MAREN | upload(png(40, 20)))
    [picture] = library.search(studio.db, "", 1).items
    assert answer.headers["Location"] == f"/studio/pictures/{picture.id}"
    assert portrait(studio) == picture.id
    asked = client.get(f"/studio/pictures/{picture.id}").text
    assert "Say here what the new picture shows" in asked and "Maren Solbakk" in asked
    page = client.get("/studio/authors/1").text
    assert f'value="{picture.id}" checked' in page and "maren.png" in page


def test_an_upload_that_the_library_knows_with_its_words_leads_back_to_the_author(
    studio: Studio, client: Client
) -> None:
    client.post("/studio/authors", MAREN)
    client.post("/studio/pictures", upload(png(40, 20)))
    words = {"alt": "Maren at sea", "credit": "M. Solbakk", "focal_x": "50", "focal_y": "50"}
    client.post("/studio/pictures/1", words)
    answer = client.post("/studio/authors/1", MAREN | {"image_id": ""} | upload(png(40, 20)))
    assert answer.headers["Location"] == "/studio/authors/1"
    assert portrait(studio) == 1


def test_a_picture_of_the_library_is_chosen_and_given_up_without_scripts(
    studio: Studio, client: Client
) -> None:
    first, second = studio.picture("aa", alt="Maren at sea"), studio.picture("bb")
    client.post("/studio/authors", MAREN)
    page = client.get("/studio/authors/1").text
    assert 'value="" checked' in page and "Maren at sea" in page and f'value="{second}"' in page
    client.post("/studio/authors/1", MAREN | {"image_id": str(first)})
    assert portrait(studio) == first
    client.post("/studio/authors/1", MAREN | {"image_id": ""})
    assert portrait(studio) is None


def test_the_chosen_picture_is_offered_however_old_it_is(studio: Studio, client: Client) -> None:
    old = studio.picture("aa")
    client.post("/studio/authors", MAREN | {"image_id": str(old)})
    for number in range(library.ON_A_PAGE):
        studio.picture(f"b{number:02}")
    assert f'value="{old}" checked' in client.get("/studio/authors/1").text
    assert len(library.choice(studio.db, old)) == library.ON_A_PAGE + 1
    assert len(library.choice(studio.db, None)) == library.ON_A_PAGE


def test_a_fault_elsewhere_does_not_cost_the_upload(studio: Studio, client: Client) -> None:
    for fault in ({"name": ""}, MAREN | {"links": "Site javascript:alert(1)"}):
        answer = client.post("/studio/authors", fault | upload(png(40, 20)))
        [picture] = library.search(studio.db, "", 1).items
        assert answer.status_code == 422
        assert f'value="{picture.id}" checked' in answer.text


def test_a_file_that_is_no_picture_is_refused_beside_its_field_and_changes_nothing(
    studio: Studio, client: Client
) -> None:
    image = studio.picture()
    client.post("/studio/authors", MAREN | {"image_id": str(image)})
    answer = client.post(
        "/studio/authors/1", {"name": "Other", "image_id": str(image)} | upload(b"<html>", "me.jpg")
    )
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.text and 'value="Other"' in answer.text
    assert f'value="{image}" checked' in answer.text
    assert [entry.name for entry in profiles.list_all(studio.db)] == ["Maren Solbakk"]


def test_an_authors_picture_is_kept_and_its_page_tells_whose_it_is(studio: Studio, client: Client) -> None:
    image = studio.picture()
    client.post("/studio/authors", MAREN | {"image_id": str(image)})
    assert "Maren Solbakk" in client.get(f"/studio/pictures/{image}").text
    refused = client.post(f"/studio/pictures/{image}/removal")
    assert refused.status_code == 409 and "in 1 place" in refused.text


@pytest.mark.parametrize("number", ["99", str(2**63), "-1", "many"])
def test_a_choice_that_no_picture_answers_to_is_no_fault_of_ours(
    studio: Studio, client: Client, number: str
) -> None:
    answer = client.post("/studio/authors", MAREN | {"image_id": number})
    assert answer.status_code in (302, 422)
    assert all(entry.picture is None for entry in profiles.list_all(studio.db))
