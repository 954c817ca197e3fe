"""Handover at the end of a shift: all that somebody holds is offered to one person, who accepts one by one or all."""
