"""Use cases on a temporary SQLite file, without any chat."""
