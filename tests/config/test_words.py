import gettext

import pytest
from babel.messages.catalog import Catalog

from config import words


@pytest.fixture
def template(tmp_path, monkeypatch):
    """One template that is the whole project, and an English catalogue of nothing."""
    folder = tmp_path / "stations" / "templates"
    folder.mkdir(parents=True)
    monkeypatch.setattr(words, "ROOT", tmp_path)
    monkeypatch.setattr(words, "APPS", ("stations",))
    monkeypatch.setattr(words, "CATALOGUE", tmp_path / "en" / "LC_MESSAGES" / "django.po")

    def write(text: str) -> None:
        (folder / "page.html").write_text(text)
        (tmp_path / "stations" / "code.py").write_text("")

    return write


def translate(chinese: str, english: str) -> None:
    empty = f'msgid "{chinese}"\nmsgstr ""'
    text = words.CATALOGUE.read_text()
    assert empty in text
    words.CATALOGUE.write_text(text.replace(empty, empty[:-1] + english + '"'))


def ids(catalogue: Catalog) -> set[object]:
    return {message.id for message in catalogue if message.id}


def test_words_are_found_in_templates_and_code(template, tmp_path):
    template(
        "<p>\n  {% translate '问题' %}</p>\n{% blocktranslate count n=n %}一项{% plural %}"
        "{{ n }} 项{% endblocktranslate %}"
    )
    (tmp_path / "stations" / "code.py").write_text("x = _('整改')\ny = gettext('销号')\n")

    assert ids(words.used()) == {"问题", ("一项", "%(n)s 项"), "整改", "销号"}


def test_update_keeps_what_is_translated_and_drops_what_is_gone(template):
    template("{% translate '旧词' %}{% translate '问题' %}")
    words.update()
    translate("问题", "Finding")

    template("{% translate '问题' %}{% translate '新词' %}")
    words.update()

    kept = words.kept()
    assert ids(kept) == {"问题", "新词"}
    assert kept.get("问题").string == "Finding"
    assert words.untranslated() == ["no English for: 新词"]


def test_a_broken_placeholder_is_named(template):
    template("{% blocktranslate %}逾期 {{ days }} 天{% endblocktranslate %}")
    words.update()
    translate("逾期 %(days)s 天", "%(day)s late")

    faults = words.untranslated()

    assert len(faults) == 1
    assert faults[0].endswith("逾期 %(days)s 天")


def test_chinese_outside_gettext_is_named_with_its_line(template):
    template(
        "{% comment %}说明{% endcomment %}\n{# 说明 #}\n<p>\n  裸字 {% translate '问题' %}</p>"
    )

    assert words.bare_chinese() == ["stations/templates/page.html:4: Chinese outside gettext"]


def test_compiled_catalogue_speaks_english(template):
    template("{% translate '问题' %}")
    words.update()
    translate("问题", "Finding")

    words.compile_catalogues()

    with words.CATALOGUE.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("问题") == "Finding"
