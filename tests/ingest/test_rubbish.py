"""Document information that says nothing."""

import pytest

from ingest import rubbish


@pytest.mark.parametrize(
    "title",
    [
        "Microsoft Word - статья.doc",
        "Microsoft PowerPoint - Presentation1",
        "untitled",
        "Untitled Document",
        "Без имени-1",
        "Документ1",
        "Document 2",
        "PowerPoint Presentation",
        "Презентация PowerPoint",
        "Слайд 1",
        "диплом",
        "thesis_final_v3.pdf",
        "Vestnik_2019_3.indd",
        "C:\\Users\\admin\\Desktop\\макала",
        "/home/user/paper",
        "doi:10.1234/abc",
        "PII: S0022-1694(20)30",
        "a3f5c9d2e1b84f6789ab",
        "KMBT_C22020190311",
        "12-34",
        "þÿ\x00A",
        "????????",
        "IEEE Paper Word Template in A4",
        "abc",
        "",
    ],
)
def test_titles_that_programs_leave_are_rubbish(title):
    assert rubbish.is_title(title)


@pytest.mark.parametrize(
    "title",
    [
        "Тоо суулары",
        "Книга Манаса",
        "Document engineering for archives",
        "Unknown pleasures of small libraries",
        "R for Data Analysis: An open-source resource",
        "FAIR_Bioinfo: a turnkey training course",
        "DNA template switching in 2020",
        "Диплом магистра: вчера и сегодня",
        "Манас",
    ],
)
def test_titles_of_works_are_none(title):
    assert not rubbish.is_title(title)


@pytest.mark.parametrize(
    "author",
    ["Admin", "User", "Пользователь Windows", "HP", "Acer", "a@example.org", "user1", "Асан", ""],
)
def test_users_of_computers_are_no_authors(author):
    assert rubbish.is_author(author)


@pytest.mark.parametrize("author", ["Jane Doe", "Асанов Б. М.", "Doe, Jane", "Асан уулу Бакыт"])
def test_people_are_authors(author):
    assert not rubbish.is_author(author)
