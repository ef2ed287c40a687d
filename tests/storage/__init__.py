"""The ground under the store: database, keys, migrations."""
