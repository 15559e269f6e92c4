"""`python -m bench [letters] [print_file] [segments] [pages] [criteria] [interactions] [replies] [--contacts 100000] [--database URL]`: runs and prints ratios in one run."""

from __future__ import annotations

import argparse
import os
import sys

from bench.criteria import bench_criteria
from bench.data import database, fill
from bench.interactions import bench_interactions
from bench.letters import bench_letters
from bench.measure import Figures
from bench.pages import bench_pages
from bench.print_file import bench_print_file
from bench.replies import bench_replies
from bench.segments import bench_segments


def main() -> int:
    """Prints every figure with its target; the exit code says whether all were reached."""
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument(
        "what", nargs="*", default=["letters", "print_file", "segments", "pages", "criteria", "interactions", "replies"]
    )
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--plans", action="store_true", help="print the query plans of criteria and of the log")
    parser.add_argument("--database", default=os.environ.get("DATABASE_URL", "sqlite"))
    chosen = parser.parse_args()
    figures = Figures()
    if "letters" in chosen.what:
        bench_letters(figures)
    if "print_file" in chosen.what:
        bench_print_file(figures)
    if {"segments", "pages", "criteria", "interactions", "replies"}.isdisjoint(chosen.what):
        return 1 if figures.missed else 0
    with database(chosen.database) as (url, engine):
        print(f"{engine.dialect.name}, {chosen.contacts:,} contacts", flush=True)
        facts = fill(engine, chosen.contacts)
        if "segments" in chosen.what:
            bench_segments(engine, facts, chosen.contacts, figures)
        if "pages" in chosen.what:
            bench_pages(url, engine, facts, chosen.contacts, figures)
        if "criteria" in chosen.what:
            bench_criteria(engine, facts, chosen.contacts, figures, plans=chosen.plans)
        if "interactions" in chosen.what:
            bench_interactions(url, engine, chosen.contacts, figures, plans=chosen.plans)
        if "replies" in chosen.what:
            bench_replies(engine, chosen.contacts, figures, plans=chosen.plans)
    return 1 if figures.missed else 0


if __name__ == "__main__":
    sys.exit(main())
