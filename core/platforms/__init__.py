"""平台: shops linked to the platforms they sell on; orders come in, numbers go back."""
