"""快手小店: its gateway on loopback, as its wire page describes it."""
