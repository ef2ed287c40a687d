"""Moving a SQLite installation into a PostgreSQL database: once, whole, and shown to be whole."""
