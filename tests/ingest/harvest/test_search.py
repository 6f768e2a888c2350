"""Foreign works among the search results, and nowhere else."""

from schemas.roles import Role


def found(client, query="?q=эмгек"):
    return client.get(f"/search{query}&lang=en").get_data(as_text=True)


def test_readers_find_foreign_works_marked_and_linked_to_their_library(torture, union, client):
    union.add(torture.url)
    union.run()
    page = found(client)
    assert page.count("from: Torture library") == 10
    link = '<a href="https://torture.example.org/items/3" rel="external nofollow noreferrer">'
    assert link in page


def test_readers_may_narrow_down_to_here_or_elsewhere(torture, union, client, samples, archive):
    union.add(torture.url)
    union.run()
    assert "where=torture" in found(client)
    assert found(client, "?where=torture").count("from: Torture library") == 10
    assert "from: Torture library" not in found(client, "?where=here")


def test_where_nothing_is_harvested_nobody_is_asked_where(client, archive):
    assert "where=" not in found(client, "?q=")


def test_a_title_of_theirs_is_text_and_an_address_of_theirs_no_script(torture, union, client):
    torture.items[0].body = (
        '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<dc:title>Эмгек &lt;script&gt;alert(1)&lt;/script&gt;</dc:title>"
        "<dc:identifier>javascript:alert(1)</dc:identifier>"
        "<dc:identifier>http://user:pass@evil.example.org/</dc:identifier>"
        '<dc:identifier>https://x.example.org/" onclick="alert(1)</dc:identifier></oai_dc:dc>'
    )
    union.add(torture.url)
    union.run()
    page = found(client)
    assert "<script>alert" not in page
    assert "javascript:alert" not in page
    assert "onclick" not in page
    assert "evil.example.org" not in page


def test_foreign_works_are_nowhere_but_in_the_search(
    torture, union, client, archive, settle, tmp_path, enter, person
):
    union.add(torture.url)
    union.run()
    settle()
    pages = ["/", "/browse", "/browse/year", "/browse/author", "/browse/type", "/collections"]
    pages += [
        "/oai?verb=ListRecords&metadataPrefix=oai_dc",
        "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc",
    ]
    pages += ["/oai?verb=ListSets", "/review"]
    browser = enter(person(Role.CATALOGUER))
    for path in pages:
        for reader in (client, browser.client):
            answer = reader.get(path).get_data(as_text=True)
            assert "torture.example.org" not in answer, path
            assert "Эмгек 3" not in answer, path
    assert client.get("/works/-1").status_code == 404
    assert client.get("/works/1").status_code == 404
