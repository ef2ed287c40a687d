"""What people and platforms write, understood: pure, no store, no words for people."""
