"""The two answers to a header change (A2) as background work, for segments with very many lines."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.database import writing
from domain.jobs.kinds import work_of_kind
from domain.jobs.models import Job
from domain.jobs.queue import Running, queue_job
from domain.messages import Message, say, say_n
from domain.segments.header import count_lines
from domain.segments.header_answers import Kept, get_change, keep_lines, replace_lines
from domain.segments.models import Segment
from domain.segments.queries import get_open_segment

KIND = "answer header change"
KEEP, REPLACE = "keep", "replace"
IN_BACKGROUND = 20_000


def is_long_work(session: Session, segment: Segment) -> bool:
    """Whether the segment has so many lines that the answer is better given in the background."""
    return count_lines(session, segment) > IN_BACKGROUND


def queue_answer(session: Session, segment: Segment, token: str, answer: str, *, by: Actor) -> Job:
    """Puts *keep* or *replace* into the list of background work.

    Raises `Forbidden`, and `RuleViolation` when the field has changed again.
    """
    by.must_be_allowed("edit segments")
    get_change(session, segment, token)
    title = (
        say("Lines of segment %(no)s keep the value they had", no=segment.no)
        if answer == KEEP
        else say("Replace own values in segment %(no)s", no=segment.no)
    )
    arguments = {"segment_no": segment.no, "token": token, "answer": answer}
    return queue_job(session, KIND, arguments, title=by.write(title), by=by)


@work_of_kind(KIND)
def answer_in_background(running: Running) -> None:
    """One UPDATE and the end of the job in one transaction: all lines or none. Refusals are shown on the job."""
    no, token = running.arguments["segment_no"], running.arguments["token"]
    with running.open_session() as session:
        lines = count_lines(session, get_open_segment(session, no))
    running.progress(0, lines)
    with running.open_session() as session, writing(session):
        segment = get_open_segment(session, no)
        if running.arguments["answer"] == KEEP:
            sentences = kept_sentences(keep_lines(session, segment, token, by=running.actor))
        else:
            sentences = [replaced_sentence(replace_lines(session, segment, token, by=running.actor))]
        text = " ".join(running.actor.write(one) for one in sentences)
        running.finish(session, {"segment_no": no, "text": text})


def kept_sentences(kept: Kept) -> list[Message]:
    """What *Lines keep the value they had* did."""
    sentences = [say_n("%(num)s line keeps the value it had.", "%(num)s lines keep the value they had.", kept.kept)]
    if kept.without_value:
        sentences.append(
            say_n("%(num)s line had none and follows.", "%(num)s lines had none and follow.", kept.without_value)
        )
    return sentences


def replaced_sentence(n: int) -> Message:
    """What *Replace the n own values* did."""
    return say_n("%(num)s own value was replaced.", "%(num)s own values were replaced.", n)
