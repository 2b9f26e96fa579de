"""Puts the features together into one application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from services.api.access.administration.routes import router as accounts
from services.api.access.api_tokens.routes import router as api_tokens
from services.api.access.invitations.routes import router as invitations
from services.api.access.oidc.routes import door as oidc_door
from services.api.access.oidc.routes import router as identities
from services.api.access.programs import router as programs
from services.api.access.reviews.routes import router as access_reviews
from services.api.access.routes import router as access
from services.api.audit.routes import router as audit
from services.api.background import background
from services.api.calendars.routes import router as calendars
from services.api.changes.routes import router as changes
from services.api.changes.snapshot_routes import router as snapshots
from services.api.conditions.routes import router as conditions
from services.api.contact_confirmations.routes import router as contact_confirmations
from services.api.deliveries.attempt_routes import router as delivery_attempts
from services.api.deliveries.bounce_routes import router as bounces
from services.api.deliveries.channel_routes import router as reminder_channels
from services.api.deliveries.routes import router as deliveries
from services.api.deliveries.school_channel_routes import (
    router as school_reminder_channels,
)
from services.api.deliveries.template_routes import router as reminder_templates
from services.api.exchange.rotation_routes import router as exchange_secrets
from services.api.exchange.routes import router as exchange
from services.api.exports.routes import router as exports
from services.api.feed import feeding
from services.api.feeds.routes import router as feeds
from services.api.health.routes import router as health
from services.api.http.dispatch import Dispatch, operations_of
from services.api.http.errands import errands
from services.api.http.errors import HANDLERS
from services.api.http.inbox_bells import inbox_bells
from services.api.http.layers import add_layers
from services.api.http.openapi import DocumentedApi
from services.api.http.state import ApiState
from services.api.http.traffic import traffic_of
from services.api.identification.check_routes import router as identification_checks
from services.api.identification.decision_routes import (
    router as identification_decisions,
)
from services.api.identification.joint_routes import (
    router as joint_identification,
)
from services.api.identification.routes import router as identification
from services.api.identity.provider import identity_provider
from services.api.imports.after_routes import router as after_imports
from services.api.imports.routes import router as imports
from services.api.inbox.routes import router as inbox
from services.api.indicators.routes import router as indicators
from services.api.leftovers import SweepMetrics
from services.api.matching.routes import router as matching
from services.api.mentoring.routes import router as mentoring
from services.api.methods.draft_routes import router as method_drafts
from services.api.methods.life_routes import router as methods_life
from services.api.methods.period_routes import router as method_periods
from services.api.methods.routes import router as methods
from services.api.metrics.routes import router as metrics
from services.api.objectivity.finding_routes import router as objectivity_findings
from services.api.objectivity.routes import router as objectivity
from services.api.oneroster.gradebook_routes import router as oneroster_gradebook
from services.api.oneroster.refusals import speaking_oneroster
from services.api.oneroster.routes import router as oneroster_rostering
from services.api.organisations.routes import router as organisations
from services.api.organisations.school_routes import router as school_writing
from services.api.organisations.territory_routes import router as territories
from services.api.plan_imports.routes import router as plan_imports
from services.api.programme_reports.frozen_routes import router as frozen_reports
from services.api.programme_reports.routes import router as programme_reports
from services.api.programmes.amendment_routes import router as amendments
from services.api.programmes.evidence_routes import router as evidence
from services.api.programmes.routes import router as programmes
from services.api.programmes.target_routes import router as target_ranges
from services.api.public.routes import router as public
from services.api.rankings.comparison_routes import router as ranking_comparisons
from services.api.rankings.publication_routes import router as publications
from services.api.rankings.routes import router as rankings
from services.api.rankings.score_routes import router as ranking_scores
from services.api.recommendations.routes import router as recommendations
from services.api.records.routes import router as records
from services.api.reminders.link_routes import router as reminder_links
from services.api.reminders.region_routes import router as regional_reminder_rules
from services.api.reminders.routes import router as own_reminders
from services.api.reminders.rule_routes import router as reminder_rules
from services.api.reminders.unsubscribe_routes import router as unsubscribe_links
from services.api.reorganisations.routes import router as reorganisations
from services.api.results.known_routes import router as known_results
from services.api.results.routes import router as results
from services.api.roadmaps.demand_routes import router as demands
from services.api.roadmaps.execution_routes import router as executions
from services.api.roadmaps.routes import router as roadmaps
from services.api.roadmaps.submission_routes import router as submissions
from services.api.roadmaps.undated_routes import router as undated_deadlines
from services.api.sandbox.routes import router as sandbox
from services.api.school_programmes.routes import router as school_programmes
from services.api.tandems.routes import router as tandems
from services.api.teachers.routes import router as teachers
from services.api.timeline.routes import router as timeline
from services.api.usage.flushing import written_usage
from services.api.usage.routes import router as usage
from services.api.webhooks.log_routes import router as webhook_log
from services.api.webhooks.routes import router as webhooks
from services.api.years.municipality_routes import router as municipality_years
from services.api.years.routes import router as years
from shared.persistence.engine import create_engine
from shared.persistence.reading import reading_pool
from shared.runtime.file_store import open_file_store
from shared.runtime.queue import ArqQueue
from shared.runtime.settings import ApiSettings

ROUTERS = (
    access,
    access_reviews,
    after_imports,
    amendments,
    accounts,
    api_tokens,
    audit,
    demands,
    calendars,
    contact_confirmations,
    programs,
    bounces,
    deliveries,
    delivery_attempts,
    school_reminder_channels,
    changes,
    snapshots,
    evidence,
    executions,
    exchange,
    exchange_secrets,
    exports,
    feeds,
    health,
    identities,
    imports,
    inbox,
    indicators,
    invitations,
    matching,
    mentoring,
    method_drafts,
    method_periods,
    methods,
    methods_life,
    metrics,
    objectivity,
    objectivity_findings,
    oidc_door,
    oneroster_gradebook,
    oneroster_rostering,
    organisations,
    plan_imports,
    programmes,
    programme_reports,
    frozen_reports,
    public,
    # Before the runs, whose numbers stand in the same place.
    ranking_comparisons,
    rankings,
    reminder_channels,
    reminder_templates,
    ranking_scores,
    identification,
    identification_decisions,
    identification_checks,
    joint_identification,
    conditions,
    publications,
    recommendations,
    records,
    own_reminders,
    reminder_links,
    unsubscribe_links,
    reminder_rules,
    regional_reminder_rules,
    undated_deadlines,
    reorganisations,
    results,
    known_results,
    roadmaps,
    sandbox,
    school_writing,
    submissions,
    target_ranges,
    school_programmes,
    tandems,
    teachers,
    territories,
    timeline,
    usage,
    municipality_years,
    years,
    webhooks,
    webhook_log,
)

DESCRIPTION = """\
Back end of a programme that raises the quality of education in weak schools: results,
rankings, mentoring agreements, roadmaps and their deadlines.

