"""Books in other scripts: direction, binding, fonts that have to be added, and letters that nobody here can print."""

import io
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from overprint.core.book import BookDoc, Page, PageKind
from overprint.core.problems import Invalid
from overprint.core.story import Trim
from overprint.craft.press import get_printer
from overprint.craft.press.wrap import wrap_pdf
from overprint.craft.typesetting import could_be_added, installed_scripts
from overprint.craft.typesetting.epub_file import epub
from overprint.craft.typesetting.epub_fixed import epub_fixed
from overprint.craft.typesetting.fontfile import covered, scripts_for
from overprint.craft.typesetting.inspect import inspect_pdf
from overprint.craft.typesetting.pdf_file import pdf
from overprint.craft.typesetting.words import missing_characters, printable
from tests.craft.typesetting.conftest import SENTENCE, Sample, paint, story
from tests.craft.typesetting.lines import lines_of
from tests.craft.typesetting.test_epub import _assert_epubcheck_is_silent

Make = Callable[..., Sample]
ARABIC = "في ليلة هادئة جلست الثعلبة Tuppence قرب النافذة ونظرت إلى القمر طويلا، ثم همست: أريد أن أذهب إلى هناك الآن."
HEBREW = "בלילה שקט אחד ישבה השועלה Tuppence ליד החלון והביטה בירח, ואז לחשה: אני רוצה להגיע לשם עוד הלילה הזה."
JAPANESE = (
    "むかしむかし、静かな村のはずれに、一匹の小さなきつねが住んでいました。きつねの名前は「ツクシ」といい、"
    "夜になると窓辺にすわって、月をながめるのが大好きでした。「あそこまで行ってみたいなあ……」と、ツクシはつぶやきました。"
    "すると、Tuppenceという名の白いうさぎが、紙の舟を抱えてやって来ました。「それなら、いっしょに行きましょう！」"
)
HINDI = "एक शांत रात में लोमड़ी Tuppence खिड़की के पास बैठी और चाँद को देर तक देखती रही। “मैं वहाँ जाना चाहती हूँ,” उसने धीरे से कहा।"
THAI = (
    "สุนัขจิ้งจอกตัวน้อยจุดโคมกระดาษของเธอแล้วเงยหน้ามองดวงจันทร์ “ฉันอยากไปที่นั่น” "
    "เธอพูดเบา ๆ ทั้งสองจึงพับกระดาษแผ่นใหญ่ให้เป็นเรือและรอให้ลมพัดมา"
)
BENGALI = "এক শান্ত রাতে শিয়াল Tuppence জানালার পাশে বসে অনেকক্ষণ চাঁদের দিকে তাকিয়ে রইল। “আমি ওখানে যেতে চাই,” সে ফিসফিস করে বলল।"
TAMIL = (
    "ஒரு அமைதியான இரவில் நரி Tuppence சன்னல் அருகே அமர்ந்து நிலவை நீண்ட நேரம் பார்த்துக்கொண்டிருந்தது. "
    "“நான் அங்கே போக விரும்புகிறேன்,” என்று அது மெதுவாகச் சொன்னது."
)
SAMPLES = {"ar": ARABIC, "he": HEBREW}
SHAPED = {
    "hi": (HINDI, "NotoSerifDevanagari"),
    "th": (THAI, "NotoSerifThai"),
    "bn": (BENGALI, "NotoSerifBengali"),
    "ta": (TAMIL, "NotoSerifTamil"),
}


@pytest.mark.parametrize("language", sorted(SAMPLES))
def test_a_book_from_right_to_left_is_bound_on_the_right_and_its_lines_begin_there(book: Make, language: str) -> None:
    picture, data = paint("noisy", Trim.SQUARE)
    doc = replace(book().with_pages(story(picture, *[SAMPLES[language]] * 4)).doc, language=language)
    made = pdf(doc, {picture.content_hash: data})
    with pikepdf.open(io.BytesIO(made)) as opened:
        assert opened.Root.ViewerPreferences.Direction == "/R2L"
    with pypdfium2.PdfDocument(made) as opened:
        lines = [line for page in opened for line in lines_of(page) if len(line.text) > 6]
    right = max(line.right_pt for line in lines)
    assert sum(line.right_pt > right - 6 for line in lines) >= 0.8 * len(lines)
    assert len({round(line.left_pt) for line in lines}) > 1


@pytest.mark.parametrize("language", ["en", *SAMPLES])
def test_the_front_of_a_printed_cover_is_on_the_side_where_reading_begins(book: Make, language: str) -> None:
    whole = book()
    doc = replace(whole.doc, language=language, title="Fox", author="Ann")
    made = wrap_pdf(doc, whole.pictures, get_printer("lulu-paperback"), 40)
    with pypdfium2.PdfDocument(made) as opened:
        page = opened[0]
        title = next(line for line in lines_of(page) if "Fox" in line.text and line.size_pt > 30)
        assert (title.left_pt < page.get_width() / 2) is (language != "en")


