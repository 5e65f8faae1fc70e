"""The page of the benchmarks is what the last run came to, and that run met what is promised."""

import json

from benchmarks.report import GENERATED, LAST, page
from conftest import ROOT

LAST_RUN = json.loads(LAST.read_text(encoding="utf-8"))


def test_the_page_is_what_the_last_run_came_to():
    assert (ROOT / GENERATED).read_text(encoding="utf-8") == page(), (
        f"{GENERATED}:1: a program writes this page, and would write another one; type: python tests/benchmarks"
    )


def test_every_page_was_light():
    for name, counts in LAST_RUN["weight"]["pages"].items():
        assert counts["bytes"] <= 60_000 and counts["requests"] <= 6, f"{name}: {counts}"


def test_the_first_paint_is_no_later_than_a_tenth_after_furo():
    paint = LAST_RUN["paint"]
    assert paint["this site"]["paint"] <= 1.1 * paint["Furo"]["paint"] and paint["this site"]["shift"] == 0


def test_nginx_made_no_error():
    assert LAST_RUN["load"]["this site"]["errors"] == LAST_RUN["load"]["this site"]["bad"] == 0


def test_a_second_answer_came_within_half_a_second():
    for name, (_, second) in LAST_RUN["answers"].items():
        assert second <= 0.5, f"{name}: {second} s"
