"""IRBIS64's database files, written as IRBIS64 would."""

import struct

from ingest.irbis.records import Status


def write(folder, name, *histories):
    """A database of these records; each is the list of its versions, oldest first."""
    master = bytearray(struct.pack(">9I", 0, len(histories) + 1, 0, 0, 0, 0, 0, 0, 0))
    places = b""
    for mfn, versions in enumerate(histories, 1):
        back, status = 0, Status.LAST
        for number, record in enumerate(versions, 1):
            at, status = len(master), record.status
            master += _record(mfn, record, number, back)
            back = at
        places += struct.pack(">IIi", back, 0, int(status))
    (folder / f"{name}.mst").write_bytes(bytes(master))
    (folder / f"{name}.xrf").write_bytes(places)
    return folder


def _record(mfn, record, version, back):
    directory = body = b""
    for field in record.fields:
        data = field.text.encode()
        directory += struct.pack(">3I", field.tag, len(body), len(data))
        body += data
    base = 32 + len(directory)
    said = (mfn, base + len(body), back, 0, base, len(record.fields), version, int(record.status))
    return struct.pack(">8I", *said) + directory + body
