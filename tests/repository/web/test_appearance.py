"""Name, logo, colours and contacts: set by administrators, seen on every page and by machines."""

import io
from pathlib import Path

import pytest
from lxml import html
from PIL import Image, PngImagePlugin

import repository
from repository import appearance, audit_list, branding, contrast, mail
from repository import archive as opening
from repository.errors import Invalid
from repository.viewers import SYSTEM
from schemas.roles import Role

NAMES = {"names.ky": "Көл китепканасы", "names.en": "Lake Library", "short.en": "Lake"}


@pytest.fixture
def chief(enter, person):
    return enter(person(Role.ADMINISTRATOR, email="chief@example.org"))


@pytest.fixture
def dress(chief):
    """Sends the form with what was typed; the answer."""

    def make(page=None, **typed):
        form = chief.get("/staff/appearance") if page is None else page
        return chief.send(form, "looks", typed=typed)

    return make


def text(answer):
    return answer.get_data(as_text=True)


def drawn(kind="PNG", size=(300, 150), **more):
    made = io.BytesIO()
    Image.new("RGB", size, "#0b5a68").save(made, kind, **more)
    return made.getvalue()


def test_without_anything_said_it_is_as_it_came(client, chosen):
    page = text(client.get("/?lang=en"))
    assert chosen.name in page and "appearance.css" not in page and "contacts" not in page


def test_the_name_is_followed_by_pages_letters_harvesters_feeds_and_programs(
    dress, client, archive
):
    assert dress(**NAMES).status_code == 303
    assert "<h1>Lake Library</h1>" in text(client.get("/?lang=en"))
    assert "<h1>Көл китепканасы</h1>" in text(client.get("/?lang=ru"))  # the first there is
    above = html.document_fromstring(text(client.get("/help?lang=en"))).xpath("//header//a")
    assert [one.text for one in above if one.get("class") == "name"] == ["Lake"]
    identify = text(client.get("/oai?verb=Identify"))
    assert "<repositoryName>Lake Library</repositoryName>" in identify
    assert "Көл китепканасы" in text(client.get("/opensearch.xml"))
    assert client.get("/api").json["name"] == "Көл китепканасы"
    assert client.get("/api/openapi.json").json["info"]["title"] == "Көл китепканасы"
    assert "Lake Library" in text(client.get("/feeds/new.atom?lang=en"))
    assert mail.test(archive.settings, to="a@example.org", language="en").sent
    sent = next(archive.settings.mail_folder.glob("*.eml")).read_text("utf-8")
    assert "From: Lake Library <" in sent and "Whoever runs Lake Library wanted" in sent


def test_another_process_is_seen_within_moments(dress, archive, monkeypatch):
    assert appearance.name(archive.settings, "en") == archive.settings.name
    with archive.writing() as session:
        branding.keep(
            session, branding.checked({"names": {"en": "Quiet"}}), actor=SYSTEM, revision=0
        )
    assert appearance.name(archive.settings, "en") == archive.settings.name
    monkeypatch.setattr(appearance, "AGE", 0)
    assert appearance.name(archive.settings, "en") == "Quiet"
    with opening.opened(archive.settings) as other:
        assert appearance.name(other.settings, "ru") == "Quiet"


def test_a_database_that_cannot_be_read_leaves_the_usual_name(archive, monkeypatch):
    monkeypatch.setattr(appearance, "AGE", 0)
    with archive.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE appearance")
    assert appearance.name(archive.settings) == archive.settings.name


# --- colours --------------------------------------------------------------------------------------
def test_colours_come_as_a_style_of_their_own_that_browsers_keep(dress, client):
    dress(light="#7A1F5C", dark="#f0a8d8")
    page = html.document_fromstring(text(client.get("/")))
    (address,) = page.xpath("//link[contains(@href, 'appearance.css')]/@href")
    assert not page.xpath("//style | //*[@style]")
    answer = client.get(address)
    assert answer.mimetype == "text/css" and "immutable" in answer.headers["Cache-Control"]
    assert ":root { --accent: #7a1f5c; }" in text(answer)
    assert ':root[data-theme="dark"] { --accent: #f0a8d8; }' in text(answer)
    assert client.get("/appearance.css?old").headers["Cache-Control"] == "no-cache"
    dress(light="#204080")
    (later,) = html.document_fromstring(text(client.get("/"))).xpath(
        "//link[contains(@href, 'appearance.css')]/@href"
    )
    assert later != address


def test_a_colour_that_cannot_be_read_is_refused_with_what_was_measured(dress):
    for field, colour, said in (
        ("light", "#6cc3d0", "reaches 2.0"),
        ("light", "#777777", "#777777 on #fbfaf6 reaches 4.29 : 1"),
        ("dark", "#0b5a68", "4.5 : 1 is needed"),
        ("light", "red", "six digits"),
        ("light", "#fff;}*{display:none", "six digits"),
    ):
        answer = dress(**{field: colour})
        assert answer.status_code == 422, colour
        assert said in text(answer), (colour, said)


