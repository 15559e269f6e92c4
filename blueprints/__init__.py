"""HTTP: parse, ask the domain, render. No rules and no SQL here."""

from __future__ import annotations

from flask import Flask

from blueprints.accounts import first_run, health, own_settings, sign_in, users, work_date
from blueprints.campaigns import campaign_entries, campaigns
from blueprints.contacts import alt_addresses, contacts, quick_log
from blueprints.contacts import codes as contact_codes
from blueprints.contacts import imports as contact_imports
from blueprints.contacts import names as contact_names
from blueprints.contacts import profiles as contact_profiles
from blueprints.contacts import segments as contact_segments
from blueprints.home import home, search
from blueprints.interaction_templates import documents as template_documents
from blueprints.interaction_templates import groups as interaction_groups
from blueprints.interaction_templates import languages as template_languages
from blueprints.interaction_templates import template_setup
from blueprints.interaction_templates import templates as interaction_templates
from blueprints.interactions import (
    calls,
    canceled_segments,
    entry_actions,
    interaction_log,
    log_views,
    logged_segments,
    new_interaction,
    postponed,
    reply_desk,
    reply_paste,
    statistics,
)
from blueprints.jobs import jobs
from blueprints.segments import (
    chosen_lines,
    factbox,
    letter_files,
    line_letters,
    save_criteria,
    saved_criteria,
    segment_criteria,
    segment_export,
    segment_languages,
    segment_lines,
    segment_log,
    segment_mailing_group,
    segment_number,
    segment_overlap,
    segment_paste,
    segment_pins,
    segment_reuse,
    segment_steps,
    segment_why,
    segments,
)
from blueprints.setup import (
    classification,
    company_information,
    countries,
    demo,
    languages,
    marketing_setup,
    number_series,
    overview,
    questionnaire_lines,
    questionnaires,
    salespeople,
    salutations,
)
from blueprints.tasks import closing as task_closing
from blueprints.tasks import many as many_tasks
from blueprints.tasks import segment_tasks, tasks


def register_blueprints(app: Flask) -> None:
    """Every resource of the application, one line each, in alphabetical order."""
    app.register_blueprint(alt_addresses.bp)
    app.register_blueprint(calls.bp)
    app.register_blueprint(campaign_entries.bp)
    app.register_blueprint(campaigns.bp)
    app.register_blueprint(canceled_segments.bp)
    app.register_blueprint(chosen_lines.bp)
    for codes in classification.BLUEPRINTS:
        app.register_blueprint(codes)
    app.register_blueprint(company_information.bp)
    app.register_blueprint(contact_codes.bp)
    app.register_blueprint(contact_imports.bp)
    app.register_blueprint(contact_names.bp)
    app.register_blueprint(contact_profiles.bp)
    app.register_blueprint(contact_segments.bp)
    app.register_blueprint(contacts.bp)
    app.register_blueprint(countries.bp)
    app.register_blueprint(demo.bp)
    app.register_blueprint(entry_actions.bp)
    app.register_blueprint(factbox.bp)
    app.register_blueprint(first_run.bp)
    app.register_blueprint(health.bp)
    app.register_blueprint(home.bp)
    app.register_blueprint(interaction_groups.bp)
    app.register_blueprint(interaction_log.bp)
    app.register_blueprint(interaction_templates.bp)
    app.register_blueprint(jobs.bp)
    app.register_blueprint(languages.bp)
    app.register_blueprint(letter_files.bp)
    app.register_blueprint(line_letters.bp)
    app.register_blueprint(log_views.bp)
    app.register_blueprint(logged_segments.bp)
    app.register_blueprint(marketing_setup.bp)
    app.register_blueprint(new_interaction.bp)
    app.register_blueprint(number_series.bp)
    app.register_blueprint(overview.bp)
    app.register_blueprint(own_settings.bp)
    app.register_blueprint(postponed.bp)
    app.register_blueprint(questionnaire_lines.bp)
    app.register_blueprint(questionnaires.bp)
    app.register_blueprint(quick_log.bp)
    app.register_blueprint(reply_desk.bp)
    app.register_blueprint(reply_paste.bp)
    app.register_blueprint(salespeople.bp)
    app.register_blueprint(salutations.bp)
    app.register_blueprint(save_criteria.bp)
    app.register_blueprint(saved_criteria.bp)
    app.register_blueprint(search.bp)
    app.register_blueprint(segment_criteria.bp)
    app.register_blueprint(segment_export.bp)
    app.register_blueprint(segment_languages.bp)
    app.register_blueprint(segment_lines.bp)
    app.register_blueprint(segment_log.bp)
    app.register_blueprint(segment_mailing_group.bp)
    app.register_blueprint(segment_number.bp)
    app.register_blueprint(segment_overlap.bp)
    app.register_blueprint(segment_paste.bp)
    app.register_blueprint(segment_pins.bp)
    app.register_blueprint(segment_reuse.bp)
    app.register_blueprint(segment_steps.bp)
    app.register_blueprint(segment_tasks.bp)
    app.register_blueprint(segment_why.bp)
    app.register_blueprint(segments.bp)
    app.register_blueprint(sign_in.bp)
    app.register_blueprint(statistics.bp)
    app.register_blueprint(task_closing.bp)
    app.register_blueprint(many_tasks.bp)
    app.register_blueprint(tasks.bp)
    app.register_blueprint(template_documents.bp)
    app.register_blueprint(template_languages.bp)
    app.register_blueprint(template_setup.bp)
    app.register_blueprint(users.bp)
    app.register_blueprint(work_date.bp)
