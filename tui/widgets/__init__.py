"""What is painted: each widget paints lines of the model, and decides nothing."""
