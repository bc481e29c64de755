import pytest

from newsletter.subscribers.origins import AGREED, Origin, campaign, page_elsewhere, path


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("/2026/11/rings", "/2026/11/rings"),
        ("//evil.example/", ""),
        ("/\\evil.example", ""),
        ("javascript:alert(1)", ""),
        ("/\n", ""),
        ("/" + "x" * 300, ""),
    ],
)
def test_a_source_is_a_path_of_ours_or_nothing(given: str, kept: str) -> None:
    assert path(given) == kept


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://Blog.Example.org/moon?token=secret#part", "https://blog.example.org/moon"),
        ("https://blog.example.org/", "https://blog.example.org"),
        ("http://user:pass@blog.example.org:8080/a", "http://blog.example.org:8080/a"),
        ("https://blog.example.org/mail/ann@example.org", "https://blog.example.org"),
        ("ftp://blog.example.org/", ""),
        ("https://[", ""),
        ("https://blog.example.org:99999/", ""),
        ("", ""),
    ],
)
def test_another_sites_page_is_kept_without_what_may_be_private(given: str, kept: str) -> None:
    assert page_elsewhere(given) == kept


def test_a_tag_is_words_and_never_an_address() -> None:
    assert campaign(" autumn-2026 <b>\x00 ") == "autumn-2026 b"
    assert campaign("ann@example.org") == ""
    assert len(campaign("x" * 300)) == 100


def test_the_consent_names_the_form_its_words_and_the_campaign() -> None:
    assert Origin("/news").words == f"band: {AGREED}"
    assert Origin("/news", "page", "autumn").words == f"page: {AGREED} Campaign: autumn."
