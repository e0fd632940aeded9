"""What is kept under its values: made once, never mistaken for another's, and only the last few."""

from __future__ import annotations

from stations import kept


def test_the_same_values_are_made_once_and_others_anew() -> None:
    made: list[str] = []

    def make(name: str) -> str:
        made.append(name)
        return name

    store: kept.Kept[str] = kept.Kept(5)
    told = [store.get((name, (1, None)), lambda name=name: make(name)) for name in "abaab"]  # type: ignore[misc]

    assert (told, made) == ([*"abaab"], ["a", "b"])


def test_the_longest_unasked_goes_first() -> None:
    store: kept.Kept[object] = kept.Kept(2)
    first, second = store.get("a", object), store.get("b", object)

    assert store.get("a", object) is first
    store.get("c", object)

    assert store.get("a", object) is first
    assert store.get("b", object) is not second


def test_after_forgetting_all_is_made_anew() -> None:
    store: kept.Kept[object] = kept.Kept(2)
    first = store.get("a", object)

    kept.forget()

    assert store.get("a", object) is not first