Sign in with `POST /v1/tokens`. Errors are RFC 9457 problems, in Russian or English by
`Accept-Language`; `GET /v1/problems` lists them all. Answers built on generated data
carry `"synthetic": true`.
"""


def create_app(settings: ApiSettings) -> FastAPI:
    """Return the application; it connects when it is started, not before."""
    requests = CollectorRegistry()
    swept = SweepMetrics(requests)
    routes = operations_of(ROUTERS)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        engine = create_engine(settings.database_url, "api")
        queue = ArqQueue(settings.redis_url)
        files = open_file_store(settings.data_dir / "files", settings.s3)
        async with (
            feeding(engine) as feed,
            background(engine, queue, feed, files, swept) as relay,
            errands() as begun,
            reading_pool(engine, "api") as reads,
            identity_provider(settings.oidc) as identity,
            inbox_bells(engine) as bells,
            traffic_of(settings, routes) as traffic,
            written_usage(engine, traffic.usage),
        ):
            app.state.api = ApiState(
                settings,
                engine,
                queue,
                relay,
                begun,
                reads,
                identity,
                files,
                requests,
                bells,
                feed,
                traffic,
            )
            yield
        await queue.close()
        await engine.dispose()

    app = DocumentedApi(
        title="Podyom",
        version="0.1.0",
        description=DESCRIPTION,
        lifespan=lifespan,
        exception_handlers=speaking_oneroster(HANDLERS),
        redoc_url=None,
        # The framework's own would tell addresses and what was wrong with data.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.router.routes[:0] = [Dispatch(routes), *routes]
    add_layers(app, requests)
    return app
