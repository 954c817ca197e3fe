"""What screens and programs read of tickets and escalations, each through the reader's sight."""