def test_the_grounds_that_are_measured_are_those_of_the_style():
    assert contrast.ratio("#000000", "#ffffff") == pytest.approx(21)
    assert contrast.faint("#0b5a68", "light") == contrast.faint("#6cc3d0", "dark") == []
    style = (Path(repository.__file__).parent / "static" / "archive.css").read_text("utf-8")
    for theme, ink in contrast.ON_ACCENT.items():
        assert f"--on-accent: {ink};" in style
        for name, ground in zip(("paper", "surface", "tint"), contrast.GROUNDS[theme], strict=True):
            assert f"--{name}: {ground};" in style


# --- logo -----------------------------------------------------------------------------------------
def test_a_logo_is_drawn_anew_and_kept_by_browsers(dress, client):
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "secret-note")
    data = drawn(size=(900, 450), pnginfo=notes) + b"<script>alert(1)</script>"
    assert dress(logo=(io.BytesIO(data), "logo.png")).status_code == 303
    page = html.document_fromstring(text(client.get("/")))
    (shown,) = page.xpath("//header//img[@class='logo']")
    answer = client.get(shown.get("src"))
    assert answer.mimetype == "image/webp" and "immutable" in answer.headers["Cache-Control"]
    assert b"secret-note" not in answer.data and b"script" not in answer.data
    picture = Image.open(io.BytesIO(answer.data))
    assert picture.size == (320, 160) == (int(shown.get("width")), int(shown.get("height")))
    assert client.get("/logo/another").status_code == 404
    dress(**NAMES)  # what else is changed leaves it
    assert client.get(shown.get("src")).status_code == 200
    dress(without_logo="yes")
    assert client.get(shown.get("src")).status_code == 404
    assert "logo" not in text(client.get("/"))


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG"])
def test_pictures_of_three_kinds_are_taken(kind):
    made, size = branding.picture(drawn(kind))
    assert size == [300, 150] and made[8:12] == b"WEBP"


def test_what_is_no_picture_or_too_large_is_refused():
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    for data in (
        svg,
        b"x",
        drawn("GIF"),
        drawn(size=(5000, 10)),
        drawn()[:60],
        b"\x89PNG" + b"x" * branding.LARGEST,
    ):
        with pytest.raises(Invalid) as refused:
            branding.picture(data)
        assert "logo" in refused.value.errors


# --- contacts and links ---------------------------------------------------------------------------
def test_contacts_and_links_stand_below_each_page(dress, client):
    typed = {
        "address.en": "Karl Marx Street 1\nBishkek",
        "hours.ru": "Пн–Пт 9–18",
        "phone": "+996 312 000000",
        "email": "library@example.org",
        "footer.ky": "Көл китепканасы, 2026",
        "links.0.en": "University",
        "links.0.url": "https://example.org/",
        "about.en": "What the lake people write.",
    }
    assert dress(**typed).status_code == 303
    page = html.document_fromstring(text(client.get("/?lang=en")))
    foot = page.xpath("//footer")[0].text_content()
    for words in ("Karl Marx Street 1\nBishkek", "Пн–Пт", "+996 312", "Көл китепканасы, 2026"):
        assert words in foot
    assert page.xpath("//footer//a[@href='https://example.org/']/text()") == ["University"]
    assert page.xpath("//footer//a/@href")[-1] == "mailto:library@example.org"
    assert "What the lake people write." in page.xpath("//main")[0].text_content()
    assert "library@example.org" in text(client.get("/about?lang=en")).partition("<footer")[0]


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(dress, client):
    for field, value in (
        ("email", "nobody"),
        ("phone", "<b>"),
        ("links.0.url", "javascript:alert(1)"),
        ("links.1.url", "//example.org"),
        ("names.ky", "x" * 121),
    ):
        answer = dress(**{"footer.en": "Kept words", "links.0.en": "There", field: value})
        page = html.document_fromstring(text(answer))
        assert answer.status_code == 422, field
        assert page.xpath(f"//*[@id='f-{field}']/@aria-invalid") == ["true"], field
        assert "Kept words" in text(answer)
    assert "Kept words" not in text(client.get("/"))


def test_whoever_was_slower_loses_nothing(dress, chief):
    slow = chief.get("/staff/appearance")
    dress(**{"names.en": "The quick"})
    answer = dress(slow, **{"names.en": "The slow"})
    assert answer.status_code == 409 and "The slow" in text(answer)
    assert dress(chief.read(answer)).status_code == 303
    assert "The slow" in text(chief.client.get("/?lang=en"))


def test_changes_are_in_the_log_and_for_administrators_alone(dress, archive, enter, person):
    dress(**NAMES)
    with archive.reading() as session:
        (line,) = audit_list.page(session, audit_list.Wanted(kind="appearance"))[0]
    assert line.details["changed"] == ["names", "short"]
    for role in (Role.CATALOGUER, Role.DIRECTOR):
        assert enter(person(role)).client.get("/staff/appearance").status_code == 403