def hide_fonts(folder: Path, monkeypatch: pytest.MonkeyPatch, *packages: str) -> None:
    """Packages that are found before any that somebody installed, and without their fonts."""
    for package in packages:
        (folder / f"pylopdf_fonts_{package}").mkdir()
        (folder / f"pylopdf_fonts_{package}" / "__init__.py").touch()
    monkeypatch.syspath_prepend(folder)


@pytest.fixture
def no_added_fonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hide_fonts(tmp_path, monkeypatch, "jp", "ko", "zh_cn", "zh_tw")


@pytest.fixture
def only_japanese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hide_fonts(tmp_path, monkeypatch, "ko", "zh_cn", "zh_tw")


@pytest.mark.usefixtures("no_added_fonts")
@pytest.mark.parametrize(
    ("language", "named"), [("ja", "Japanese"), ("ko", "Korean"), ("zh", "Chinese"), ("zh-Hant", "traditional Chinese")]
)
def test_a_book_whose_fonts_are_not_installed_is_refused_with_the_command_that_installs_them(
    book: Make, language: str, named: str
) -> None:
    doc = replace(book().with_pages(story(None, "月")).doc, language=language)
    with pytest.raises(Invalid, match=f"fonts for {named} are not installed") as refused:
        pdf(doc, {})
    assert "overprint fonts install cjk" in refused.value.next_step
    assert epub(doc, {})
    assert epub_fixed(doc, {}) is None
    assert installed_scripts() == ()


def test_a_japanese_book_is_set_in_its_font_and_no_line_begins_with_what_closes_a_sentence(book: Make) -> None:
    picture, data = paint("noisy", Trim.SQUARE)
    pages = (Page(PageKind.TITLE), story(picture, JAPANESE), story(None, JAPANESE, JAPANESE))
    doc = replace(book().with_pages(*pages).doc, title="月へ行きたいきつね", author="山田花子", language="ja")
    assert missing_characters(doc) == ()
    made = pdf(doc, {picture.content_hash: data})
    assert any("NotoSerifJP" in name for name in inspect_pdf(made).fonts)
    with pypdfium2.PdfDocument(made) as opened:
        lines = [line.text.strip() for page in opened for line in lines_of(page) if len(line.text) > 1]
    told = "".join("".join(lines).split())
    assert told.count("".join(JAPANESE.split())) == 3
    assert doc.title in told and doc.author in told
    assert [line for line in lines if line[0] in "、。」！…"] == []
    assert [line for line in lines if line[-1] in "「"] == []


def test_a_japanese_book_is_an_e_book_of_both_kinds(book: Make, tmp_path: Path) -> None:
    doc = replace(book().with_pages(story(None, JAPANESE)).doc, language="ja")
    for number, made in enumerate((epub(doc, {}), epub_fixed(doc, {}))):
        assert made is not None
        (tmp_path / str(number)).mkdir()
        _assert_epubcheck_is_silent(made, tmp_path / str(number))


NAMED = "The girl next door was called 月子, and everybody liked her very much, but nobody knew what the sign క meant."


@pytest.mark.usefixtures("only_japanese")
def test_a_japanese_name_in_an_english_book_is_set_in_a_font_that_somebody_added(book: Make, tmp_path: Path) -> None:
    sample = book()
    pages = (Page(PageKind.COVER), Page(PageKind.TITLE), story(None, NAMED, heading="Meeting 月子"))
    doc = replace(sample.doc, title="月子 and the Fox", description="Who is 月子?", pages=pages)
    assert missing_characters(doc) == ("క",)
    for made in (pdf(doc, {}), wrap_pdf(doc, {}, get_printer("lulu-paperback"), 40)):
        assert any("NotoSerifJP" in name for name in inspect_pdf(made).fonts)
        with pypdfium2.PdfDocument(made) as opened:
            assert "月子" in "".join(page.get_textpage().get_text_bounded() for page in opened)
    for make in (epub, epub_fixed):
        ebook = make(doc, {}) or b""
        with zipfile.ZipFile(io.BytesIO(ebook)) as archive:
            cut = archive.read("EPUB/fonts/NotoSerifJP-Regular.otf")
            css = b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".css")).decode()
        assert set(TTFont(io.BytesIO(cut)).getBestCmap()) == {ord("月"), ord("子")}
        assert 'src: url("../fonts/NotoSerifJP-Regular.otf"); unicode-range: U+5B50, U+6708;' in css
        assert ebook == make(doc, {})
    _assert_epubcheck_is_silent(ebook, tmp_path)


