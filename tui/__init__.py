"""The floor terminal: the desk at the speed of a keyboard."""
