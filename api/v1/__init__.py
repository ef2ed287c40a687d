"""Version 1 of what programs of shops read and do: a module per noun, all through `api.door`."""
