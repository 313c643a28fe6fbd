"""The history of the store's tables, one Alembic revision a file; `lms_toolkit.store.upgrading` runs it."""
