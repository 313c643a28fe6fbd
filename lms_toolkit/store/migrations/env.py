"""Run by Alembic, on the connection and in the transaction that `lms_toolkit.store.upgrading` gives it."""

from alembic import context

from lms_toolkit.store.schema import metadata
from lms_toolkit.store.upgrading import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    # SQLite can change a column only by rebuilding its table; Alembic's batch mode does that.
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
