"""The outside, on loopback: services that verify what they get and answer as they are told."""
