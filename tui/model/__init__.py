"""What the terminal shows, without the terminal: no module here imports textual."""
