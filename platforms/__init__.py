"""Where orders come from and numbers go back."""
