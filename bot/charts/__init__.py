"""Pictures of figures, drawn beside the process (`making`) with our own Chinese font."""
