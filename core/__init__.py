"""The business: entities, states, rules, use cases. Synchronous, no I/O but the Store it is given."""
