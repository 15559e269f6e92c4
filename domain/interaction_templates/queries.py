"""Questions about interaction groups and templates."""

from __future__ import annotations

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from domain.contacts.models import CORRESPONDENCE_TYPES
from domain.database import folded
from domain.errors import NotFound
from domain.interaction_templates.models import InteractionGroup, InteractionTemplate, InteractionTemplateLanguage
from domain.messages import say
from domain.setup.models import Language, MarketingSetup
from domain.types import code, fold


def group_list() -> Select[InteractionGroup]:
    """All interaction groups in code order."""
    return select(InteractionGroup).order_by(InteractionGroup.code)


def find_group(session: Session, text: str) -> InteractionGroup | None:
    """The interaction group with this code."""
    if "\x00" in text:
        return None
    return session.scalar(select(InteractionGroup).where(InteractionGroup.code == code(text)))


def get_group(session: Session, text: str) -> InteractionGroup:
    """As `find_group`. Raises `NotFound`."""
    group = find_group(session, text)
    if group is None:
        raise NotFound(say("There is no interaction group %(code)s.", code=code(text)[:30]))
    return group


def template_counts(session: Session) -> dict[int, int]:
    """How many interaction templates each group has, by group id."""
    rows = select(InteractionTemplate.group_id, func.count()).group_by(InteractionTemplate.group_id)
    return dict(session.execute(rows).all())


def template_list(*, search: str = "", group: InteractionGroup | None = None) -> Select[InteractionTemplate]:
    """Interaction templates in code order, with group and languages; those whose code or description has every word."""
    templates = (
        select(InteractionTemplate)
        .options(
            joinedload(InteractionTemplate.group),
            joinedload(InteractionTemplate.language),
            selectinload(InteractionTemplate.languages).joinedload(InteractionTemplateLanguage.language),
            selectinload(InteractionTemplate.languages).joinedload(InteractionTemplateLanguage.document),
        )
        .order_by(InteractionTemplate.code)
    )
    if group is not None:
        templates = templates.where(InteractionTemplate.group_id == group.id)
    for word in fold(search).replace("\x00", "").split()[:10]:
        part = word[:100]
        templates = templates.where(
            or_(
                folded(InteractionTemplate.code).contains(part, autoescape=True),
                folded(InteractionTemplate.description).contains(part, autoescape=True),
            )
        )
    return templates


def find_template(session: Session, text: str) -> InteractionTemplate | None:
    """The interaction template with this code."""
    if "\x00" in text:
        return None
    return session.scalar(select(InteractionTemplate).where(InteractionTemplate.code == code(text)))


def look_up_templates(session: Session, text: str, limit: int = 20) -> list[InteractionTemplate]:
    """Templates whose code begins with the text or whose description contains it, in code order."""
    typed = text.replace("\x00", "").strip()[:100]
    fitting = or_(
        InteractionTemplate.code.startswith(code(typed), autoescape=True),
        folded(InteractionTemplate.description).contains(fold(typed), autoescape=True),
    )
    found = select(InteractionTemplate).where(fitting).order_by(InteractionTemplate.code).limit(limit)
    return list(session.scalars(found))


def get_template(session: Session, text: str) -> InteractionTemplate:
    """As `find_template`. Raises `NotFound`."""
    template = find_template(session, text)
    if template is None:
        raise NotFound(say("There is no interaction template %(code)s.", code=code(text)[:30]))
    return template


def template_languages(template: InteractionTemplate) -> list[InteractionTemplateLanguage]:
    """The language rows of a template in the order of their codes."""
    return sorted(template.languages, key=lambda row: row.language.code)


def find_template_language(template: InteractionTemplate, text: str) -> InteractionTemplateLanguage | None:
    """The language row with this language code."""
    return next((row for row in template.languages if row.language.code == code(text)), None)


def get_template_language(template: InteractionTemplate, text: str) -> InteractionTemplateLanguage:
    """As `find_template_language`. Raises `NotFound`."""
    row = find_template_language(template, text)
    if row is None:
        raise NotFound(
            say(
                "The interaction template %(template)s has no language %(language)s.",
                template=template.code,
                language=code(text)[:30],
            )
        )
    return row


def default_language_row(template: InteractionTemplate) -> InteractionTemplateLanguage | None:
    """The language row of the default language (R-T04)."""
    return next((row for row in template.languages if row.language_id == template.language_id), None)


def missing_languages(session: Session, template: InteractionTemplate) -> list[Language]:
    """The languages the template has no row for, in code order."""
    has = {row.language_id for row in template.languages}
    return [one for one in session.scalars(select(Language).order_by(Language.code)) if one.id not in has]


def correspondence_types(session: Session, *, kept: str = "", fax: bool | None = None) -> tuple[str, ...]:
    """The correspondence types to choose from: fax only if Marketing setup switches it on, or it is `kept` (B14).

    `fax`: what Marketing setup says, when that is known already.
    """
    if fax is None:
        setup = session.get(MarketingSetup, 1)
        fax = bool(setup and setup.fax_enabled)
    with_fax = fax or kept == "fax"
    return tuple(one for one in CORRESPONDENCE_TYPES if one != "fax" or with_fax)
