from newsletter.editions.remembering import Remembered


def test_what_is_asked_for_again_is_made_once_and_what_was_not_asked_for_longest_is_forgotten() -> None:
    made: list[str] = []

    def make(key: str) -> str:
        made.append(key)
        return key.upper()

    kept: Remembered[str, str] = Remembered(2)
    got = [kept.get(key, lambda key=key: make(key)) for key in "abacab"]  # type: ignore[misc]
    assert got == list("ABACAB")
    assert made == ["a", "b", "c", "b"]
