"""Questions about campaigns."""

from __future__ import annotations

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from domain.campaigns.models import Campaign
from domain.database import folded
from domain.errors import NotFound
from domain.messages import say
from domain.types import code, fold


def campaign_list() -> Select[Campaign]:
    """All campaigns in number order."""
    return select(Campaign).order_by(Campaign.no)


def find_campaign(session: Session, text: str) -> Campaign | None:
    """The campaign with this number, else the only one with this description (case ignored)."""
    if not text.strip() or "\x00" in text:
        return None
    by_no = session.scalar(select(Campaign).where(Campaign.no == code(text)))
    if by_no is not None:
        return by_no
    found = session.scalars(select(Campaign).where(folded(Campaign.description) == fold(text.strip())).limit(2)).all()
    return found[0] if len(found) == 1 else None


def get_campaign(session: Session, no: str) -> Campaign:
    """The campaign with this number. Raises `NotFound`."""
    campaign = session.scalar(select(Campaign).where(Campaign.no == code(no))) if "\x00" not in no else None
    if campaign is None:
        raise NotFound(say("There is no campaign %(no)s.", no=no[:50]))
    return campaign


def look_up_campaigns(session: Session, text: str, limit: int = 20) -> list[Campaign]:
    """Campaigns whose number begins with the text or whose description contains it, in number order."""
    typed = text.replace("\x00", "").strip()[:100]
    fitting = or_(
        Campaign.no.startswith(code(typed), autoescape=True),
        folded(Campaign.description).contains(fold(typed), autoescape=True),
    )
    return list(session.scalars(campaign_list().where(fitting).limit(limit)))
