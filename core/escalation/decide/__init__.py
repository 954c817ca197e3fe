"""What commands do to an escalation: pure. Refusals come in the order of 7-transitions.md."""
