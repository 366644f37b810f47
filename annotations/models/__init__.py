"""What readers say about documents. A module for each thing that is stored."""

from .annotation import Annotation, AnnotationQuerySet
from .claim import MOVE, Claim, ClaimCoding, ClaimQuerySet
from .codebook import Code, Codebook, CodebookVersion, Variable, default_codebook
from .errors import ClaimInUse, EditConflict, QuoteMismatch
from .fitting import Fitted, check_open, fit
from .listing import Known, known_claims, listed_claims, numbered
from .numbering import Numbering
from .rejection import Rejection
from .revision import PASSED, AppendOnly, Revision
from .target import Coding, Target

__all__ = [
    "MOVE",
    "PASSED",
    "Annotation",
    "AnnotationQuerySet",
    "AppendOnly",
    "Claim",
    "ClaimCoding",
    "ClaimInUse",
    "ClaimQuerySet",
    "Code",
    "Codebook",
    "CodebookVersion",
    "Coding",
    "EditConflict",
    "Fitted",
    "Known",
    "Numbering",
    "QuoteMismatch",
    "Rejection",
    "Revision",
    "Target",
    "Variable",
    "check_open",
    "default_codebook",
    "fit",
    "known_claims",
    "listed_claims",
    "numbered",
]
