"""The machine: streams, commands, deadlines, notices. It knows no word of the domain."""
