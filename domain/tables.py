"""Every table of the product, for migrations and for `Base.metadata.create_all`."""

from domain.accounts import models as accounts
from domain.campaigns import models as campaigns
from domain.contacts import models as contacts
from domain.database import Base
from domain.documents import models as documents
from domain.interaction_templates import models as interaction_templates
from domain.interactions import draft_models as interaction_drafts
from domain.interactions import models as interactions
from domain.interactions import reply_models as replies
from domain.jobs import models as jobs
from domain.segments import models as segments
from domain.segments import saved_criteria_models as saved_criteria
from domain.segments import step_models as segment_steps
from domain.setup import changes
from domain.setup import models as setup
from domain.tasks import models as tasks

ROOMS = (
    setup,
    accounts,
    jobs,
    documents,
    contacts,
    campaigns,
    interaction_templates,
    interactions,
    interaction_drafts,
    replies,
    segments,
    segment_steps,
    saved_criteria,
    tasks,
)
metadata = Base.metadata
assert changes  # watches the tables of the setup
