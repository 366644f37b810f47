"""Import of documents.

`read` makes a document of a file and knows nothing of Django; `corpus.imports.storing` keeps what
was read. A new format is a module with a `READER` beside the others, named in `readers.READERS`.
"""

from .readers import ENDINGS, READERS, read, read_all, read_pasted
from .reading import MAX_BYTES, Metadata, ReadDocument, ReadingError

__all__ = [
    "ENDINGS",
    "MAX_BYTES",
    "READERS",
    "Metadata",
    "ReadDocument",
    "ReadingError",
    "read",
    "read_all",
    "read_pasted",
]
