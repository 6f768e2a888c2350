"""Programs that deposit by SWORD 3.0, over HTTP, and what they send."""

import base64
import hashlib
import io
import zipfile
from datetime import timedelta
from typing import NamedTuple

import requests
from sqlalchemy import select

from repository import accounts, api_tokens
from repository.archive import Archive
from repository.models.accounts import Account
from repository.models.works import Work
from schemas.programs import Scope
from schemas.roles import Role

METADATA = {
    "@context": "https://swordapp.github.io/swordv3/swordv3.jsonld",
    "@type": "Metadata",
    "dc:title": {"@value": "Тоо тили", "@language": "ky"},
    "dc:creator": ["Асанова, Айгүл", "Бакиров, Тилек"],
    "dcterms:issued": "2024",
    "dc:language": "ky",
    "dc:type": "article",
    "dc:rights": "https://creativecommons.org/licenses/by/4.0/",
    "dcterms:abstract": "Кыскача мазмуну.",
    "made:up": "is left out",
}


def digest(data, name="SHA-256"):
    made = hashlib.new(name.lower().replace("-", ""), data, usedforsecurity=False)
    return f"{name}={base64.b64encode(made.digest()).decode()}"


def zipped(**files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, data in files.items():
            pack.writestr(name, data)
    return made.getvalue()


class Program:
    """Asks as a program of somebody does: with its token, and whatever headers are given."""

    def __init__(self, house, address, token):
        self.house, self.address, self.token = house, address, token
        self.session = house.session

    def __call__(self, method, path, data=b"", **headers):
        url = path if path.startswith("http") else f"{self.house.url}/api/sword/3{path}"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if data and "Digest" not in named:
            named["Digest"] = digest(data)
        bears = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return self.session.request(method, url, data=data, headers={**bears, **named})

    def tag(self, path):
        """The ETag of an object, or of a part of it."""
        return self("GET", path).headers["ETag"]

    def file(self, method, path, data=b"Soz", name="a.txt", **headers):
        """Sends a file."""
        said = {"Content_Type": "text/plain"}
        if name:
            said["Content_Disposition"] = f"attachment; filename={name}"
        return self(method, path, data, **{**said, **headers})


class House(NamedTuple):
    """An archive at an address of its own."""

    archive: Archive
    url: str
    session: requests.Session

    def program(self, *roles, email="program@example.org", scopes=(Scope.READ, Scope.DEPOSIT)):
        """A program of somebody, who gets an account when there is none."""
        with self.archive.writing() as session:
            known = session.scalar(select(Account).where(Account.email == email))
            owner = (
                accounts.viewer(known)
                if known
                else accounts.create(
                    session,
                    email=email,
                    name="Program",
                    password="a long enough password",
                    roles=roles or (Role.DEPOSITOR,),
                    language="en",
                    confirmed=True,
                )
            )
            lasts = timedelta(days=1)
            token = api_tokens.make(session, actor=owner, name="t", scopes=scopes, lasts=lasts)
        return Program(self, email, token)

    def work(self, address):
        """The work of an Object-URL, and the names of its files."""
        with self.archive.reading() as session:
            found = session.get_one(Work, int(address.rpartition("/")[2]))
            return found, [one.name for one in found.current_files], found.owner_id

    def left(self):
        """All that is kept: numbers of works, and files that wait."""
        settings = self.archive.settings
        with self.archive.reading() as session:
            numbers = session.scalars(select(Work.id).order_by(Work.id)).all()
        waits = [one.name for one in settings.staging.iterdir() if one.is_file()]
        return numbers, sorted(waits)
