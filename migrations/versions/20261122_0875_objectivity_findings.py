"""Keep the signs that tests of objectivity find, and what the tests need to know."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_objectivity_findings"
down_revision: str | None = "20261122_school_conditions"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IN_MUNICIPALITY = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
)
OWN_SCHOOL = (
    "((SELECT tenancy.school_id()) IS NULL OR school_id = (SELECT tenancy.school_id()))"
)
GAP = (
    "n_gap_2 is null or n_lower is not null"
    " and n_gap_2 between 0 and n_lower + n_higher"
)
SEEN = {
    "api.mark_boundaries": IN_MUNICIPALITY,
    "api.objectivity_limits": IN_MUNICIPALITY,
    "api.finding_explanations": f"{IN_MUNICIPALITY} AND {OWN_SCHOOL}",
    "scoring.objectivity_findings": f"{IN_MUNICIPALITY} AND {OWN_SCHOOL}",
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "assessment_results", sa.Column("n_gap_2", sa.BigInteger()), schema="api"
    )
    op.create_check_constraint(
        op.f("ck_assessment_results_journal_gap"),
        "assessment_results",
        GAP,
        schema="api",
    )
    create_tables()
    for table, condition in SEEN.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY tenant ON {table} USING ({condition})")


def create_tables() -> None:
    op.create_table('mark_boundaries',
    sa.Column('year', sa.BigInteger(), nullable=False),
    sa.Column('procedure', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('programme_grade', sa.SmallInteger(), nullable=False),
    sa.Column('from_3', sa.SmallInteger(), nullable=False),
    sa.Column('from_4', sa.SmallInteger(), nullable=False),
    sa.Column('from_5', sa.SmallInteger(), nullable=False),
    sa.Column('maximum_score', sa.SmallInteger(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('municipality_id', sa.BigInteger(), nullable=False),
    sa.Column('version', sa.BigInteger(), server_default='1', nullable=False),
    sa.Column('provenance', sa.Text(), nullable=False),
    sa.CheckConstraint('0 < from_3 and from_3 < from_4 and from_4 < from_5 and from_5 <= maximum_score and maximum_score <= 1000', name=op.f('ck_mark_boundaries_order')),
    sa.CheckConstraint('programme_grade between 1 and 12', name=op.f('ck_mark_boundaries_grade')),
    sa.ForeignKeyConstraint(['municipality_id'], ['api.municipalities.id'], name=op.f('fk_mark_boundaries_municipality_id_municipalities')),
    sa.ForeignKeyConstraint(['procedure'], ['api.procedures.code'], name=op.f('fk_mark_boundaries_procedure_procedures')),
    sa.ForeignKeyConstraint(['subject'], ['api.subjects.code'], name=op.f('fk_mark_boundaries_subject_subjects')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mark_boundaries')),
    sa.UniqueConstraint('municipality_id', 'year', 'procedure', 'subject', 'programme_grade', name='uq_mark_boundaries_paper'),
    schema='api'
    )
    op.create_table('objectivity_limits',
    sa.Column('year', sa.BigInteger(), nullable=False),
    sa.Column('area', sa.Text(), nullable=False),
    sa.Column('procedure', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('programme_grade', sa.SmallInteger(), nullable=False),
    sa.Column('measure', sa.Text(), nullable=False),
    sa.Column('low', sa.Double(), nullable=True),
    sa.Column('high', sa.Double(), nullable=True),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('municipality_id', sa.BigInteger(), nullable=False),
    sa.Column('version', sa.BigInteger(), server_default='1', nullable=False),
    sa.Column('provenance', sa.Text(), nullable=False),
    sa.CheckConstraint("area in ('municipality', 'region')", name=op.f('ck_objectivity_limits_area')),
    sa.CheckConstraint("measure in ('quality_rate', 'success_rate', 'sou', 'mean_mark', 'low_share', 'confirmed_marks')", name=op.f('ck_objectivity_limits_measure')),
    sa.CheckConstraint('num_nonnulls(low, high) > 0 and low >= 0 and high <= 100 and low <= high', name=op.f('ck_objectivity_limits_order')),
    sa.CheckConstraint('programme_grade between 1 and 12', name=op.f('ck_objectivity_limits_grade')),
    sa.ForeignKeyConstraint(['municipality_id'], ['api.municipalities.id'], name=op.f('fk_objectivity_limits_municipality_id_municipalities')),
    sa.ForeignKeyConstraint(['procedure'], ['api.procedures.code'], name=op.f('fk_objectivity_limits_procedure_procedures')),
    sa.ForeignKeyConstraint(['subject'], ['api.subjects.code'], name=op.f('fk_objectivity_limits_subject_subjects')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_objectivity_limits')),
    sa.UniqueConstraint('municipality_id', 'year', 'area', 'procedure', 'subject', 'programme_grade', 'measure', name='uq_objectivity_limits_paper'),
    schema='api'
    )
    op.create_table('finding_explanations',
    sa.Column('year', sa.BigInteger(), nullable=False),
    sa.Column('test', sa.Text(), nullable=False),
    sa.Column('procedure', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('programme_grade', sa.SmallInteger(), nullable=False),
    sa.Column('explanation', sa.Text(), nullable=False),
    sa.Column('explained_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('school_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('municipality_id', sa.BigInteger(), nullable=False),
    sa.Column('version', sa.BigInteger(), server_default='1', nullable=False),
    sa.Column('provenance', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['municipality_id', 'school_id'], ['api.schools.municipality_id', 'api.schools.id'], name=op.f('fk_finding_explanations_municipality_id_school_id_schools')),
    sa.ForeignKeyConstraint(['municipality_id'], ['api.municipalities.id'], name=op.f('fk_finding_explanations_municipality_id_municipalities')),
    sa.ForeignKeyConstraint(['procedure'], ['api.procedures.code'], name=op.f('fk_finding_explanations_procedure_procedures')),
    sa.ForeignKeyConstraint(['subject'], ['api.subjects.code'], name=op.f('fk_finding_explanations_subject_subjects')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_finding_explanations')),
    sa.UniqueConstraint('school_id', 'year', 'test', 'procedure', 'subject', 'programme_grade', name='uq_finding_explanations_finding'),
    schema='api'
    )
    op.create_table('objectivity_findings',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('run_id', sa.BigInteger(), nullable=False),
    sa.Column('municipality_id', sa.BigInteger(), nullable=False),
    sa.Column('school_id', sa.BigInteger(), nullable=False),
    sa.Column('test', sa.Text(), nullable=False),
    sa.Column('procedure', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('programme_grade', sa.BigInteger(), nullable=False),
    sa.Column('pupil_grade', sa.BigInteger(), nullable=False),
    sa.Column('mark', sa.BigInteger(), nullable=True),
    sa.Column('measure', sa.Text(), nullable=True),
    sa.Column('n', sa.BigInteger(), nullable=False),
    sa.Column('n_reference', sa.BigInteger(), nullable=True),
    sa.Column('figure', sa.Double(), nullable=True),
    sa.Column('reference', sa.Double(), nullable=True),
    sa.Column('p_value', sa.Double(), nullable=True),
    sa.Column('tests', sa.BigInteger(), nullable=False),
    sa.Column('adjusted_p', sa.Double(), nullable=True),
    sa.Column('verdict', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('detail', postgresql.JSONB(), nullable=False),
    sa.CheckConstraint("(verdict = 'not_assessable') = (reason is not null)", name=op.f('ck_objectivity_findings_reason')),
    sa.CheckConstraint("verdict in ('sign', 'no_sign', 'limited', 'not_assessable')", name=op.f('ck_objectivity_findings_verdict')),
    sa.ForeignKeyConstraint(['run_id'], ['scoring.runs.id'], name=op.f('fk_objectivity_findings_run_id_runs')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_objectivity_findings')),
    sa.UniqueConstraint('run_id', 'school_id', 'test', 'procedure', 'subject', 'programme_grade', 'pupil_grade', 'mark', 'measure', name='uq_objectivity_findings_key', postgresql_nulls_not_distinct=True),
    schema='scoring'
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(SEEN):
        op.execute(f"DROP TABLE {table}")
    op.drop_constraint(
        op.f("ck_assessment_results_journal_gap"),
        "assessment_results",
        schema="api",
        type_="check",
    )
    op.drop_column("assessment_results", "n_gap_2", schema="api")
