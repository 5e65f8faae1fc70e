"""The inline grammar: roles, names, links, colours, and the words for what is computed."""

from literate.prose.claims import ClaimError, Evidence
from literate.prose.inline import ROLES, WORDS, Role, expressions, render
from literate.prose.links import link_to, listing_of
from literate.prose.words import coloured, words_for

__all__ = [
    "ROLES",
    "WORDS",
    "ClaimError",
    "Evidence",
    "Role",
    "coloured",
    "expressions",
    "link_to",
    "listing_of",
    "render",
    "words_for",
]
