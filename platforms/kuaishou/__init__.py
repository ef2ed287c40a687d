"""快手小店: its signing, its words, its calls, its messages: known nowhere else in the house."""
