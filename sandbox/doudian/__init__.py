"""抖店: its gateway on loopback, as its wire page describes it."""
