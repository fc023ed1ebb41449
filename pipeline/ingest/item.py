"""One article-to-be as it lies in its source: what the process that reads hands to those that work.

Reading has two halves. `items(inputs, options) -> Iterator[Item | ErrorRecord]` runs in one process: it opens
files, archives and collections one after the other, in an order that does not change, and cuts them into items.
`articles_of(item, options) -> Iterator[Article | ErrorRecord]` runs anywhere: it depends on nothing but its
arguments, touches no file, never raises, and gives one article or one error, and perhaps a `metadata` error beside
the article. Both are in `pipeline.ingest`; `inputs` is what `discover(paths)` gives: its `survey()` counts the sources
and what is passed over, nothing is kept of them. `items` takes `Names` as a third argument where a later call must
not give out the ids of an earlier one.
"""

from __future__ import annotations

import hashlib
from dataclasses import astuple, dataclass
from enum import StrEnum

from pipeline.ingest.options import NO_METADATA, Metadata


class Format(StrEnum):
    """What the bytes of an item are. A RECORD is a JSON object in UTF-8 with some of the keys of `Record`."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    PDF = "pdf"
    RECORD = "record"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """The bytes of one article with all that its reading needs. It can be pickled and is never larger than a little
    more than `IngestOptions.max_bytes`.

    `locator` says where it lies, is unique in a run, the same in each run over the same input, and becomes
    `Article.path`: "dir/a.html", "dump.jsonl#17" (line or record number, from 1), "arch.zip!dir/a.txt".
    `id` is final: the reading process gives ids out in reading order, so that they depend neither on the number of
    workers nor on what was done before an interruption. It is the id that the article gives itself (front matter,
    sidecar, field), else the stem of its file, for records of a collection the locator; where an article before
    it has the id, the folder is put before it, then the whole locator stands for it.
    `stem` is the file's name without its extension, in which a date may stand; "" where there is none.
    `beside` is what stands about the article outside of its bytes (sidecar, WARC header), `problem` what is wrong with
    it; `charset` is the encoding that a server declared.
    """

    locator: str
    id: str
    format: Format
    payload: bytes
    stem: str = ""
    beside: Metadata = NO_METADATA
    problem: str | None = None
    charset: str | None = None

    def digest(self) -> str:
        """SHA-256 of all fields, as hexadecimal digits: two items that are equal have the same, in every run."""
        head = repr((self.locator, self.id, self.format.value, self.stem, self.problem, self.charset))
        about = repr(astuple(self.beside))
        return hashlib.sha256(f"{head}\n{about}\n".encode("utf-8", "surrogatepass") + self.payload).hexdigest()