@pytest.mark.usefixtures("no_added_fonts")
def test_without_the_font_such_a_name_is_a_sign_and_can_be_installed(book: Make) -> None:
    doc = book().with_pages(story(None, NAMED)).doc
    assert missing_characters(doc) == ("క", "子", "月")
    assert could_be_added(missing_characters(doc)) and not could_be_added("క")
    assert any("EBGaramond" in name for name in inspect_pdf(pdf(doc, {})).fonts)
    with zipfile.ZipFile(io.BytesIO(epub(doc, {}))) as archive:
        assert not [name for name in archive.namelist() if "CJK" in name or "NotoSerif" in name]


@pytest.mark.usefixtures("only_japanese")
@pytest.mark.parametrize(
    ("letters", "scripts"), [("abc", ()), ("月", ("ja",)), ("つき月", ("ja",)), ("다", ()), ("月다క", ("ja",))]
)
def test_as_few_added_fonts_are_used_as_show_all_that_can_be(letters: str, scripts: tuple[str, ...]) -> None:
    assert scripts_for(frozenset(map(ord, letters)) - covered()) == scripts


@pytest.mark.parametrize("language", sorted(SHAPED))
def test_a_book_whose_letters_join_and_stack_is_set_in_its_font_in_every_form(
    book: Make, tmp_path: Path, language: str
) -> None:
    words, font = SHAPED[language]
    picture, data = paint("bright", Trim.SQUARE)
    pages = (Page(PageKind.TITLE), story(picture, words), story(None, words, words))
    doc = replace(book().with_pages(*pages).doc, title=words.split()[0][:24], language=language)
    assert missing_characters(doc) == ()
    pictures = {picture.content_hash: data}
    for made in (pdf(doc, pictures), wrap_pdf(doc, pictures, get_printer("lulu-paperback"), 40)):
        assert any(font in name for name in inspect_pdf(made).fonts)
    for number, ebook in enumerate((epub(doc, pictures), epub_fixed(doc, pictures))):
        assert ebook is not None
        (tmp_path / str(number)).mkdir()
        _assert_epubcheck_is_silent(ebook, tmp_path / str(number))


@pytest.mark.parametrize("words", [BENGALI, HINDI, TAMIL])
def test_an_endless_word_is_never_broken_inside_a_syllable(words: str) -> None:
    pieces = printable("".join(filter(str.isalpha, words)) + words.replace(" ", "")).split("\u200b")
    assert len(pieces) > 10
    assert not any(unicodedata.category(piece[0]).startswith("M") for piece in pieces)
    assert not any(unicodedata.combining(piece[-1]) == 9 for piece in pieces)  # a virama


@pytest.mark.parametrize("author", ["Elşən Əliyev", "Мүсірепов", "తిక్కన", "বঙ্কিম", "வள்ளுவர்"])
def test_letters_that_the_italic_does_not_have_are_set_in_names_and_dedications(book: Make, author: str) -> None:
    pages = (
        Page(PageKind.COVER),
        Page(PageKind.TITLE),
        Page(PageKind.DEDICATION, (author,)),
        story(None, SENTENCE * 6),
    )
    sample = book().with_pages(*pages)
    doc = replace(sample.doc, author=author)
    for made in (pdf(doc, {}), wrap_pdf(doc, {}, get_printer("lulu-paperback"), 400)):
        with pypdfium2.PdfDocument(made) as opened:
            told = "".join(page.get_textpage().get_text_bounded() for page in opened)
        assert ("\ufffd" in told) is ("త" in author)


def test_thai_is_broken_between_its_words(book: Make) -> None:
    """It is written without spaces: Typst knows where a word ends, and nothing here cuts through one."""
    assert printable(THAI) == THAI
    with pypdfium2.PdfDocument(pdf(replace(book().with_pages(story(None, THAI)).doc, language="th"), {})) as opened:
        lines = [line.text for page in opened for line in lines_of(page) if len(line.text) > 20]
    assert len(lines) > 2
    assert not any(line.startswith(tuple("ะาำๅๆ็่้๊๋์ิีึืุู")) for line in lines)


def test_letters_that_no_font_has_are_refused_where_they_are_the_book_and_printed_as_signs_where_they_are_few(
    book: Make,
) -> None:
    def doc(words: str) -> BookDoc:
        return book().with_pages(Page(PageKind.STORY, (words,))).doc

    with pytest.raises(Invalid, match="such as క, థ, మ"):
        pdf(doc("కథ మొదలవుతుంది"), {})
    assert epub_fixed(doc("కథ మొదలవుతుంది"), {}) is None
    assert epub(doc("కథ మొదలవుతుంది"), {})
    assert pdf(doc("The sign said క and nobody in the whole wide village could tell what that meant."), {})
