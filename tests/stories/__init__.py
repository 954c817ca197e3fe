"""Stories: the whole desk on a real database, with a clock in hand."""
