"""Where everything is kept: the only SQL, the outbox, encryption, migrations."""
