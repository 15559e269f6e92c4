"""Tasks of the demo: for every salesperson something of today, late, to come or done."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.demo.making import Demo, demo_day
from domain.messages import say
from domain.tasks.models import MEETING, PHONE_CALL
from domain.tasks.tasks import close_task, create_task

# salesperson, contact, days from today, type, priority, campaign (its place), description
TASKS = (
    ("AH", "Gunvor Östergren", 0, PHONE_CALL, "normal", 0, say("Ask whether the spring catalogue came")),
    ("AH", "Sixten Norrskär", -3, "", "high", None, say("The letter came back: find the new address")),
    ("JP", "Imogen Harbour", 0, PHONE_CALL, "high", 2, say("Call about the survey")),
    ("JP", "Conrad Thackray", 2, PHONE_CALL, "normal", None, say("Call again: nobody answered")),
    ("JP", "Owen Tremblett", -1, "", "normal", None, say("Send the price list")),
    ("LC", None, 5, MEETING, "normal", 1, say("Prepare the open house")),
    ("TB", None, 1, "", "low", None, say("Look through the contacts without language")),
)


def create_demo_tasks(session: Session, demo: Demo) -> None:
    """Seven open tasks and a closed one, marked as demo."""
    for salesperson, contact, days, kind, priority, campaign, description in TASKS:
        task = create_task(
            session,
            description=demo.by.write(description),
            type=kind,
            date=demo.by.today if days == 0 else demo.day(days),
            priority=priority,
            contact_id=demo.contacts[contact].id if contact else None,
            salesperson_id=demo.salespeople[salesperson].id,
            campaign_id=demo.campaigns[campaign].id if campaign is not None else None,
            by=demo_day(demo.by, min(days, 0)),
        )
        task.is_demo = True
    done = create_task(
        session,
        description=demo.by.write(say("Thank for the order")),
        date=demo.day(-10),
        contact_id=demo.contacts["Harriet MacKinley"].id,
        salesperson_id=demo.salespeople["JP"].id,
        by=demo_day(demo.by, -12),
    )
    done.is_demo = True
    close_task(session, done, by=demo_day(demo.by, -10))
    session.flush()
