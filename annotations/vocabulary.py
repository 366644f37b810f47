"""The keys of the variables that the program itself reads: every codebook may have them as its core.

Everything else of a codebook is data. Who asks for one of these takes the name from here.
"""

from .states import TargetRole

# Of a passage: who says it, and what it does with the claim.
VOICE = "voice"
POSITION = "position"
# Of a document and a claim: that the document leaves the claim out.
PRESENCE = "presence"
# Of a document as a whole.
STANCE = "stance"
ORIGIN = "origin"
# Of two passages in two documents.
CHANGE = "change"
# Of a claim.
CLAIM_TYPE = "claim_type"

# The targets of a mark beside its passage: who is quoted, and the words that signal it.
SPANS: tuple[TargetRole, ...] = ("source", "cue")
