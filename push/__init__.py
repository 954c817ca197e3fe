"""The wires: how a message leaves the desk."""
