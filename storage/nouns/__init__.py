"""The answers of the Store, one module per noun of `core.ports`."""
