"""How a value is written: by the format behind an expression, and as a sentence has it."""

import ast
import contextlib
import re


def formatted(expression: str) -> tuple[str, str]:
    """Return an expression and its format, which may stand behind a colon: 'l1[0, 0]' and '.4f'."""
    ends = [match.start() for match in re.finditer(":", expression)]
    for end in [len(expression), *ends]:
        with contextlib.suppress(SyntaxError, ValueError):
            ast.parse(f"({expression[:end]}\n)", mode="eval")
            return expression[:end].strip(), expression[end + 1 :].strip()
    return expression, ""


def in_sentence(text: str) -> str:
    """Return a value as a sentence has it: with a minus where it begins with a hyphen."""
    return re.sub(r"^-(?=[\d.])", "−", text)
