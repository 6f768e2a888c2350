import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from schemas import fields, languages, text


@pytest.mark.parametrize(
    ("given", "normal"),
    [
        ("2024", "2024"),
        ("2024-05", "2024-05"),
        ("2024-02-29", "2024-02-29"),
        ("31.05.2024", "2024-05-31"),
        ("2024/05/31", "2024-05-31"),
        ("1924~", "1924~"),
        ("1924?", "1924?"),
    ],
)
def test_dates_are_edtf(given, normal):
    assert fields.check_date(given) == normal


@pytest.mark.parametrize(
    "given", ["", "20x4", "2023-02-29", "2024-13", "2024-00", "24", "٢٠٢٤", "2024-5-1", "0000"]
)
def test_what_is_no_date_is_refused_by_name(given):
    with pytest.raises(ValidationError):
        fields.check_date(given)


@pytest.mark.parametrize(
    "given",
    [
        "10.21105/JOSE.00016",
        "doi:10.21105/jose.00016",
        "https://doi.org/10.21105/jose.00016",
        "http://dx.doi.org/10.21105%2Fjose.00016",
        " 10.21105/jose.00016. ",
    ],
)
def test_a_doi_is_kept_bare_and_small(given):
    assert fields.check_doi(given) == "10.21105/jose.00016"


@pytest.mark.parametrize("given", ["", "11.2/x", "10.1/x", "doi", "10.1234/", "10.1234/a b"])
def test_what_is_no_doi_is_refused(given):
    with pytest.raises(ValidationError):
        fields.check_doi(given)


@pytest.mark.parametrize(
    ("check", "given", "normal"),
    [
        (fields.check_orcid, "https://orcid.org/0000-0002-1825-0097", "0000-0002-1825-0097"),
        (fields.check_orcid, "000000021694233X", "0000-0002-1694-233X"),
        (fields.check_isbn, "0-306-40615-2", "9780306406157"),
        (fields.check_isbn, "ISBN 978-0-306-40615-7", "9780306406157"),
        (fields.check_isbn, "080442957X", "9780804429573"),
        (fields.check_issn, "ISSN 0317-8471", "0317-8471"),
        (fields.check_issn, "2434561x", "2434-561X"),
    ],
)
def test_check_digits_are_right(check, given, normal):
    assert check(given) == normal


@pytest.mark.parametrize(
    ("check", "given"),
    [
        (fields.check_orcid, "0000-0002-1825-0098"),
        (fields.check_isbn, "0-306-40615-3"),
        (fields.check_isbn, "978-0-306-40615-8"),
        (fields.check_issn, "0317-8472"),
    ],
)
def test_a_wrong_check_digit_is_named_as_such(check, given):
    with pytest.raises(ValidationError, match="wrong check digit"):
        check(given)


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (fields.check_date, "31.05.2024"),
        (fields.check_doi, "https://doi.org/10.21105/JOSE.00016"),
        (fields.check_orcid, "000000021694233X"),
        (fields.check_isbn, "0-306-40615-2"),
        (fields.check_issn, "2434561x"),
        (fields.check_language, "kir"),
    ],
)
def test_normalising_twice_is_normalising_once(check, value):
    assert check(check(value)) == check(value)


@pytest.mark.parametrize(
    ("given", "code"),
    [("KY", "ky"), ("kir", "ky"), ("en-GB", "en"), ("ger", "de"), ("dng", "dng"), ("ru_RU", "ru")],
)
def test_languages_are_stored_with_two_letters_where_there_are_two(given, code):
    assert languages.normalise(given) == code
    assert languages.normalise(languages.alpha3(code)) == code


@pytest.mark.parametrize(
    ("code", "found"), [("ky", "kir"), ("de", "ger"), ("sah", "sah"), ("dng", None), ("mul", "mul")]
)
def test_catalogues_have_their_own_codes_of_languages(code, found):
    assert languages.bibliographic(code) == found
    assert found is None or languages.normalise(found) == code


@pytest.mark.parametrize("given", ["", "xx", "kyrgyz", "ру"])
def test_unknown_languages_are_refused(given):
    with pytest.raises(ValidationError):
        fields.check_language(given)


@given(st.text())
def test_clean_text_is_what_xml_can_carry_and_cleaning_is_idempotent(value):
    cleaned = text.clean(value)
    assert not text.has_forbidden(cleaned)
    assert text.clean(cleaned) == cleaned
    assert text.line(text.line(value)) == text.line(value)
    assert text.paragraphs(text.paragraphs(value)) == text.paragraphs(value)


@pytest.mark.parametrize(
    "given", ["", "ftp://example.org/", "//example.org", "https://", "http://[::1", "x y"]
)
def test_what_is_no_web_address_is_refused(given):
    with pytest.raises(ValidationError):
        fields.check_url(given)
