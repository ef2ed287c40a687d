"""Orders handed out: selected, by rule, split, beside the order; taken back."""
