"""The business: entities, states, rules, use cases. Synchronous; its only I/O is the Store."""
